//! Between the library's packets, which differ by version, and the server's, which do not.

mod connect;
mod encode;
mod v3;
mod v5;

use bytes::Bytes;
use mqtt_protocol_core::mqtt::{
    ArcPayload, connection::RawPacket, packet, result_code::DisconnectReasonCode,
};

pub(super) use connect::{Connect, Will, read_connect};
pub(super) use encode::{
    Outgoing, SubscribeOutcome, accept, disconnect, pingresp, puback, pubcomp, publish, pubrec,
    pubrel, suback, turn_away, unsuback,
};

use super::Qos;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    V3,
    V5,
}

/// Whether the client wants a text with what it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reasons {
    Told,
    Omitted,
}

/// What a connected client may send.
pub(super) enum Incoming {
    Publish(IncomingPublish),
    Puback(u16),
    Pubrec { id: u16, refused: bool },
    Pubrel(u16),
    Pubcomp(u16),
    Subscribe { id: u16, wanted: Vec<Wanted> },
    Unsubscribe { id: u16, filters: Vec<String> },
    Ping,
    Disconnect { with_will: bool, session_expiry: Option<u32> },
}

pub(super) struct IncomingPublish {
    pub(super) id: Option<u16>,
    /// Empty if the alias stands for it.
    pub(super) topic: String,
    pub(super) alias: Option<u16>,
    pub(super) payload: Bytes,
    pub(super) qos: Qos,
    pub(super) retain: bool,
}

/// One filter of a SUBSCRIBE with its options.
pub(super) struct Wanted {
    pub(super) filter: String,
    pub(super) options: Options,
    pub(super) retained: WantsRetained,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) qos: Qos,
    pub(super) retain_as_published: bool,
    pub(super) identifier: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WantsRetained {
    Always,
    IfNew,
    Never,
}

const PUBLISH: u8 = 3;
const PUBREL: u8 = 6;
const SUBSCRIBE: u8 = 8;
const UNSUBSCRIBE: u8 = 10;

/// Reads a packet after the CONNECT. The error is the reason to disconnect.
pub(super) fn read(version: Version, raw: &RawPacket) -> Result<Incoming, DisconnectReasonCode> {
    let flags = match raw.packet_type() {
        PUBLISH => raw.flags(),
        PUBREL | SUBSCRIBE | UNSUBSCRIBE => 0b0010,
        _ => 0,
    };
    if raw.flags() != flags {
        return Err(DisconnectReasonCode::MalformedPacket);
    }
    let incoming = match version {
        Version::V3 => v3::read(raw)?,
        Version::V5 => v5::read(raw)?,
    };
    if incoming.id() == Some(0) { Err(DisconnectReasonCode::ProtocolError) } else { Ok(incoming) }
}

impl Incoming {
    fn id(&self) -> Option<u16> {
        match self {
            Self::Publish(publish) => publish.id,
            Self::Puback(id) | Self::Pubrel(id) | Self::Pubcomp(id) => Some(*id),
            Self::Pubrec { id, .. } | Self::Subscribe { id, .. } | Self::Unsubscribe { id, .. } => {
                Some(*id)
            }
            Self::Ping | Self::Disconnect { .. } => None,
        }
    }
}

impl From<packet::Qos> for Qos {
    fn from(qos: packet::Qos) -> Self {
        match qos {
            packet::Qos::AtMostOnce => Self::AtMostOnce,
            packet::Qos::AtLeastOnce => Self::AtLeastOnce,
            packet::Qos::ExactlyOnce => Self::ExactlyOnce,
        }
    }
}

impl From<Qos> for packet::Qos {
    fn from(qos: Qos) -> Self {
        match qos {
            Qos::AtMostOnce => Self::AtMostOnce,
            Qos::AtLeastOnce => Self::AtLeastOnce,
            Qos::ExactlyOnce => Self::ExactlyOnce,
        }
    }
}

fn payload(payload: &ArcPayload) -> Bytes {
    Bytes::copy_from_slice(payload.as_slice())
}
