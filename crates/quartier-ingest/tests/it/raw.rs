use std::{net::SocketAddr, time::Duration};

use mqtt_protocol_core::mqtt::{
    common::Cursor,
    connection::{PacketBuildResult, PacketBuilder, RawPacket},
    packet::{GenericPacketTrait, Qos, v3_1_1, v5_0},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// A socket and nothing else, for clients that no library would be.
pub(crate) struct Raw {
    pub(crate) stream: TcpStream,
    builder: PacketBuilder,
    read: Vec<u8>,
}

pub(crate) const PUBACK: u8 = 4;
pub(crate) const PUBREC: u8 = 5;
pub(crate) const PUBCOMP: u8 = 7;
const DISCONNECT: u8 = 14;

const PATIENCE: Duration = Duration::from_secs(20);

impl Raw {
    pub(crate) async fn dial(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        Self { stream, builder: PacketBuilder::new(), read: Vec::new() }
    }

    /// Connected with 3.1.1 as a client that keeps its session.
    pub(crate) async fn connect_v3(address: SocketAddr, id: &str) -> Self {
        let connect =
            v3_1_1::Connect::builder().client_id(id).unwrap().clean_session(false).build().unwrap();
        Self::connect(address, &connect).await
    }

    pub(crate) async fn connect_v5(address: SocketAddr, id: &str) -> Self {
        let connect = v5_0::Connect::builder().client_id(id).unwrap().build().unwrap();
        Self::connect(address, &connect).await
    }

    async fn connect(address: SocketAddr, connect: &impl GenericPacketTrait) -> Self {
        let mut raw = Self::dial(address).await;
        raw.send(&connect.to_continuous_buffer()).await;
        assert_eq!(raw.next().await.unwrap().packet_type(), 2, "a CONNACK comes first");
        raw
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// The next packet; none if the server has closed.
    pub(crate) async fn next(&mut self) -> Option<RawPacket> {
        loop {
            let mut rest = Cursor::new(self.read.as_slice());
            let built = if self.read.is_empty() {
                PacketBuildResult::Incomplete
            } else {
                self.builder.feed(&mut rest)
            };
            let used = rest.position() as usize;
            self.read.drain(..used);
            match built {
                PacketBuildResult::Complete(packet) => return Some(packet),
                PacketBuildResult::Error(error) => panic!("the server sends nonsense: {error:?}"),
                PacketBuildResult::Incomplete => {}
            }
            let read = timeout(PATIENCE, self.stream.read_buf(&mut self.read))
                .await
                .expect("the server is silent");
            if read.unwrap_or(0) == 0 {
                return None;
            }
        }
    }

    /// The number in the next packet, which has to be of a kind.
    pub(crate) async fn id_of(&mut self, kind: u8) -> u16 {
        let packet = self.next().await.expect("the server has closed");
        assert_eq!(packet.packet_type(), kind);
        u16::from_be_bytes([packet.data_as_slice()[0], packet.data_as_slice()[1]])
    }

    /// Why the server disconnects, in version 5.
    pub(crate) async fn reason(&mut self) -> u8 {
        let packet = self.next().await.expect("a DISCONNECT before the end");
        assert_eq!(packet.packet_type(), DISCONNECT);
        packet.data_as_slice()[0]
    }

    pub(crate) async fn closed(mut self) -> bool {
        while let Some(packet) = self.next().await {
            if packet.packet_type() != DISCONNECT {
                return false;
            }
        }
        true
    }
}

pub(crate) fn publish_v3(topic: &str, payload: &str, qos: Qos, id: Option<u16>) -> Vec<u8> {
    let packet = v3_1_1::Publish::builder()
        .topic_name(topic)
        .unwrap()
        .qos(qos)
        .packet_id(id)
        .payload(payload);
    packet.build().unwrap().to_continuous_buffer()
}

pub(crate) fn publish_v5(topic: &str, payload: &str, qos: Qos, id: Option<u16>) -> Vec<u8> {
    let packet =
        v5_0::Publish::builder().topic_name(topic).unwrap().qos(qos).packet_id(id).payload(payload);
    packet.build().unwrap().to_continuous_buffer()
}

pub(crate) fn pubrel_v3(id: u16) -> Vec<u8> {
    v3_1_1::Pubrel::builder().packet_id(id).build().unwrap().to_continuous_buffer()
}
