//! A process that dies at any moment loses nothing that it acknowledged, and leaves no half batch.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

#[path = "../contract/home.rs"]
#[expect(dead_code, reason = "the contract needs more of it")]
mod home;
#[path = "../contract/sample.rs"]
#[expect(dead_code, reason = "the contract needs more of it")]
mod sample;
#[path = "../contract/sensors/sample.rs"]
mod sensors;

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
    time::Duration,
};

use home::{Home, Place, at_database, in_each_store, server};
use quartier_model::{CityObject, NewObservation};
use quartier_store::{Batch, ObservationQuery, Store, StoreUrl, open};
use sample::{buildings_id, house};
use sensors::{DATASTREAMS, observed, reading};

/// Tells a copy of this test to be the process that dies: the store's URL, and the number of its first batch.
const WRITER_STORE: &str = "QUARTIER_CRASH_STORE";
const WRITER_FIRST: &str = "QUARTIER_CRASH_FIRST";

const ROUNDS: u32 = 12;
const OBJECTS_PER_BATCH: u32 = 150;

/// Writes numbered batches and acknowledges each on its standard output; each puts new objects, and changes and
/// deletes some of the batch before.
#[tokio::test]
async fn the_process_that_dies() {
    let (Ok(url), Ok(first)) = (env::var(WRITER_STORE), env::var(WRITER_FIRST)) else { return };
    let store = open(&url.parse().unwrap(), None).await.unwrap();
    let mut out = std::io::stdout();
    writeln!(out, "opened").unwrap();
    for number in first.parse::<u32>().unwrap().. {
        store.write(&buildings_id(), batch(number)).await.unwrap();
        writeln!(out, "acknowledged {number}").unwrap();
        out.flush().unwrap();
    }
}

fn batch(number: u32) -> Batch {
    let puts = (0..OBJECTS_PER_BATCH).map(|object| in_batch(number, object, number));
    let changes = (0..10).map(|object| in_batch(number.wrapping_sub(1), object, number));
    let delete = in_batch(number.wrapping_sub(1), 20, 0).feature.id;
    Batch { puts: puts.chain(changes).collect(), deletes: vec![delete], ..Batch::default() }
}

/// An object of a batch; its storeys name the batch that wrote it last.
fn in_batch(batch: u32, object: u32, written_by: u32) -> CityObject {
    let mut house = house(object, written_by);
    house.feature.id = format!("{batch}-{object}").parse().unwrap();
    house
}

#[tokio::test]
async fn what_was_acknowledged_survives_the_death_of_the_process() {
    in_each_store(async |home| {
        drop(home.with_buildings().await);
        let mut first = 1;
        for round in 0..ROUNDS {
            let acknowledged =
                write_until_killed("the_process_that_dies", &url(home), first, round);
            let store = home.open().await;
            let whole = whole_batches(&*store).await;
            assert!(
                whole >= acknowledged,
                "batch {acknowledged} was acknowledged, {whole} is there"
            );
            assert!(whole <= acknowledged + 1, "no more than one batch was under way");
            first = whole + 1;
        }
        assert!(first > 1, "the process wrote nothing");
    })
    .await;
}

/// Takes numbered batches of readings, each with the last readings of the batch before once more.
#[tokio::test]
async fn the_observer_that_dies() {
    let (Ok(url), Ok(first)) = (env::var(WRITER_STORE), env::var(WRITER_FIRST)) else { return };
    let store = open(&url.parse().unwrap(), None).await.unwrap();
    let mut out = std::io::stdout();
    writeln!(out, "opened").unwrap();
    for number in first.parse::<u32>().unwrap().. {
        let again = readings(number.wrapping_sub(1)).skip(READINGS_PER_BATCH as usize - 20);
        let batch = again.filter(|_| number > 1).chain(readings(number));
        store.write_sensors(&observed(batch)).await.unwrap();
        writeln!(out, "acknowledged {number}").unwrap();
        out.flush().unwrap();
    }
}

const READINGS_PER_BATCH: u32 = 150;

fn readings(batch: u32) -> impl Iterator<Item = NewObservation> {
    (0..READINGS_PER_BATCH).map(move |number| {
        let datastream = 1 + u64::from(number) % DATASTREAMS;
        let minute = i64::from(batch) * i64::from(READINGS_PER_BATCH) + i64::from(number);
        reading(datastream, minute, f64::from(batch))
    })
}

#[tokio::test]
async fn readings_that_were_acknowledged_survive_once_each() {
    in_each_store(async |home| {
        drop(home.with_station().await);
        let mut first = 1;
        for round in 0..ROUNDS {
            let acknowledged =
                write_until_killed("the_observer_that_dies", &url(home), first, round);
            let store = home.open().await;
            let whole = whole_readings(&*store).await;
            assert!(whole >= acknowledged, "{acknowledged} was acknowledged, {whole} is there");
            assert!(whole <= acknowledged + 1, "no more than one batch was under way");
            first = whole + 1;
        }
        assert!(first > 1, "the process wrote nothing");
    })
    .await;
}

/// The last batch in the store, once it is sure that each up to it is there once, and is counted.
async fn whole_readings(store: &dyn Store) -> u32 {
    let stored = store.observations(&ObservationQuery::default()).await.unwrap();
    let counted: u64 = store.summaries().await.unwrap().iter().map(|it| it.count).sum();
    assert_eq!(counted, stored.len() as u64);
    let mut found: Vec<_> =
        stored.iter().map(|it| (it.phenomenon_time, it.datastream, it.result.number())).collect();
    found.sort_by_key(|(time, ..)| *time);
    let last = stored.len() as u32 / READINGS_PER_BATCH;
    let expected: Vec<_> = (1..=last)
        .flat_map(readings)
        .map(|it| (it.phenomenon_time, it.datastream, it.result.number()))
        .collect();
    assert_eq!(found, expected);
    last
}

/// Returns the last batch that the process acknowledged before it was killed.
fn write_until_killed(writer: &str, url: &str, first: u32, round: u32) -> u32 {
    let mut process = Command::new(env::current_exe().unwrap())
        .args(["--exact", writer, "--nocapture"])
        .env(WRITER_STORE, url)
        .env(WRITER_FIRST, first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.ends_with("opened")), "the process could not open the store");
    let killer = kill_after(process, lifetime(round));
    let acknowledged = lines.filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok());
    let last = acknowledged.last().unwrap_or(first - 1);
    killer.join().unwrap();
    last
}

/// Each round ends at another moment of a batch's writing.
fn lifetime(round: u32) -> Duration {
    Duration::from_micros(u64::from(round) * 17_321 + u64::from(std::process::id() % 9973))
}

fn kill_after(mut process: Child, lifetime: Duration) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        std::thread::sleep(lifetime);
        // SIGKILL.
        process.kill().unwrap();
        process.wait().unwrap();
    })
}

/// The last batch in the store, once it is sure that each up to it is whole and that nothing is there beside them.
async fn whole_batches(store: &dyn Store) -> u32 {
    let stored = store.scan(&buildings_id(), None, 1_000_000).await.unwrap();
    let found: BTreeMap<String, u64> = stored
        .iter()
        .map(|stored| {
            let storeys = stored.feature.properties["storeys"].as_u64().unwrap();
            (stored.feature.id.to_string(), storeys)
        })
        .collect();
    let last = found.values().copied().max().unwrap_or_default() as u32;
    let mut expected = BTreeMap::new();
    for number in 1..=last {
        let batch = batch(number);
        for put in batch.puts {
            expected.insert(put.feature.id.to_string(), u64::from(number));
        }
        expected.remove(batch.deletes[0].as_str());
    }
    assert_eq!(found, expected);
    assert_eq!(store.changes(0, 1_000_000).await.unwrap().len() as u32, last + 1);
    last
}

/// With its password, which the store's own `Display` leaves out.
fn url(home: &Home) -> String {
    match (&home.url, &home.place) {
        (_, Place::Database { name, .. }) => at_database(&server().unwrap(), name),
        (StoreUrl::GeoPackage(path), _) => format!("geopackage:{}", path.display()),
        (StoreUrl::Postgis(_), Place::Folder) => unreachable!("a folder holds a GeoPackage"),
    }
}
