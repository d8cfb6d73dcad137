use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};

use super::{Connection, End};
use crate::server::{Topics, codec, counters::count};

impl<T: Topics, S: AsyncRead + AsyncWrite + Unpin> Connection<T, S> {
    /// What the caller has been asked is waited for, so that the session knows what is safe; then the session is let
    /// go, then the client is told.
    pub(super) async fn leave(mut self: Box<Self>, end: End) {
        tracing::debug!(client = %self.held.client.id, ?end, "an MQTT connection ends");
        if end.is_violation() {
            count(&self.shared.counters.malformed);
        }
        while let Some(done) = self.asked.next().await {
            // The connection ends already, whatever the answer.
            let _ = self.answer(done);
        }
        if !end.publishes_will() {
            self.held.will = None;
        }
        self.held.let_go();
        if end == End::Lost {
            return;
        }
        if let End::Refused(reason) = end {
            self.wire.push(&codec::disconnect(self.version, reason));
        }
        let patience: Duration = self.shared.limits.drain_timeout;
        // Whether the client still listens does not matter.
        let _ = timeout(patience, self.wire.close()).await;
    }
}
