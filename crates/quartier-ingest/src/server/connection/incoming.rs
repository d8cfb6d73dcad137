use std::sync::Arc;

use mqtt_protocol_core::mqtt::result_code::DisconnectReasonCode;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::coop::unconstrained,
};

use super::{Connection, End};
use crate::server::{
    Publish, Qos, Refusal, Topics,
    codec::{self, Incoming, IncomingPublish, Version},
    counters::count,
    delivery::Delivery,
    filter::topic_name,
    limits::TOPIC_ALIASES,
};

/// What the caller has answered.
pub(super) enum Done {
    Published { id: Option<u16>, qos: Qos, bytes: usize, refusal: Option<Refusal> },
    Retained(Vec<Delivery>),
}

impl<T: Topics, S: AsyncRead + AsyncWrite + Unpin> Connection<T, S> {
    pub(super) fn take(&mut self, packet: Incoming) -> Result<(), End> {
        let version = self.version;
        match packet {
            Incoming::Publish(publish) => return self.take_publish(publish),
            Incoming::Puback(id)
            | Incoming::Pubcomp(id)
            | Incoming::Pubrec { id, refused: true } => self.settle(id),
            Incoming::Pubrec { id, refused: false } => {
                self.session().release(id);
                self.wire.push(&codec::pubrel(version, id));
            }
            Incoming::Pubrel(id) => {
                let known = self.session().received.remove(&id);
                self.wire.push(&codec::pubcomp(version, id, known));
            }
            Incoming::Subscribe { id, wanted } => return self.subscribe(id, wanted),
            Incoming::Unsubscribe { id, filters } => return self.unsubscribe(id, &filters),
            Incoming::Ping => self.wire.push(&codec::pingresp(version)),
            Incoming::Disconnect { with_will, session_expiry } => {
                return Err(self.goodbye(with_will, session_expiry));
            }
        }
        Ok(())
    }

    fn settle(&mut self, id: u16) {
        if let Some(at) = self.session().settle(id)
            && at < self.sent
        {
            self.sent -= 1;
        }
    }

    fn take_publish(&mut self, publish: IncomingPublish) -> Result<(), End> {
        let topic = self.topic(publish.topic, publish.alias)?;
        if publish.qos == Qos::ExactlyOnce
            && let Some(id) = publish.id
            && !self.begin_receiving(id)?
        {
            return Ok(());
        }
        let bytes = publish.payload.len();
        self.asked_bytes += bytes;
        let (id, qos) = (publish.id, publish.qos);
        let message = Publish { topic, payload: publish.payload, qos, retain: publish.retain };
        let (shared, client) = (Arc::clone(&self.shared), Arc::clone(&self.held.client));
        // Unconstrained: a future that tokio puts off would begin after the ones behind it.
        self.asked.push_back(Box::pin(unconstrained(async move {
            let refusal = shared.topics.publish(&client, message).await.err();
            Done::Published { id, qos, bytes, refusal }
        })));
        Ok(())
    }

    fn topic(&mut self, topic: String, alias: Option<u16>) -> Result<Arc<str>, End> {
        let invalid = End::Refused(DisconnectReasonCode::TopicAliasInvalid);
        match alias {
            Some(alias) if alias == 0 || alias > TOPIC_ALIASES => return Err(invalid),
            Some(alias) if topic.is_empty() => {
                return self.aliases.get(&alias).cloned().ok_or(invalid);
            }
            _ => {}
        }
        topic_name(&topic)
            .map_err(|_error| End::Refused(DisconnectReasonCode::TopicNameInvalid))?;
        let topic: Arc<str> = topic.into();
        if let Some(alias) = alias {
            self.aliases.insert(alias, Arc::clone(&topic));
        }
        Ok(topic)
    }

    /// Notes a publish at `QoS` 2; tells whether it is a new one.
    fn begin_receiving(&mut self, id: u16) -> Result<bool, End> {
        if self.session().received.contains(&id) {
            self.wire.push(&codec::pubrec(self.version, id, None, self.reasons));
            return Ok(false);
        }
        let open = self.session().received.len() + self.receiving.len();
        if self.version == Version::V5 && open >= self.shared.limits.receive_maximum.into() {
            return Err(End::Refused(DisconnectReasonCode::ReceiveMaximumExceeded));
        }
        Ok(self.receiving.insert(id))
    }

    pub(super) fn answer(&mut self, done: Done) -> Result<(), End> {
        match done {
            Done::Published { id, qos, bytes, refusal } => {
                self.asked_bytes -= bytes;
                self.answer_publish(id, qos, refusal.as_ref())
            }
            Done::Retained(deliveries) => {
                self.retained.extend(deliveries);
                if self.retained.len() > self.shared.limits.waiting_retained {
                    return Err(End::Refused(DisconnectReasonCode::QuotaExceeded));
                }
                Ok(())
            }
        }
    }

    fn answer_publish(
        &mut self,
        id: Option<u16>,
        qos: Qos,
        refusal: Option<&Refusal>,
    ) -> Result<(), End> {
        let id = id.unwrap_or_default();
        self.receiving.remove(&id);
        match refusal {
            None => count(&self.shared.counters.received),
            Some(refusal) => self.note(refusal)?,
        }
        match qos {
            Qos::AtMostOnce => {}
            Qos::AtLeastOnce => {
                self.wire.push(&codec::puback(self.version, id, refusal, self.reasons));
            }
            Qos::ExactlyOnce => {
                if refusal.is_none() || self.version == Version::V3 {
                    self.session().received.insert(id);
                }
                self.wire.push(&codec::pubrec(self.version, id, refusal, self.reasons));
            }
        }
        Ok(())
    }

    /// Counts and logs a refusal; some end the connection (see the table at the server).
    fn note(&mut self, refusal: &Refusal) -> Result<(), End> {
        count(&self.shared.counters.refused);
        if !self.warned {
            self.warned = true;
            tracing::warn!(client = %self.held.client.id, %refusal, "an MQTT message is not taken; more of this client are not logged");
        }
        match (refusal, self.version) {
            (Refusal::Unavailable(_), _) => Err(End::Refused(DisconnectReasonCode::ServerBusy)),
            (Refusal::NotAuthorized | Refusal::BadCredentials, Version::V3) => {
                Err(End::Refused(DisconnectReasonCode::NotAuthorized))
            }
            _ => Ok(()),
        }
    }
}
