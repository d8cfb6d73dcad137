//! MQTT over WebSocket: its packets in binary messages, which may end anywhere (MQTT 5, section 6).

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    response::Response,
};
use bytes::Bytes;
use futures_util::{Sink as _, Stream as _};
use quartier_ingest::server::Transport;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::App;

/// One message may hold the largest packet that the server takes, and the beginning of the next.
const MESSAGE_BYTES_MAX: usize = 512 * 1024;

/// Messages are cut to this size: one packet of readings fits.
const WRITE_BYTES_MAX: usize = 64 * 1024;

/// The subprotocols of clients in use; that of MQTT 3.1 comes from old ones.
const SUBPROTOCOLS: [&str; 2] = ["mqtt", "mqttv3.1"];

/// Turns a request into an MQTT connection.
pub(crate) async fn connect(State(app): State<App>, upgrade: WebSocketUpgrade) -> Response {
    let upgrade = upgrade
        .protocols(SUBPROTOCOLS)
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX);
    upgrade.on_upgrade(async move |socket| {
        app.mqtt.connection(Socket::new(socket), Transport::WebSocket).await;
    })
}

/// A WebSocket as a stream of bytes.
#[derive(Debug)]
struct Socket {
    inner: WebSocket,
    /// Of the message that is being read.
    rest: Bytes,
}

impl Socket {
    fn new(inner: WebSocket) -> Self {
        Self { inner, rest: Bytes::new() }
    }

    /// The next message's bytes; none where the client has closed.
    fn poll_message(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        loop {
            match ready!(Pin::new(&mut self.inner).poll_next(context)) {
                Some(Ok(Message::Binary(bytes))) if bytes.is_empty() => {}
                Some(Ok(Message::Binary(bytes))) => return Poll::Ready(Ok(Some(bytes))),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_))) | None => return Poll::Ready(Ok(None)),
                Some(Ok(Message::Text(_))) => {
                    let said = "MQTT comes in binary messages";
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, said)));
                }
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
            }
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.rest.is_empty() {
            match ready!(self.poll_message(context))? {
                Some(bytes) => self.rest = bytes,
                None => return Poll::Ready(Ok(())),
            }
        }
        let length = self.rest.len().min(buffer.remaining());
        buffer.put_slice(&self.rest.split_to(length));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut inner = Pin::new(&mut self.inner);
        ready!(inner.as_mut().poll_ready(context)).map_err(io::Error::other)?;
        let length = bytes.len().min(WRITE_BYTES_MAX);
        let message = Message::Binary(Bytes::copy_from_slice(&bytes[..length]));
        inner.start_send(message).map_err(io::Error::other)?;
        Poll::Ready(Ok(length))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context).map_err(io::Error::other)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_close(context).map_err(io::Error::other)
    }
}
