//! The database goes away under load, and comes back.

use std::{thread, time::Duration};

use super::{
    publisher::{Ledger, Publisher, reading},
    station::{datastream, feed, mqtt_address, numbers, post, serve},
};
use crate::{database::Database, program::Server};

/// Readings that devices send before, while and after the database is away.
const BEFORE: u64 = 500;
const MEANWHILE: u64 = 150;
const AFTER: u64 = 500;

/// Requests that must all be turned away.
const TRIES: u64 = 20;

/// Long enough for an acknowledgement that should not come.
const SILENCE: Duration = Duration::from_millis(300);

#[test]
fn while_the_database_is_away_posts_are_turned_away_and_acknowledgements_wait() {
    let Some(database) = Database::create("sensors_away") else { return };
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path(), &database.url(), &[]);
    let by_mqtt = datastream(&server, "MQTT", "level");
    let by_post = datastream(&server, "posts", "level");
    let mut device = Publisher::new(mqtt_address(&server), "device", by_mqtt);
    let (mut ledger, mut posts) = (Ledger::default(), Ledger::default());
    publish(&mut device, 0..BEFORE, &mut ledger);

    // In the middle of a load, so that the writer has a transaction open.
    thread::scope(|scope| {
        let load = scope.spawn(|| {
            let mut load = Ledger::default();
            let sent = (1_000_000..2_000_000)
                .find(|number| try_post(&server, by_post, *number, &mut load) == 503);
            (load, sent)
        });
        database.close();
        let (load, sent) = load.join().unwrap();
        assert!(sent.is_some());
        posts = load;
    });
    for number in BEFORE..BEFORE + MEANWHILE {
        device.publish(number, &mut ledger);
    }
    for number in 2_000_000..2_000_000 + TRIES {
        assert_eq!(try_post(&server, by_post, number, &mut posts), 503);
    }
    assert!(!device.is_answered_within(SILENCE, &mut ledger), "an acknowledgement waits");
    assert_eq!(ledger.acknowledged.len() as u64, BEFORE);

    database.open();
    publish(&mut device, BEFORE + MEANWHILE..BEFORE + MEANWHILE + AFTER, &mut ledger);
    let taken = (3_000_000..4_000_000)
        .find(|number| try_post(&server, by_post, *number, &mut posts) == 201);
    assert!(taken.is_some());
    assert_eq!(numbers(&server, by_mqtt), ledger.sent);
    assert_eq!(ledger.acknowledged, ledger.sent);
    posts.agrees_with(&numbers(&server, by_post), "posted");
    for (name, accepted) in [("mqtt", ledger.sent.len()), ("http", posts.acknowledged.len())] {
        let told = feed(&server, name);
        assert!(told["accepted"].as_u64().unwrap() >= accepted as u64, "{told}");
        assert_eq!((&told["dropped"], &told["rejected"]), (&0.into(), &0.into()), "{told}");
    }
    assert!(feed(&server, "http")["turned_away"].as_u64().unwrap() >= TRIES);
    let (status, log) = server.stop();
    assert!(status.success() && !log.contains("panicked"), "{log}");
}

/// Publishes, and waits for all that is under way.
fn publish(device: &mut Publisher, readings: std::ops::Range<u64>, ledger: &mut Ledger) {
    let mut readings = readings;
    while !readings.is_empty() || device.pending() > 0 {
        while device.has_room()
            && let Some(number) = readings.next()
        {
            device.publish(number, ledger);
        }
        assert!(device.step(ledger), "the connection outlives the database's absence");
    }
}

/// The status; a 503 must say when to try again.
fn try_post(server: &Server, datastream: u64, number: u64, ledger: &mut Ledger) -> u16 {
    ledger.sent.insert(number);
    let path = format!("Datastreams({datastream})/Observations");
    let answer = post(&server.url, &path, &reading(number)).unwrap();
    let status = answer.status().as_u16();
    match status {
        201 => drop(ledger.acknowledged.insert(number)),
        503 => assert!(answer.headers().contains_key("retry-after")),
        other => panic!("{other}"),
    }
    status
}
