use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use mqtt_protocol_core::mqtt::{
    connection::RawPacket,
    packet::{Property, v3_1_1, v5_0},
    result_code::{ConnectReasonCode, MqttError},
};

use super::{Reasons, Version};
use crate::server::{Publish, Qos, filter::topic_name, limits};

/// A CONNECT, of either version.
pub(in crate::server) struct Connect {
    pub(in crate::server) version: Version,
    /// May be empty; then the server chooses.
    pub(in crate::server) client_id: String,
    pub(in crate::server) clean: bool,
    pub(in crate::server) keep_alive: Duration,
    pub(in crate::server) user: Option<String>,
    pub(in crate::server) password: Option<Bytes>,
    pub(in crate::server) will: Option<Will>,
    pub(in crate::server) session_expiry: Duration,
    pub(in crate::server) receive_maximum: u16,
    pub(in crate::server) packet_bytes: u32,
    pub(in crate::server) reasons: Reasons,
}

#[derive(Debug, Clone)]
pub(in crate::server) struct Will {
    pub(in crate::server) message: Publish,
    pub(in crate::server) delay: Duration,
}

/// Why there is no connection, and in which version to say so; without a version nothing can be said.
#[derive(Debug)]
pub(in crate::server) struct ConnectError {
    pub(in crate::server) version: Option<Version>,
    pub(in crate::server) reason: ConnectReasonCode,
}

const CONNECT: u8 = 1;
const FLAGS_AT: usize = 7;
const RESERVED: u8 = 0b0000_0001;
const WILL: u8 = 0b0000_0100;
const WILL_DETAILS: u8 = 0b0011_1000;
/// Session expiry and keep-alive that mean "for ever".
const FOREVER: u32 = u32::MAX;

pub(in crate::server) fn read_connect(raw: &RawPacket) -> Result<Connect, ConnectError> {
    let body = raw.data_as_slice();
    if raw.packet_type() != CONNECT || raw.flags() != 0 {
        return Err(ConnectError { version: None, reason: ConnectReasonCode::ProtocolError });
    }
    let version = version(body)?;
    let refuse = |reason| ConnectError { version: Some(version), reason };
    let flags = body.get(FLAGS_AT).copied().unwrap_or(RESERVED);
    if flags & RESERVED != 0
        || (flags & WILL == 0 && flags & WILL_DETAILS != 0)
        || flags & 0b0001_1000 == 0b0001_1000
    {
        return Err(refuse(ConnectReasonCode::MalformedPacket));
    }
    let connect = match version {
        Version::V3 => raw.parse_exact(v3_1_1::Connect::parse).map(|packet| Ok(of_v3(&packet))),
        Version::V5 => raw.parse_exact(v5_0::Connect::parse).map(|packet| of_v5(&packet)),
    };
    let connect = connect.map_err(|error| refuse(reason(error)))?.map_err(refuse)?;
    if connect.client_id.len() > limits::CLIENT_ID_BYTES
        || (connect.client_id.is_empty() && !may_be_empty(&connect))
    {
        return Err(refuse(ConnectReasonCode::ClientIdentifierNotValid));
    }
    if connect.will.as_ref().is_some_and(|will| topic_name(&will.message.topic).is_err()) {
        return Err(refuse(ConnectReasonCode::TopicNameInvalid));
    }
    Ok(connect)
}

/// In 3.1.1 a session without a name cannot be found again, so it must be clean.
fn may_be_empty(connect: &Connect) -> bool {
    connect.version == Version::V5 || connect.clean
}

fn version(body: &[u8]) -> Result<Version, ConnectError> {
    let unsupported =
        |version| ConnectError { version, reason: ConnectReasonCode::UnsupportedProtocolVersion };
    if body.starts_with(b"\0\x06MQIsdp") {
        return Err(unsupported(Some(Version::V3)));
    }
    match body {
        [0, 4, b'M', b'Q', b'T', b'T', 4, ..] => Ok(Version::V3),
        [0, 4, b'M', b'Q', b'T', b'T', 5, ..] => Ok(Version::V5),
        [0, 4, b'M', b'Q', b'T', b'T', level, ..] => {
            Err(unsupported(Some(if *level < 4 { Version::V3 } else { Version::V5 })))
        }
        _ => Err(ConnectError { version: None, reason: ConnectReasonCode::ProtocolError }),
    }
}

fn reason(error: MqttError) -> ConnectReasonCode {
    match error {
        MqttError::ClientIdentifierNotValid => ConnectReasonCode::ClientIdentifierNotValid,
        MqttError::BadUserNameOrPassword => ConnectReasonCode::BadUserNameOrPassword,
        MqttError::UnsupportedProtocolVersion => ConnectReasonCode::UnsupportedProtocolVersion,
        MqttError::ProtocolError => ConnectReasonCode::ProtocolError,
        _ => ConnectReasonCode::MalformedPacket,
    }
}

fn of_v3(packet: &v3_1_1::Connect) -> Connect {
    let clean = packet.clean_session();
    let will = packet.will_topic().map(|topic| Will {
        message: will_message(
            topic,
            packet.will_payload(),
            packet.will_qos().into(),
            packet.will_retain(),
        ),
        delay: Duration::ZERO,
    });
    Connect {
        version: Version::V3,
        client_id: packet.client_id().to_owned(),
        clean,
        keep_alive: Duration::from_secs(packet.keep_alive().into()),
        user: packet.user_name().map(str::to_owned),
        password: packet.password().map(Bytes::copy_from_slice),
        will,
        session_expiry: if clean { Duration::ZERO } else { Duration::from_secs(FOREVER.into()) },
        receive_maximum: limits::SENDING_MAXIMUM,
        packet_bytes: u32::MAX,
        reasons: Reasons::Omitted,
    }
}

fn of_v5(packet: &v5_0::Connect) -> Result<Connect, ConnectReasonCode> {
    let delay = packet.will_props().iter().find_map(|property| match property {
        Property::WillDelayInterval(delay) => Some(delay.val()),
        _ => None,
    });
    let will = packet.will_topic().map(|topic| Will {
        message: will_message(
            topic,
            packet.will_payload(),
            packet.will_qos().into(),
            packet.will_retain(),
        ),
        delay: Duration::from_secs(delay.unwrap_or(0).into()),
    });
    let mut connect = Connect {
        version: Version::V5,
        client_id: packet.client_id().to_owned(),
        clean: packet.clean_start(),
        keep_alive: Duration::from_secs(packet.keep_alive().into()),
        user: packet.user_name().map(str::to_owned),
        password: packet.password().map(Bytes::copy_from_slice),
        will,
        session_expiry: Duration::ZERO,
        receive_maximum: limits::SENDING_MAXIMUM,
        packet_bytes: u32::MAX,
        reasons: Reasons::Told,
    };
    for property in packet.props() {
        match property {
            Property::SessionExpiryInterval(seconds) => {
                connect.session_expiry = Duration::from_secs(seconds.val().into());
            }
            Property::ReceiveMaximum(maximum) => {
                connect.receive_maximum = maximum.val().clamp(1, limits::SENDING_MAXIMUM);
            }
            Property::MaximumPacketSize(bytes) => connect.packet_bytes = bytes.val(),
            Property::RequestProblemInformation(wanted) if wanted.val() == 0 => {
                connect.reasons = Reasons::Omitted;
            }
            Property::AuthenticationMethod(_) => {
                return Err(ConnectReasonCode::BadAuthenticationMethod);
            }
            _ => {}
        }
    }
    Ok(connect)
}

fn will_message(topic: &str, payload: Option<&[u8]>, qos: Qos, retain: bool) -> Publish {
    let payload = Bytes::copy_from_slice(payload.unwrap_or_default());
    Publish { topic: Arc::from(topic), payload, qos, retain }
}
