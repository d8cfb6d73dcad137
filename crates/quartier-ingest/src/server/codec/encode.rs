use mqtt_protocol_core::mqtt::{
    ArcPayload,
    packet::{
        AssignedClientIdentifier, MaximumPacketSize, Properties, Property, ReasonString,
        ReceiveMaximum, SessionExpiryInterval, SharedSubscriptionAvailable, SubscriptionIdentifier,
        TopicAliasMaximum, v3_1_1, v5_0,
    },
    result_code::{
        ConnectReasonCode, ConnectReturnCode, DisconnectReasonCode, MqttError, PubackReasonCode,
        PubcompReasonCode, PubrecReasonCode, SubackReasonCode, SubackReturnCode,
        UnsubackReasonCode,
    },
};

use super::{Reasons, Version};
use crate::server::{Limits, Qos, Refusal, limits};

/// A message on its way to one client.
pub(in crate::server) struct Outgoing<'a> {
    pub(in crate::server) topic: &'a str,
    pub(in crate::server) payload: ArcPayload,
    pub(in crate::server) qos: Qos,
    pub(in crate::server) retain: bool,
    pub(in crate::server) id: Option<u16>,
    pub(in crate::server) again: bool,
    pub(in crate::server) identifiers: &'a [u32],
}

pub(in crate::server) enum SubscribeOutcome {
    Granted(Qos),
    NotAFilter,
    Shared,
    Refused(Refusal),
    TooMany,
}

const CANNOT_FAIL: &str = "a packet with nothing but numbers is valid";

pub(in crate::server) fn publish(
    version: Version,
    message: Outgoing<'_>,
) -> Result<Vec<u8>, MqttError> {
    match version {
        Version::V3 => {
            let packet = v3_1_1::Publish::builder()
                .topic_name(message.topic)?
                .qos(message.qos.into())
                .retain(message.retain)
                .dup(message.again)
                .packet_id(message.id)
                .payload(message.payload)
                .build()?;
            Ok(packet.to_continuous_buffer())
        }
        Version::V5 => {
            let identifiers = message
                .identifiers
                .iter()
                .map(|id| SubscriptionIdentifier::new(*id).map(Property::from));
            let packet = v5_0::Publish::builder()
                .topic_name(message.topic)?
                .qos(message.qos.into())
                .retain(message.retain)
                .dup(message.again)
                .packet_id(message.id)
                .props(identifiers.collect::<Result<Properties, _>>()?)
                .payload(message.payload)
                .build()?;
            Ok(packet.to_continuous_buffer())
        }
    }
}

/// The answer that lets a client in, with what this server takes.
pub(in crate::server) fn accept(
    version: Version,
    present: bool,
    assigned: Option<&str>,
    expiry_s: Option<u32>,
    limits: &Limits,
) -> Result<Vec<u8>, MqttError> {
    match version {
        Version::V3 => {
            let packet = v3_1_1::Connack::builder()
                .session_present(present)
                .return_code(ConnectReturnCode::Accepted)
                .build()?;
            Ok(packet.to_continuous_buffer())
        }
        Version::V5 => {
            let mut properties: Properties = vec![
                ReceiveMaximum::new(limits.receive_maximum.max(1))?.into(),
                MaximumPacketSize::new(limits.packet_bytes)?.into(),
                TopicAliasMaximum::new(limits::TOPIC_ALIASES)?.into(),
                SharedSubscriptionAvailable::new(0)?.into(),
            ];
            if let Some(id) = assigned {
                properties.push(AssignedClientIdentifier::new(id)?.into());
            }
            if let Some(seconds) = expiry_s {
                properties.push(SessionExpiryInterval::new(seconds)?.into());
            }
            let packet = v5_0::Connack::builder()
                .session_present(present)
                .reason_code(ConnectReasonCode::Success)
                .props(properties)
                .build()?;
            Ok(packet.to_continuous_buffer())
        }
    }
}

/// The answer that keeps a client out.
pub(in crate::server) fn turn_away(version: Version, reason: ConnectReasonCode) -> Vec<u8> {
    match version {
        Version::V3 => {
            let code = match reason {
                ConnectReasonCode::UnsupportedProtocolVersion => {
                    ConnectReturnCode::UnacceptableProtocolVersion
                }
                ConnectReasonCode::ClientIdentifierNotValid => {
                    ConnectReturnCode::IdentifierRejected
                }
                ConnectReasonCode::BadUserNameOrPassword => {
                    ConnectReturnCode::BadUserNameOrPassword
                }
                ConnectReasonCode::ServerBusy | ConnectReasonCode::ServerUnavailable => {
                    ConnectReturnCode::ServerUnavailable
                }
                _ => ConnectReturnCode::NotAuthorized,
            };
            let packet =
                v3_1_1::Connack::builder().session_present(false).return_code(code).build();
            packet.expect(CANNOT_FAIL).to_continuous_buffer()
        }
        Version::V5 => {
            let packet =
                v5_0::Connack::builder().session_present(false).reason_code(reason).build();
            packet.expect(CANNOT_FAIL).to_continuous_buffer()
        }
    }
}

/// The answer to a publish at `QoS` 1.
pub(in crate::server) fn puback(
    version: Version,
    id: u16,
    refusal: Option<&Refusal>,
    reasons: Reasons,
) -> Vec<u8> {
    match (version, refusal) {
        (Version::V3, _) => v3_1_1::Puback::builder()
            .packet_id(id)
            .build()
            .expect(CANNOT_FAIL)
            .to_continuous_buffer(),
        (Version::V5, None) => {
            v5_0::Puback::builder().packet_id(id).build().expect(CANNOT_FAIL).to_continuous_buffer()
        }
        (Version::V5, Some(refusal)) => {
            let packet = v5_0::Puback::builder().packet_id(id).reason_code(puback_reason(refusal));
            packet
                .props(reason_string(refusal, reasons))
                .build()
                .expect(CANNOT_FAIL)
                .to_continuous_buffer()
        }
    }
}

/// The first answer to a publish at `QoS` 2.
pub(in crate::server) fn pubrec(
    version: Version,
    id: u16,
    refusal: Option<&Refusal>,
    reasons: Reasons,
) -> Vec<u8> {
    match (version, refusal) {
        (Version::V3, _) => v3_1_1::Pubrec::builder()
            .packet_id(id)
            .build()
            .expect(CANNOT_FAIL)
            .to_continuous_buffer(),
        (Version::V5, None) => {
            v5_0::Pubrec::builder().packet_id(id).build().expect(CANNOT_FAIL).to_continuous_buffer()
        }
        (Version::V5, Some(refusal)) => {
            let reason = PubrecReasonCode::try_from(puback_reason(refusal) as u8);
            let packet = v5_0::Pubrec::builder()
                .packet_id(id)
                .reason_code(reason.unwrap_or(PubrecReasonCode::UnspecifiedError));
            packet
                .props(reason_string(refusal, reasons))
                .build()
                .expect(CANNOT_FAIL)
                .to_continuous_buffer()
        }
    }
}

pub(in crate::server) fn pubrel(version: Version, id: u16) -> Vec<u8> {
    match version {
        Version::V3 => v3_1_1::Pubrel::builder()
            .packet_id(id)
            .build()
            .expect(CANNOT_FAIL)
            .to_continuous_buffer(),
        Version::V5 => {
            v5_0::Pubrel::builder().packet_id(id).build().expect(CANNOT_FAIL).to_continuous_buffer()
        }
    }
}

pub(in crate::server) fn pubcomp(version: Version, id: u16, known: bool) -> Vec<u8> {
    match version {
        Version::V3 => v3_1_1::Pubcomp::builder()
            .packet_id(id)
            .build()
            .expect(CANNOT_FAIL)
            .to_continuous_buffer(),
        Version::V5 => {
            let packet = v5_0::Pubcomp::builder().packet_id(id);
            let packet = if known {
                packet
            } else {
                packet.reason_code(PubcompReasonCode::PacketIdentifierNotFound)
            };
            packet.build().expect(CANNOT_FAIL).to_continuous_buffer()
        }
    }
}

pub(in crate::server) fn suback(
    version: Version,
    id: u16,
    outcomes: &[SubscribeOutcome],
) -> Result<Vec<u8>, MqttError> {
    match version {
        Version::V3 => {
            let codes = outcomes.iter().map(suback_return_code).collect();
            Ok(v3_1_1::Suback::builder()
                .packet_id(id)
                .return_codes(codes)
                .build()?
                .to_continuous_buffer())
        }
        Version::V5 => {
            let codes = outcomes.iter().map(suback_reason_code).collect();
            let packet = v5_0::Suback::builder().packet_id(id).reason_codes(codes);
            Ok(packet.build()?.to_continuous_buffer())
        }
    }
}

pub(in crate::server) fn unsuback(
    version: Version,
    id: u16,
    existed: &[bool],
) -> Result<Vec<u8>, MqttError> {
    match version {
        Version::V3 => {
            Ok(v3_1_1::Unsuback::builder().packet_id(id).build()?.to_continuous_buffer())
        }
        Version::V5 => {
            let codes = existed.iter().map(|existed| match existed {
                true => UnsubackReasonCode::Success,
                false => UnsubackReasonCode::NoSubscriptionExisted,
            });
            let packet = v5_0::Unsuback::builder().packet_id(id).reason_codes(codes.collect());
            Ok(packet.build()?.to_continuous_buffer())
        }
    }
}

pub(in crate::server) fn pingresp(version: Version) -> Vec<u8> {
    match version {
        Version::V3 => v3_1_1::Pingresp::new().to_continuous_buffer(),
        Version::V5 => v5_0::Pingresp::new().to_continuous_buffer(),
    }
}

/// What a client is told before its connection is closed; 3.1.1 has no words for it.
pub(in crate::server) fn disconnect(version: Version, reason: DisconnectReasonCode) -> Vec<u8> {
    match version {
        Version::V3 => Vec::new(),
        Version::V5 => v5_0::Disconnect::builder()
            .reason_code(reason)
            .build()
            .expect(CANNOT_FAIL)
            .to_continuous_buffer(),
    }
}

fn puback_reason(refusal: &Refusal) -> PubackReasonCode {
    match refusal {
        Refusal::BadCredentials | Refusal::NotAuthorized => PubackReasonCode::NotAuthorized,
        Refusal::Topic(_) => PubackReasonCode::TopicNameInvalid,
        Refusal::Payload(_) => PubackReasonCode::PayloadFormatInvalid,
        Refusal::Quota(_) => PubackReasonCode::QuotaExceeded,
        Refusal::Unavailable(_) => PubackReasonCode::ImplementationSpecificError,
    }
}

fn reason_string(refusal: &Refusal, reasons: Reasons) -> Properties {
    if reasons == Reasons::Omitted {
        return Properties::new();
    }
    let mut text = refusal.to_string().replace(char::is_control, " ");
    text.truncate(text.floor_char_boundary(limits::REASON_BYTES));
    ReasonString::new(text).map(Property::from).into_iter().collect()
}

fn suback_return_code(outcome: &SubscribeOutcome) -> SubackReturnCode {
    match outcome {
        SubscribeOutcome::Granted(Qos::AtMostOnce) => SubackReturnCode::SuccessMaximumQos0,
        SubscribeOutcome::Granted(Qos::AtLeastOnce) => SubackReturnCode::SuccessMaximumQos1,
        SubscribeOutcome::Granted(Qos::ExactlyOnce) => SubackReturnCode::SuccessMaximumQos2,
        _ => SubackReturnCode::Failure,
    }
}

fn suback_reason_code(outcome: &SubscribeOutcome) -> SubackReasonCode {
    match outcome {
        SubscribeOutcome::Granted(Qos::AtMostOnce) => SubackReasonCode::GrantedQos0,
        SubscribeOutcome::Granted(Qos::AtLeastOnce) => SubackReasonCode::GrantedQos1,
        SubscribeOutcome::Granted(Qos::ExactlyOnce) => SubackReasonCode::GrantedQos2,
        SubscribeOutcome::Shared => SubackReasonCode::SharedSubscriptionsNotSupported,
        SubscribeOutcome::TooMany | SubscribeOutcome::Refused(Refusal::Quota(_)) => {
            SubackReasonCode::QuotaExceeded
        }
        SubscribeOutcome::Refused(Refusal::NotAuthorized | Refusal::BadCredentials) => {
            SubackReasonCode::NotAuthorized
        }
        SubscribeOutcome::Refused(Refusal::Unavailable(_)) => {
            SubackReasonCode::ImplementationSpecificError
        }
        SubscribeOutcome::NotAFilter
        | SubscribeOutcome::Refused(Refusal::Topic(_) | Refusal::Payload(_)) => {
            SubackReasonCode::TopicFilterInvalid
        }
    }
}
