use mqtt_protocol_core::mqtt::packet::Qos;
use quartier_ingest::server::Limits;

use crate::{
    board::{Running, eventually},
    device::{Device, Seen, Version},
    raw::{PUBACK, PUBCOMP, PUBREC, Raw, publish_v3, publish_v5, pubrel_v3},
};

#[tokio::test]
async fn a_publish_is_acknowledged_after_it_is_safe_and_in_order() {
    let running = Running::start().await;
    let closed = running.server.topics().door.clone().lock_owned().await;
    let mut client = Raw::connect_v3(running.address, "sensor").await;
    for id in 1..=200_u16 {
        let qos = if id % 3 == 0 { Qos::ExactlyOnce } else { Qos::AtLeastOnce };
        client.send(&publish_v3("air", &id.to_string(), qos, Some(id))).await;
    }
    running.asked(200).await;
    // A ping is answered at once, so no acknowledgement has been sent before.
    client.send(&[0xC0, 0]).await;
    assert_eq!(client.next().await.unwrap().packet_type(), 13);
    drop(closed);
    for id in 1..=200_u16 {
        assert_eq!(client.id_of(if id % 3 == 0 { PUBREC } else { PUBACK }).await, id);
    }
    assert_eq!(running.taken().len(), 200);
}

#[tokio::test]
async fn a_slow_caller_stops_the_reading_and_loses_nothing() {
    let running = Running::with(Limits { receive_maximum: 4, ..Limits::default() }).await;
    let closed = running.server.topics().door.clone().lock_owned().await;
    let mut client = Raw::connect_v3(running.address, "sensor").await;
    for id in 1..=100_u16 {
        client.send(&publish_v3("air", &id.to_string(), Qos::AtLeastOnce, Some(id))).await;
    }
    let mut other = Device::new(Version::V5, "other").connect(running.address).await;
    other.subscribe("air", 0).await;
    running.asked(4).await;
    assert_eq!(*running.server.topics().asked.borrow(), 4, "no more than that are asked at once");
    drop(closed);
    for id in 1..=100_u16 {
        assert_eq!(client.id_of(PUBACK).await, id);
        assert_eq!(other.message().await.1, id.to_string());
    }
}

#[tokio::test]
async fn what_is_sent_again_at_quality_two_is_taken_once() {
    let running = Running::start().await;
    let again = |mut packet: Vec<u8>| {
        packet[0] |= 0b1000;
        packet
    };
    let publish = publish_v3("air", "once", Qos::ExactlyOnce, Some(7));
    let closed = running.server.topics().door.clone().lock_owned().await;
    let mut first = Raw::connect_v3(running.address, "sensor").await;
    first.send(&publish).await;
    running.asked(1).await;
    drop(first);
    // The client comes back while its message is still on the way to the store.
    let second = tokio::spawn({
        let address = running.address;
        async move { Raw::connect_v3(address, "sensor").await }
    });
    drop(closed);
    let mut second = second.await.unwrap();
    second.send(&again(publish.clone())).await;
    assert_eq!(second.id_of(PUBREC).await, 7);
    second.send(&again(publish.clone())).await;
    assert_eq!(second.id_of(PUBREC).await, 7);
    second.send(&pubrel_v3(7)).await;
    assert_eq!(second.id_of(PUBCOMP).await, 7);
    assert_eq!(running.taken(), ["once"]);
    second.send(&publish).await;
    assert_eq!(second.id_of(PUBREC).await, 7);
    assert_eq!(running.taken(), ["once", "once"], "the number is free for the next message");
}

#[tokio::test]
async fn what_a_client_has_published_is_finished_though_it_is_gone() {
    let running = Running::start().await;
    let closed = running.server.topics().door.clone().lock_owned().await;
    let mut client = Raw::connect_v3(running.address, "sensor").await;
    client.send(&publish_v3("air", "last words", Qos::AtLeastOnce, Some(1))).await;
    running.asked(1).await;
    drop(client);
    drop(closed);
    eventually(|| running.taken() == ["last words"]).await;
}

#[tokio::test]
async fn a_server_that_stops_finishes_what_was_published_and_says_so() {
    let running = Running::start().await;
    let closed = running.server.topics().door.clone().lock_owned().await;
    let mut client = Raw::connect_v3(running.address, "sensor").await;
    for id in 1..=50_u16 {
        client.send(&publish_v3("air", &id.to_string(), Qos::AtLeastOnce, Some(id))).await;
    }
    running.asked(50).await;
    let stopping = tokio::spawn(running.stop());
    drop(closed);
    for id in 1..=50_u16 {
        assert_eq!(client.id_of(PUBACK).await, id);
    }
    assert!(client.closed().await);
    stopping.await.unwrap();
}

#[tokio::test]
async fn refusals_have_reasons_in_version_5() {
    let running = Running::start().await;
    let mut client = Device::new(Version::V5, "sensor").connect(running.address).await;
    let cases = [
        ("refused/right", "NotAuthorized"),
        ("refused/topic", "TopicNameInvalid"),
        ("refused/payload", "PayloadFormatInvalid"),
    ];
    for (topic, reason) in cases {
        for qos in [1, 2] {
            client.publish(topic, "x", qos).await;
            assert_eq!(client.next().await, Seen::Done(Some(reason.into())), "{topic}");
        }
    }
    assert_eq!(running.server.counts().refused, 6);
    let mut client = Raw::connect_v5(running.address, "other").await;
    client.send(&publish_v5("refused/now", "x", Qos::AtLeastOnce, Some(1))).await;
    assert_eq!(client.reason().await, 0x89, "busy: to be sent again later");
}

#[tokio::test]
async fn refusals_in_version_3_end_the_connection_or_are_acknowledged() {
    let running = Running::start().await;
    for (topic, acknowledged) in [
        ("refused/topic", true),
        ("refused/payload", true),
        ("refused/right", false),
        ("refused/now", false),
    ] {
        let mut client = Device::new(Version::V3, "sensor").connect(running.address).await;
        client.publish(topic, "x", 1).await;
        match client.next().await {
            Seen::Done(None) => assert!(acknowledged, "{topic}"),
            Seen::Ended(_) => assert!(!acknowledged, "{topic}"),
            other => panic!("{other:?}"),
        }
    }
    assert!(running.taken().is_empty());
}
