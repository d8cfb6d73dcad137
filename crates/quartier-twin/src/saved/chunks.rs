use std::{
    fs::File,
    io::{self, BufWriter, Write as _},
};

use xxhash_rust::xxh3::Xxh3;

/// Writes to a file, and takes the checksum of each chunk.
pub(super) struct ChunkWriter<'a> {
    file: BufWriter<&'a File>,
    written: u64,
    current: Xxh3,
    checksums: Vec<u64>,
}

impl<'a> ChunkWriter<'a> {
    /// Large enough to be read in one go, small enough to be shared out among threads that each hold one.
    pub(super) const BYTES: usize = 4 << 20;

    /// Small sections are gathered to so many bytes.
    const BUFFER_BYTES: usize = 1 << 20;

    pub(super) fn new(file: &'a File) -> Self {
        let file = BufWriter::with_capacity(Self::BUFFER_BYTES, file);
        Self { file, written: 0, current: Xxh3::new(), checksums: Vec::new() }
    }

    pub(super) fn written(&self) -> u64 {
        self.written
    }

    pub(super) fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let room = Self::BYTES - (self.written % Self::BYTES as u64) as usize;
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.file.write_all(now)?;
            self.current.update(now);
            self.written += now.len() as u64;
            bytes = later;
            if now.len() == room {
                self.close_chunk();
            }
        }
        Ok(())
    }

    /// How much was written, and the checksums of its chunks.
    pub(super) fn finish(mut self) -> io::Result<(u64, Vec<u64>)> {
        if !self.written.is_multiple_of(Self::BYTES as u64) {
            self.close_chunk();
        }
        self.file.flush()?;
        Ok((self.written, self.checksums))
    }

    fn close_chunk(&mut self) {
        self.checksums.push(self.current.digest());
        self.current.reset();
    }
}
