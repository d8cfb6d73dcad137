use mqtt_protocol_core::mqtt::packet::{Qos, SubEntry, SubOpts, v3_1_1};
use quartier_ingest::server::Limits;
use tokio::io::AsyncReadExt as _;

use crate::{
    board::{Running, eventually},
    device::{Device, Version},
    raw::Raw,
};

async fn subscribe(client: &mut Raw, qos: Qos) {
    let entry = SubEntry::new("flood", SubOpts::new().set_qos(qos)).unwrap();
    let packet =
        v3_1_1::Subscribe::builder().packet_id(1_u16).entries(vec![entry]).build().unwrap();
    client.send(&packet.to_continuous_buffer()).await;
    assert_eq!(client.next().await.unwrap().packet_type(), 9);
}

/// So many messages of 16 KiB that no socket buffer on the way holds them.
const FLOOD: usize = 4_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_reads_loses_messages_and_holds_up_nobody() {
    let running = Running::with(Limits { waiting_messages: 100, ..Limits::default() }).await;
    let mut deaf = Raw::connect_v3(running.address, "deaf").await;
    subscribe(&mut deaf, Qos::AtMostOnce).await;
    let payload = "x".repeat(16 * 1024);
    for _ in 0..FLOOD {
        running.deliver("flood", &payload);
    }
    eventually(|| running.server.counts().dropped > 0).await;
    let mut other = Device::new(Version::V5, "other").connect(running.address).await;
    other.subscribe("flood", 1).await;
    running.deliver("flood", "seen");
    assert_eq!(other.message().await.1, "seen");
    assert_eq!(running.server.counts().slow, 0, "at quality 0 it stays connected");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_reads_what_may_not_be_lost_is_disconnected() {
    let running = Running::with(Limits { waiting_messages: 100, ..Limits::default() }).await;
    let mut deaf = Raw::connect_v3(running.address, "deaf").await;
    subscribe(&mut deaf, Qos::AtLeastOnce).await;
    let payload = "x".repeat(16 * 1024);
    for _ in 0..FLOOD {
        running.deliver("flood", &payload);
    }
    eventually(|| running.server.counts().slow == 1).await;
    let mut rest = Vec::new();
    deaf.stream.read_to_end(&mut rest).await.unwrap_or_default();
    eventually(|| running.server.counts().connections == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_idle_clients_are_served_beside_a_busy_one() {
    // Both ends are files of this process; a shell allows 1,024.
    rlimit::increase_nofile_limit(8_192).unwrap();
    let running = Running::start().await;
    let mut idle = Vec::new();
    for number in 0..2_000 {
        idle.push(Raw::connect_v5(running.address, &format!("idle-{number}")).await);
    }
    assert_eq!(running.server.counts().connections, 2_000);
    let mut busy = Device::new(Version::V3, "busy").connect(running.address).await;
    busy.subscribe("air", 1).await;
    for number in 0..100 {
        busy.publish("air", &number.to_string(), 1).await;
    }
    for number in 0..100 {
        assert_eq!(busy.message().await.1, number.to_string());
    }
    drop(idle);
    eventually(|| running.server.counts().connections == 1).await;
}

#[tokio::test]
async fn one_connection_too_many_is_turned_away() {
    let running = Running::with(Limits { connections: 2, ..Limits::default() }).await;
    let one = Raw::connect_v5(running.address, "one").await;
    let _two = Raw::connect_v5(running.address, "two").await;
    assert!(Raw::dial(running.address).await.closed().await);
    assert_eq!(running.server.counts().turned_away, 1);
    drop(one);
    eventually(|| running.server.counts().connections == 1).await;
    Raw::connect_v5(running.address, "three").await;
}
