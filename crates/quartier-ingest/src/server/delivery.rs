use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use mqtt_protocol_core::mqtt::{ArcPayload, common::Arc as LibraryArc, result_code::MqttError};

use super::{
    Message, Qos,
    codec::{self, Outgoing, Version},
};

/// A message that many clients get; encoded once where they all get the same bytes.
pub(super) struct Parcel {
    message: Message,
    payload: OnceLock<ArcPayload>,
    plain_v3: OnceLock<Bytes>,
    plain_v5: OnceLock<Bytes>,
}

/// A parcel for one client.
#[derive(Clone)]
pub(super) struct Delivery {
    pub(super) parcel: Arc<Parcel>,
    pub(super) qos: Qos,
    pub(super) retain: bool,
    /// Of the client's subscriptions that match, if it gave them any.
    pub(super) identifiers: Box<[u32]>,
}

impl Parcel {
    pub(super) fn new(message: Message) -> Arc<Self> {
        Arc::new(Self {
            message,
            payload: OnceLock::new(),
            plain_v3: OnceLock::new(),
            plain_v5: OnceLock::new(),
        })
    }

    pub(super) fn message(&self) -> &Message {
        &self.message
    }

    fn payload(&self) -> ArcPayload {
        let bytes = &self.message.payload;
        self.payload
            .get_or_init(|| ArcPayload::new(LibraryArc::from(bytes.as_ref()), 0, bytes.len()))
            .clone()
    }
}

impl Delivery {
    /// What it counts towards the bytes that wait for a client.
    pub(super) fn size(&self) -> usize {
        self.parcel.message.topic.len() + self.parcel.message.payload.len()
    }

    /// The packet. `id` is given exactly for `QoS` 1 and 2; `again` is said of a packet that was sent before.
    pub(super) fn encode(
        &self,
        version: Version,
        id: Option<u16>,
        again: bool,
    ) -> Result<Bytes, MqttError> {
        if self.qos > Qos::AtMostOnce || self.retain || !self.identifiers.is_empty() {
            return self.encode_anew(version, id, again);
        }
        let plain = match version {
            Version::V3 => &self.parcel.plain_v3,
            Version::V5 => &self.parcel.plain_v5,
        };
        if let Some(bytes) = plain.get() {
            return Ok(bytes.clone());
        }
        let bytes = self.encode_anew(version, None, false)?;
        Ok(plain.get_or_init(|| bytes).clone())
    }

    fn encode_anew(
        &self,
        version: Version,
        id: Option<u16>,
        again: bool,
    ) -> Result<Bytes, MqttError> {
        let outgoing = Outgoing {
            topic: &self.parcel.message.topic,
            payload: self.parcel.payload(),
            qos: self.qos,
            retain: self.retain,
            id,
            again,
            identifiers: &self.identifiers,
        };
        codec::publish(version, outgoing).map(Bytes::from)
    }
}
