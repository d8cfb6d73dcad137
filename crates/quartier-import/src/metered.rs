use std::{
    io::{self, BufRead, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// How far reading has come, in the unit of [`crate::Expected`]; can be watched from another thread.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    pub fn done(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn set(&self, done: u64) {
        self.0.store(done, Ordering::Relaxed);
    }
}

/// A reader that counts, and that refuses to go on when one object takes too many bytes.
#[derive(Debug)]
pub(crate) struct Metered<R> {
    inner: R,
    meter: Meter,
}

#[derive(Debug, Clone)]
pub(crate) struct Meter {
    read: Progress,
    /// Where the object ends that would be too large.
    end: Progress,
    limit: u64,
}

impl Meter {
    pub(crate) fn new(read: Progress, limit: u64) -> Self {
        let meter = Self { read, end: Progress::default(), limit };
        meter.next_object();
        meter
    }

    /// Starts the count for one object anew.
    pub(crate) fn next_object(&self) {
        self.end.set(self.read.done().saturating_add(self.limit));
    }

    /// Bytes from here on are not counted as one object: nothing keeps them.
    pub(crate) fn lift(&self) {
        self.end.set(u64::MAX);
    }

    fn take(&self, bytes: u64) -> io::Result<()> {
        let read = self.read.done() + bytes;
        self.read.set(read);
        if read > self.end.done() {
            let limit = self.limit;
            return Err(io::Error::other(format!("one object has more than {limit} bytes")));
        }
        Ok(())
    }
}

impl<R> Metered<R> {
    pub(crate) fn new(inner: R, meter: Meter) -> Self {
        Self { inner, meter }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter.take(count as u64)?;
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.meter.take(0)?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.inner.consume(count);
        // What is over the limit is refused at the next `fill_buf`: this function cannot fail.
        let _ = self.meter.take(count as u64);
    }
}
