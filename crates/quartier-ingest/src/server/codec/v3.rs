use mqtt_protocol_core::mqtt::{
    connection::{PacketData, RawPacket},
    packet::v3_1_1,
    result_code::{DisconnectReasonCode, MqttError},
};

use super::{Incoming, IncomingPublish, Options, Wanted, WantsRetained, payload};

pub(super) fn read(raw: &RawPacket) -> Result<Incoming, DisconnectReasonCode> {
    let incoming = match raw.packet_type() {
        3 => publish(raw),
        4 => raw
            .parse_exact(v3_1_1::Puback::parse)
            .map(|packet| Incoming::Puback(packet.packet_id())),
        5 => {
            let packet = raw.parse_exact(v3_1_1::Pubrec::parse);
            packet.map(|packet| Incoming::Pubrec { id: packet.packet_id(), refused: false })
        }
        6 => raw
            .parse_exact(v3_1_1::Pubrel::parse)
            .map(|packet| Incoming::Pubrel(packet.packet_id())),
        7 => raw
            .parse_exact(v3_1_1::Pubcomp::parse)
            .map(|packet| Incoming::Pubcomp(packet.packet_id())),
        8 => raw.parse_exact(v3_1_1::Subscribe::parse).map(|packet| subscribe(&packet)),
        10 => raw.parse_exact(v3_1_1::Unsubscribe::parse).map(|packet| unsubscribe(&packet)),
        12 => raw.parse_exact(v3_1_1::Pingreq::parse).map(|_| Incoming::Ping),
        14 => raw
            .parse_exact(v3_1_1::Disconnect::parse)
            .map(|_| Incoming::Disconnect { with_will: false, session_expiry: None }),
        _ => Err(MqttError::ProtocolError),
    };
    incoming.map_err(DisconnectReasonCode::from)
}

fn publish(raw: &RawPacket) -> Result<Incoming, MqttError> {
    let PacketData::Publish(data) = &raw.data else { return Err(MqttError::MalformedPacket) };
    let (packet, _) = v3_1_1::Publish::parse(raw.flags(), data.clone())?;
    Ok(Incoming::Publish(IncomingPublish {
        id: packet.packet_id(),
        topic: packet.topic_name().to_owned(),
        alias: None,
        payload: payload(packet.payload()),
        qos: packet.qos().into(),
        retain: packet.retain(),
    }))
}

fn subscribe(packet: &v3_1_1::Subscribe) -> Incoming {
    let wanted = packet.entries().iter().map(|entry| Wanted {
        filter: entry.topic_filter().to_owned(),
        options: Options {
            qos: entry.sub_opts().qos().into(),
            retain_as_published: false,
            identifier: None,
        },
        retained: WantsRetained::Always,
    });
    Incoming::Subscribe { id: packet.packet_id(), wanted: wanted.collect() }
}

fn unsubscribe(packet: &v3_1_1::Unsubscribe) -> Incoming {
    let filters = packet.entries().iter().map(|filter| filter.as_str().to_owned());
    Incoming::Unsubscribe { id: packet.packet_id(), filters: filters.collect() }
}
