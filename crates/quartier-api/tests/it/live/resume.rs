use std::collections::BTreeMap;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;

use super::client::{Client, Event, said};
use crate::{
    sensed::Sensed,
    sensorthings::{datastream, place},
};

const DATASTREAMS: u64 = 60;
const SEEDS: u64 = 4;

async fn with_many() -> Sensed {
    let sensed = Sensed::new().await;
    let thing = json!({
        "name": "Mast",
        "description": "On a hill",
        "Locations": [place("Hill", 7.62, 51.96)],
        "Datastreams": vec![datastream("Noise"); DATASTREAMS as usize],
    });
    sensed.make("Things", &thing).await;
    sensed
}

/// One after the other.
async fn write(sensed: &Sensed, readings: impl Iterator<Item = (u64, f64)>) {
    for reading in readings {
        sensed.observe([reading]).await;
    }
}

/// Reads until all is heard, and loses the connection again and again, often in the middle of an event.
async fn hear(
    sensed: &Sensed,
    mut last: String,
    seed: u64,
    is_all: impl Fn(&[Event]) -> bool,
) -> Vec<Event> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut heard = Vec::new();
    while !is_all(&heard) {
        let rate = ["0.5", "4", "20"][random.random_range(0..3)];
        let mut client = Client::resume(sensed, &format!("rate={rate}"), &last).await;
        // The first piece says when to come back, and nothing else.
        for _ in 0..random.random_range(0..3) {
            if !is_all(&heard) {
                heard.extend(client.next().await);
            }
        }
        if is_all(&heard) {
            break;
        }
        let (events, id) = client.break_off(random.random_range(0.0..1.2_f64).min(1.0)).await;
        heard.extend(events);
        last = id.unwrap();
    }
    heard
}

fn readings(events: &[Event]) -> Vec<(u64, f64)> {
    let readings = events.iter().filter(|event| event.name == "readings");
    readings.flat_map(|event| event.data.as_array().unwrap()).map(said).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_hears_each_reading_once() {
    for seed in 0..SEEDS {
        let sensed = with_many().await;
        let mut client = Client::open(&sensed, "").await;
        client.snapshot().await;
        let last = client.last.unwrap();
        let writing = write(&sensed, (1..=DATASTREAMS).map(|datastream| (datastream, 1.0)));
        let is_all = |events: &[Event]| readings(events).len() as u64 >= DATASTREAMS;
        let (heard, ()) = tokio::join!(hear(&sensed, last, seed, is_all), writing);
        assert!(heard.iter().all(|event| event.name == "readings"), "no reset and no snapshot");
        let mut numbers: Vec<u64> = readings(&heard).iter().map(|(id, _)| *id).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=DATASTREAMS).collect::<Vec<_>>(), "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_hears_the_last_of_many_and_nothing_twice() {
    const ROUNDS: u32 = 20;
    for seed in 0..SEEDS {
        let sensed = with_many().await;
        let mut client = Client::open(&sensed, "").await;
        client.snapshot().await;
        let last = client.last.unwrap();
        let rounds = (1..=ROUNDS).map(f64::from);
        let writing = write(&sensed, rounds.flat_map(|round| (1..=10).map(move |id| (id, round))));
        let has_ended = |events: &[Event]| {
            let last: BTreeMap<u64, f64> = readings(events).into_iter().collect();
            last.len() == 10 && last.values().all(|value| *value == f64::from(ROUNDS))
        };
        let (heard, ()) = tokio::join!(hear(&sensed, last, seed, has_ended), writing);
        let mut by_datastream: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for (datastream, value) in readings(&heard) {
            by_datastream.entry(datastream).or_default().push(value);
        }
        for values in by_datastream.values() {
            assert!(values.is_sorted_by(|one, next| one < next), "seed {seed}: {values:?}");
        }
    }
}

#[tokio::test]
async fn what_was_held_back_comes_to_whoever_comes_back() {
    let sensed = with_many().await;
    let mut client = Client::open(&sensed, "rate=0.1").await;
    client.snapshot().await;
    sensed.observe([(1, 1.0)]).await;
    assert_eq!(client.readings().await, [(1, 1.0)]);
    sensed.observe([(1, 2.0)]).await;
    sensed.observe([(2, 5.0)]).await;
    assert_eq!(client.readings().await, [(2, 5.0)], "a channel speaks every ten seconds");
    let last = client.last.clone().unwrap();
    assert!(last.ends_with(".1"), "{last}");
    let mut again = Client::resume(&sensed, "", &last).await;
    assert_eq!(again.readings().await, [(1, 2.0)]);
}
