use std::time::Duration;

use quartier_ingest::server::Limits;

use crate::{
    board::{Running, eventually},
    device::{BOTH, Device, Seen, Version},
    raw::Raw,
};

#[tokio::test]
async fn a_session_keeps_messages_while_its_client_is_away() {
    let running = Running::start().await;
    for version in BOTH {
        let device = Device::new(version, "sleeper").keeping_its_session();
        let mut first = device.connect(running.address).await;
        first.subscribe("news/#", 2).await;
        first.disconnect().await;
        eventually(|| running.server.counts().connections == 0).await;
        for number in 0..5 {
            running.deliver("news/today", &number.to_string());
        }
        let mut second = device.dial(running.address);
        assert_eq!(second.next().await, Seen::Connected { session_present: true });
        for number in 0..5 {
            assert_eq!(second.message().await.1, number.to_string());
        }
        second.disconnect().await;

        let mut fresh = Device::new(version, "sleeper").dial(running.address);
        assert_eq!(fresh.next().await, Seen::Connected { session_present: false });
        fresh.disconnect().await;
        eventually(|| running.server.filters().is_empty()).await;
    }
}

#[tokio::test]
async fn what_waits_for_a_sleeping_client_is_bounded_and_counted() {
    let running = Running::with(Limits { sleeping_messages: 3, ..Limits::default() }).await;
    let device = Device::new(Version::V5, "sleeper").keeping_its_session();
    let mut first = device.connect(running.address).await;
    first.subscribe("news", 1).await;
    first.disconnect().await;
    eventually(|| running.server.counts().connections == 0).await;
    for number in 0..10 {
        running.deliver("news", &number.to_string());
    }
    assert_eq!(running.server.counts().dropped, 7);
    let mut second = device.connect(running.address).await;
    for number in 0..3 {
        assert_eq!(second.message().await.1, number.to_string());
    }
}

#[tokio::test]
async fn only_so_many_sessions_sleep() {
    let running = Running::with(Limits { sleeping_sessions: 1, ..Limits::default() }).await;
    for (name, kept) in [("first", true), ("second", false)] {
        let device = Device::new(Version::V3, name).keeping_its_session();
        device.connect(running.address).await.disconnect().await;
        eventually(|| running.server.counts().connections == 0).await;
        let mut again = device.dial(running.address);
        assert_eq!(again.next().await, Seen::Connected { session_present: kept });
        again.disconnect().await;
        eventually(|| running.server.counts().connections == 0).await;
    }
}

#[tokio::test]
async fn a_session_ends_when_its_time_is_over() {
    let running =
        Running::with(Limits { session_expiry: Duration::from_millis(50), ..Limits::default() })
            .await;
    let mut device =
        Device::new(Version::V5, "sleeper").keeping_its_session().connect(running.address).await;
    device.subscribe("news", 1).await;
    device.disconnect().await;
    eventually(|| running.server.filters().is_empty()).await;
}

#[tokio::test]
async fn a_second_connection_takes_the_name_over() {
    let running = Running::start().await;
    for version in BOTH {
        let mut first = Raw::connect_v5(running.address, "twin").await;
        let mut second = Device::new(version, "twin").connect(running.address).await;
        assert_eq!(first.reason().await, 0x8E);
        second.subscribe("a", 0).await;
        running.deliver("a", "still here");
        assert_eq!(second.message().await.1, "still here");
        second.disconnect().await;
    }
}

#[tokio::test]
async fn a_will_is_published_for_a_client_that_vanishes_and_not_for_one_that_leaves() {
    let running = Running::start().await;
    for version in BOTH {
        let mut listener = Device::new(version, "listener").connect(running.address).await;
        listener.subscribe("wills/#", 1).await;
        let polite = Device::new(version, "polite").with_will("wills/polite", "never");
        polite.connect(running.address).await.disconnect().await;
        let hasty = Device::new(version, "hasty").with_will("wills/hasty", "gone");
        hasty.connect(running.address).await.vanish().await;
        assert_eq!(listener.message().await, ("wills/hasty".into(), "gone".into()));
        listener.disconnect().await;
    }
    assert_eq!(running.taken(), ["gone", "gone"]);
}

#[tokio::test]
async fn users_are_asked_for_their_password() {
    let running = Running::start().await;
    for version in BOTH {
        Device::new(version, "d")
            .with_login("ada", "secret")
            .connect(running.address)
            .await
            .disconnect()
            .await;
        let mut wrong = Device::new(version, "d").with_login("ada", "guess").dial(running.address);
        let Seen::Ended(reason) = wrong.next().await else {
            panic!("a wrong password lets nobody in")
        };
        assert!(reason.contains("BadUserNamePassword"), "{reason}");
        let mut stranger =
            Device::new(version, "d").with_login("stranger", "x").dial(running.address);
        let Seen::Ended(reason) = stranger.next().await else { panic!("a stranger is let in") };
        assert!(reason.contains("NotAuthorized"), "{reason}");
    }
    assert_eq!(running.server.counts().turned_away, 4);
}

#[tokio::test]
async fn a_server_that_stops_tells_its_clients() {
    let running = Running::start().await;
    let mut new = Raw::connect_v5(running.address, "new").await;
    let mut old = Device::new(Version::V3, "old").connect(running.address).await;
    running.stop().await;
    assert_eq!(new.reason().await, 0x8B);
    assert!(matches!(old.next().await, Seen::Ended(_)));
}
