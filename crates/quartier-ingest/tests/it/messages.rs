use crate::{
    board::Running,
    device::{BOTH, Device, Seen, Version},
};

#[tokio::test]
async fn a_message_arrives_at_the_quality_of_the_subscription_in_both_versions() {
    let running = Running::start().await;
    for version in BOTH {
        for (published, subscribed) in (0..9).map(|pair| (pair / 3, pair % 3)) {
            speak_and_listen(&running, version, published, subscribed).await;
        }
    }
    assert_eq!(running.taken().len(), 18);
    assert_eq!(running.server.counts().delivered, 18);
    running.stop().await;
}

async fn speak_and_listen(running: &Running, version: Version, published: u8, subscribed: u8) {
    let topic = format!("{version:?}/{published}/{subscribed}");
    let mut listener = Device::new(version, "listener").connect(running.address).await;
    listener.subscribe(&topic, subscribed).await;
    let mut speaker = Device::new(version, "speaker").connect(running.address).await;
    speaker.publish(&topic, "hello", published).await;
    let expected = Seen::Message { topic, payload: "hello".into(), qos: subscribed, retain: false };
    assert_eq!(listener.next().await, expected);
    if published > 0 {
        assert_eq!(speaker.next().await, Seen::Done(None));
    }
    listener.disconnect().await;
    speaker.disconnect().await;
}

#[tokio::test]
async fn a_new_subscriber_has_the_latest_of_each_topic_at_once() {
    let running = Running::start().await;
    let mut speaker = Device::new(Version::V3, "speaker").connect(running.address).await;
    for (topic, payload) in
        [("air/1", "old"), ("air/1", "new"), ("air/2", "two"), ("noise/1", "loud")]
    {
        speaker.publish(topic, payload, 1).await;
        speaker.next().await;
    }
    for version in BOTH {
        let mut listener = Device::new(version, "listener").connect(running.address).await;
        listener.subscribe("air/+", 1).await;
        for (topic, payload) in [("air/1", "new"), ("air/2", "two")] {
            let expected = Seen::Message {
                topic: topic.into(),
                payload: payload.into(),
                qos: 1,
                retain: true,
            };
            assert_eq!(listener.next().await, expected);
        }
        listener.disconnect().await;
    }
}

#[tokio::test]
async fn wildcards_and_overlapping_filters_give_each_message_once() {
    let running = Running::start().await;
    for version in BOTH {
        let mut listener = Device::new(version, "listener").connect(running.address).await;
        for filter in ["a/#", "a/+/c", "+/b/c"] {
            listener.subscribe(filter, 1).await;
        }
        for (topic, payload) in
            [("a/b/c", "1"), ("x/b/c", "2"), ("a", "3"), ("x/y/c", "never"), ("a/b", "4")]
        {
            running.deliver(topic, payload);
        }
        for payload in ["1", "2", "3", "4"] {
            assert_eq!(listener.message().await.1, payload);
        }
        listener.unsubscribe("a/#").await;
        running.deliver("a/b", "never");
        running.deliver("a/b/c", "5");
        assert_eq!(listener.message().await.1, "5");
        listener.disconnect().await;
    }
}

#[tokio::test]
async fn the_caller_knows_which_topics_somebody_wants() {
    let running = Running::start().await;
    let server = &running.server;
    let before = server.filters_version();
    assert!(!server.has_subscriber("air/1"));
    let mut one = Device::new(Version::V5, "one").connect(running.address).await;
    one.subscribe("air/+", 0).await;
    assert!(server.has_subscriber("air/1") && !server.has_subscriber("air"));
    assert_ne!(server.filters_version(), before);
    let known = server.filters_version();
    let mut two = Device::new(Version::V3, "two").connect(running.address).await;
    two.subscribe("air/+", 0).await;
    assert_eq!(
        server.filters_version(),
        known,
        "a second subscriber changes nothing for the caller"
    );
    assert_eq!(server.filters().len(), 1);
    one.disconnect().await;
    two.vanish().await;
    crate::board::eventually(|| !server.has_subscriber("air/1")).await;
    assert!(server.filters().is_empty());
}

#[tokio::test]
async fn a_refused_subscription_gets_nothing_and_the_others_do() {
    let running = Running::start().await;
    for (version, refused) in [(Version::V3, "Failure"), (Version::V5, "NotAuthorized")] {
        let mut listener = Device::new(version, "listener").connect(running.address).await;
        assert_eq!(listener.subscribe("refused/x", 0).await, [refused]);
        assert_ne!(listener.subscribe("allowed/x", 0).await, [refused]);
        running.deliver("refused/x", "never");
        running.deliver("allowed/x", "seen");
        assert_eq!(listener.message().await.1, "seen");
        listener.disconnect().await;
    }
}
