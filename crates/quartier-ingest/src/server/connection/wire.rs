use std::{
    cell::Cell,
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use mqtt_protocol_core::mqtt::{
    common::Cursor,
    connection::{PacketBuildResult, PacketBuilder, RawPacket},
    result_code::MqttError,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream of packets. Holds no buffer while nothing is under way: most sensors are silent most of the time.
pub(super) struct Wire<S> {
    stream: S,
    builder: PacketBuilder,
    incoming: Vec<u8>,
    /// How much of `incoming` has been made into packets.
    taken: usize,
    outgoing: Vec<u8>,
    /// How much of `outgoing` the stream has taken.
    written: usize,
    unflushed: bool,
}

/// One read from a socket.
const READ_BYTES: usize = 16 * 1024;

thread_local! {
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(stream: S, packet_bytes: u32) -> Self {
        Self {
            stream,
            builder: PacketBuilder::with_maximum_packet_size(packet_bytes),
            incoming: Vec::new(),
            taken: 0,
            outgoing: Vec::new(),
            written: 0,
            unflushed: false,
        }
    }

    pub(super) fn allow(&mut self, packet_bytes: u32) {
        self.builder.set_maximum_packet_size(packet_bytes);
    }

    /// The next packet of what has been read.
    pub(super) fn next_packet(&mut self) -> Result<Option<RawPacket>, MqttError> {
        if self.taken == self.incoming.len() {
            return Ok(None);
        }
        let mut rest = Cursor::new(&self.incoming[self.taken..]);
        let built = self.builder.feed(&mut rest);
        self.taken += rest.position() as usize;
        if self.taken == self.incoming.len() {
            self.incoming = Vec::new();
            self.taken = 0;
        }
        match built {
            PacketBuildResult::Complete(packet) => Ok(Some(packet)),
            PacketBuildResult::Incomplete => Ok(None),
            PacketBuildResult::Error(error) => Err(error),
        }
    }

    /// Reads some bytes; none means that the other side is gone. Called when all packets have been taken.
    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut scratch = SCRATCH.take();
        scratch.resize(READ_BYTES, 0);
        let mut buffer = ReadBuf::new(&mut scratch);
        let read = Pin::new(&mut self.stream).poll_read(cx, &mut buffer);
        let bytes = buffer.filled();
        let length = bytes.len();
        self.incoming.extend_from_slice(bytes);
        SCRATCH.set(scratch);
        ready!(read)?;
        Poll::Ready(Ok(length))
    }

    pub(super) fn push(&mut self, packet: &[u8]) {
        self.outgoing.extend_from_slice(packet);
    }

    /// Bytes that the stream has not taken yet.
    pub(super) fn ahead(&self) -> usize {
        self.outgoing.len() - self.written
    }

    /// Writes what the stream takes; tells how much.
    pub(super) fn poll_write(&mut self, cx: &mut Context<'_>) -> io::Result<usize> {
        let before = self.written;
        while self.written < self.outgoing.len() {
            match Pin::new(&mut self.stream).poll_write(cx, &self.outgoing[self.written..]) {
                Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(Ok(length)) => self.written += length,
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => return Ok(self.written - before),
            }
        }
        let length = self.written - before;
        self.unflushed |= length > 0;
        self.outgoing = Vec::new();
        self.written = 0;
        if self.unflushed && Pin::new(&mut self.stream).poll_flush(cx)?.is_ready() {
            self.unflushed = false;
        }
        Ok(length)
    }

    /// Waits for one packet, the first.
    pub(super) async fn first_packet(&mut self) -> Result<RawPacket, MqttError> {
        loop {
            if let Some(packet) = self.next_packet()? {
                return Ok(packet);
            }
            match poll_fn(|cx| self.poll_read(cx)).await {
                Ok(1..) => {}
                _ => return Err(MqttError::InsufficientBytes),
            }
        }
    }

    /// Writes all that is left and closes.
    pub(super) async fn close(mut self) -> io::Result<()> {
        poll_fn(|cx| {
            self.poll_write(cx)?;
            if self.ahead() > 0 || self.unflushed {
                Poll::Pending
            } else {
                Poll::Ready(io::Result::Ok(()))
            }
        })
        .await?;
        tokio::io::AsyncWriteExt::shutdown(&mut self.stream).await
    }
}
