use tokio::io::{AsyncRead, AsyncWrite};

use super::Connection;
use crate::server::{
    Qos, Topics, codec,
    counters::count,
    delivery::Delivery,
    limits::WRITE_AHEAD_BYTES,
    session::{Sent, Stage},
};

impl<T: Topics, S: AsyncRead + AsyncWrite + Unpin> Connection<T, S> {
    /// Encodes what waits for the client, as far ahead of the socket as is allowed.
    pub(super) fn send_waiting(&mut self) {
        self.send_again();
        while self.wire.ahead() < WRITE_AHEAD_BYTES && self.session().sent.len() < self.window {
            let Some(delivery) = self.retained.pop_front().or_else(|| self.session().outbox.pop())
            else {
                return;
            };
            self.send(delivery);
        }
    }

    /// What the client had not acknowledged when its last connection ended (MQTT 5, 4.4).
    fn send_again(&mut self) {
        let version = self.version;
        while self.wire.ahead() < WRITE_AHEAD_BYTES
            && let Some(sent) = self.held.session().sent.get(self.sent)
        {
            let packet = match &sent.stage {
                Stage::Released => codec::pubrel(version, sent.id).into(),
                // It was encoded before, so it can be again.
                Stage::Published(delivery) => {
                    delivery.encode(version, Some(sent.id), true).unwrap_or_default()
                }
            };
            self.wire.push(&packet);
            self.sent += 1;
        }
    }

    fn send(&mut self, delivery: Delivery) {
        let id = (delivery.qos > Qos::AtMostOnce).then(|| self.session().free_id());
        match delivery.encode(self.version, id, false) {
            Ok(packet) if packet.len() <= self.packet_bytes => {
                count(&self.shared.counters.delivered);
                self.wire.push(&packet);
                if let Some(id) = id {
                    self.session().sent.push_back(Sent { id, stage: Stage::Published(delivery) });
                    self.sent += 1;
                }
            }
            // The client takes no packet so large, or the caller's topic cannot be sent: the others still can.
            _ => count(&self.shared.counters.dropped),
        }
    }
}
