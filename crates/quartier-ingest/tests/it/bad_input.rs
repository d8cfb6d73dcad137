use std::time::Duration;

use mqtt_protocol_core::mqtt::packet::{
    Property, Qos, SubEntry, SubOpts, TopicAlias, v3_1_1, v5_0,
};
use proptest::{collection::vec, prelude::*};
use quartier_ingest::server::{Limits, MqttServer};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout,
};

use crate::{
    board::{Running, eventually},
    device::{Device, Seen, Version},
    raw::{Raw, publish_v3},
};

fn conversation_v3() -> Vec<Vec<u8>> {
    let connect = v3_1_1::Connect::builder().client_id("cut").unwrap();
    let connect =
        connect.will_message("will", "gone".as_bytes().to_vec(), Qos::AtLeastOnce, false).unwrap();
    let connect = connect.user_name("ada").unwrap().password("secret").unwrap().keep_alive(60);
    let entry = SubEntry::new("air/#", SubOpts::new().set_qos(Qos::ExactlyOnce)).unwrap();
    vec![
        connect.build().unwrap().to_continuous_buffer(),
        v3_1_1::Subscribe::builder()
            .packet_id(1_u16)
            .entries(vec![entry])
            .build()
            .unwrap()
            .to_continuous_buffer(),
        publish_v3("air/1", "{\"result\":1}", Qos::ExactlyOnce, Some(2)),
        publish_v3("air/2", "{\"result\":2}", Qos::AtLeastOnce, Some(3)),
    ]
}

fn conversation_v5() -> Vec<Vec<u8>> {
    let connect = v5_0::Connect::builder().client_id("cut").unwrap();
    let entry = SubEntry::new("air/#", SubOpts::new().set_qos(Qos::AtLeastOnce)).unwrap();
    let alias: Property = TopicAlias::new(3).unwrap().into();
    let publish = v5_0::Publish::builder()
        .topic_name("air/1")
        .unwrap()
        .qos(Qos::AtLeastOnce)
        .packet_id(Some(2));
    let unsubscribe = v5_0::Unsubscribe::builder().packet_id(4).entries(vec!["air/#"]).unwrap();
    vec![
        connect.build().unwrap().to_continuous_buffer(),
        v5_0::Subscribe::builder()
            .packet_id(1_u16)
            .entries(vec![entry])
            .build()
            .unwrap()
            .to_continuous_buffer(),
        publish.props(vec![alias]).payload("{}").build().unwrap().to_continuous_buffer(),
        unsubscribe.build().unwrap().to_continuous_buffer(),
    ]
}

/// Says the bytes and nothing more; the server has to come to an end by itself.
async fn say(running: &Running, bytes: &[u8]) -> Vec<u8> {
    let (near, far) = tokio::io::duplex(64 * 1024);
    let server: MqttServer<_> = running.server.clone();
    let serving = tokio::spawn(async move {
        server.connection(far, quartier_ingest::server::Transport::WebSocket).await;
    });
    let (mut answers, mut speech) = tokio::io::split(near);
    // The server may close before it has heard everything.
    let _ = speech.write_all(bytes).await;
    let _ = speech.shutdown().await;
    let mut heard = Vec::new();
    let listening = timeout(Duration::from_secs(20), answers.read_to_end(&mut heard));
    listening.await.expect("the connection comes to its end").unwrap();
    serving.await.expect("nothing panics");
    heard
}

#[tokio::test]
async fn packets_cut_short_at_every_byte_end_the_connection_and_nothing_else() {
    let running = Running::start().await;
    let mut witness = Device::new(Version::V5, "witness").connect(running.address).await;
    witness.subscribe("witness", 1).await;
    for conversation in [conversation_v3(), conversation_v5()] {
        let whole = conversation.concat();
        for length in 0..=whole.len() {
            say(&running, &whole[..length]).await;
        }
    }
    assert_eq!(running.server.counts().connections, 1);
    running.deliver("witness", "undisturbed");
    assert_eq!(witness.message().await.1, "undisturbed");
}

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let whole = prop_oneof![Just(conversation_v3().concat()), Just(conversation_v5().concat())];
    (whole, vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)).prop_map(
        |(mut bytes, changes)| {
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_bytes_make_the_server_panic(bytes in prop_oneof![vec(any::<u8>(), 0..200), mutated()]) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { say(&Running::start().await, &bytes).await });
    }
}

#[tokio::test]
async fn the_first_packet_has_to_be_a_connect_and_only_the_first() {
    let running = Running::start().await;
    let mut early = Raw::dial(running.address).await;
    early.send(&publish_v3("air", "x", Qos::AtMostOnce, None)).await;
    assert!(early.closed().await);
    let again = v5_0::Connect::builder()
        .client_id("twice")
        .unwrap()
        .build()
        .unwrap()
        .to_continuous_buffer();
    let mut twice = Raw::connect_v5(running.address, "twice").await;
    twice.send(&again).await;
    assert_eq!(twice.reason().await, 0x82, "a protocol error");
    assert_eq!(running.server.counts().malformed, 1);
}

#[tokio::test]
async fn each_violation_has_its_reason() {
    let running = Running::with(Limits { packet_bytes: 1_000, ..Limits::default() }).await;
    let alias: Property = TopicAlias::new(9).unwrap().into();
    let unknown = v5_0::Publish::builder()
        .topic_name("")
        .unwrap()
        .props(vec![alias])
        .payload("x")
        .build()
        .unwrap();
    let large = publish_v3("air", &"x".repeat(1_000), Qos::AtMostOnce, None);
    let without_id = [0x32, 6, 0, 1, b'a', 0, 0, 0];
    let cases: [(&[u8], u8); 6] = [
        (&large, 0x95),
        (&unknown.to_continuous_buffer(), 0x94),
        (&without_id, 0x82),
        (&[0x30, 4, 0, 1, b'+', 0], 0x90),
        (&[0x36, 4, 0, 1, b'a', 0], 0x81),
        (&[0x80, 0], 0x81),
    ];
    for (bytes, expected) in cases {
        let mut client = Raw::connect_v5(running.address, "bad").await;
        client.send(bytes).await;
        assert_eq!(client.reason().await, expected, "{bytes:x?}");
    }
    eventually(|| running.server.counts().malformed == 6).await;
}

#[tokio::test]
async fn versions_that_are_not_spoken_are_told_so() {
    let running = Running::start().await;
    let ancient = [&[0x10, 14, 0, 6][..], b"MQIsdp", &[3, 2, 0, 60, 0, 0]].concat();
    assert_eq!(say(&running, &ancient).await, [0x20, 2, 0, 1]);
    let future = [&[0x10, 13, 0, 4][..], b"MQTT", &[6, 2, 0, 60, 0, 0, 0]].concat();
    assert_eq!(say(&running, &future).await, [0x20, 3, 0, 0x84, 0]);
    let nameless = [&[0x10, 12, 0, 4][..], b"MQTT", &[4, 0, 0, 60, 0, 0]].concat();
    assert_eq!(say(&running, &nameless).await, [0x20, 2, 0, 2], "a session without a name");
}

#[tokio::test]
async fn silence_ends_a_connection() {
    let running =
        Running::with(Limits { connect_timeout: Duration::from_millis(20), ..Limits::default() })
            .await;
    assert!(Raw::dial(running.address).await.closed().await, "no CONNECT");
    let connect =
        v5_0::Connect::builder().client_id("mute").unwrap().keep_alive(1).build().unwrap();
    let mut mute = Raw::dial(running.address).await;
    mute.send(&connect.to_continuous_buffer()).await;
    mute.next().await;
    assert_eq!(
        mute.reason().await,
        0x8D,
        "no sign of life in one and a half times the promised time"
    );
}

#[tokio::test]
async fn more_subscriptions_than_one_client_may_have_are_refused_one_by_one() {
    let running = Running::with(Limits { subscriptions_per_client: 2, ..Limits::default() }).await;
    let mut client = Device::new(Version::V5, "greedy").connect(running.address).await;
    for (filter, answer) in
        [("a", "Success(AtMostOnce)"), ("b", "Success(AtMostOnce)"), ("c", "QuotaExceeded")]
    {
        assert_eq!(client.subscribe(filter, 0).await, [answer]);
    }
    assert_eq!(
        client.subscribe("a", 1).await,
        ["Success(AtLeastOnce)"],
        "one that it has may be changed"
    );
    assert_eq!(client.subscribe("$share/g/a", 0).await, ["SharedSubscriptionsNotSupported"]);
    client.publish("a", "x", 1).await;
    assert!(matches!(client.next().await, Seen::Message { .. } | Seen::Done(None)));
}
