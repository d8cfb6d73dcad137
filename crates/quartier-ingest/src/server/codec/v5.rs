use mqtt_protocol_core::mqtt::{
    connection::{PacketData, RawPacket},
    packet::{Property, RetainHandling, v5_0},
    result_code::{DisconnectReasonCode, MqttError},
};

use super::{Incoming, IncomingPublish, Options, Wanted, WantsRetained, payload};

pub(super) fn read(raw: &RawPacket) -> Result<Incoming, DisconnectReasonCode> {
    let incoming = match raw.packet_type() {
        3 => publish(raw),
        4 => {
            raw.parse_exact(v5_0::Puback::parse).map(|packet| Incoming::Puback(packet.packet_id()))
        }
        5 => raw.parse_exact(v5_0::Pubrec::parse).map(|packet| Incoming::Pubrec {
            id: packet.packet_id(),
            refused: packet.reason_code().is_some_and(|reason| reason.is_failure()),
        }),
        6 => {
            raw.parse_exact(v5_0::Pubrel::parse).map(|packet| Incoming::Pubrel(packet.packet_id()))
        }
        7 => raw
            .parse_exact(v5_0::Pubcomp::parse)
            .map(|packet| Incoming::Pubcomp(packet.packet_id())),
        8 => raw.parse_exact(v5_0::Subscribe::parse).map(|packet| subscribe(&packet)),
        10 => raw.parse_exact(v5_0::Unsubscribe::parse).map(|packet| unsubscribe(&packet)),
        12 => raw.parse_exact(v5_0::Pingreq::parse).map(|_| Incoming::Ping),
        14 => raw.parse_exact(v5_0::Disconnect::parse).map(|packet| disconnect(&packet)),
        _ => Err(MqttError::ProtocolError),
    };
    incoming.map_err(DisconnectReasonCode::from)
}

fn publish(raw: &RawPacket) -> Result<Incoming, MqttError> {
    let PacketData::Publish(data) = &raw.data else { return Err(MqttError::MalformedPacket) };
    let (packet, _) = v5_0::Publish::parse(raw.flags(), data.clone())?;
    let mut alias = None;
    for property in packet.props() {
        match property {
            Property::TopicAlias(number) => alias = Some(number.val()),
            Property::SubscriptionIdentifier(_) => return Err(MqttError::ProtocolError),
            _ => {}
        }
    }
    Ok(Incoming::Publish(IncomingPublish {
        id: packet.packet_id(),
        topic: packet.topic_name().to_owned(),
        alias,
        payload: payload(packet.payload()),
        qos: packet.qos().into(),
        retain: packet.retain(),
    }))
}

fn subscribe(packet: &v5_0::Subscribe) -> Incoming {
    let identifier = packet.props().iter().find_map(|property| match property {
        Property::SubscriptionIdentifier(identifier) => Some(identifier.val()),
        _ => None,
    });
    let wanted = packet.entries().iter().map(|entry| Wanted {
        filter: entry.topic_filter().to_owned(),
        options: Options {
            qos: entry.sub_opts().qos().into(),
            retain_as_published: entry.sub_opts().rap(),
            identifier,
        },
        retained: match entry.sub_opts().rh() {
            RetainHandling::SendRetained => WantsRetained::Always,
            RetainHandling::SendRetainedIfNotExists => WantsRetained::IfNew,
            RetainHandling::DoNotSendRetained => WantsRetained::Never,
        },
    });
    Incoming::Subscribe { id: packet.packet_id(), wanted: wanted.collect() }
}

fn unsubscribe(packet: &v5_0::Unsubscribe) -> Incoming {
    let filters = packet.entries().iter().map(|filter| filter.as_str().to_owned());
    Incoming::Unsubscribe { id: packet.packet_id(), filters: filters.collect() }
}

fn disconnect(packet: &v5_0::Disconnect) -> Incoming {
    let properties = packet.props().as_deref().unwrap_or_default();
    let session_expiry = properties.iter().find_map(|property| match property {
        Property::SessionExpiryInterval(seconds) => Some(seconds.val()),
        _ => None,
    });
    let normal =
        matches!(packet.reason_code(), None | Some(DisconnectReasonCode::NormalDisconnection));
    Incoming::Disconnect { with_will: !normal, session_expiry }
}
