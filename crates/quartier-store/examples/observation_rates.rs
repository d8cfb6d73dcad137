//! How fast a store takes and gives observations:
//! `cargo run --release -p quartier-store --example observation_rates -- URL COUNT`. The store should be new.
#![expect(clippy::print_stdout, reason = "a program that reports to its caller")]
#![expect(clippy::unwrap_used, reason = "a program that is of use only where all goes well")]

use std::{env, time::Instant};

use quartier_model::{
    Channel, Datastream, Entity, EntityId, FeatureOfInterest, NewObservation, ObservedProperty,
    Period, Place, Properties, Repeats, ResultValue, Sensor, Thing, Unit,
};
use quartier_store::KeyValue;
use quartier_store::{
    Bounds, ObservationFilter, ObservationKey, ObservationOrder, ObservationQuery, OrderBy,
    SensorBatch, Store, StoreUrl, open,
};
use serde_json::json;
use time::{Duration, OffsetDateTime, macros::datetime};

const DATASTREAMS: u64 = 4000;
const START: OffsetDateTime = datetime!(2024-01-01 0:00 UTC);

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, count] = arguments.as_slice() else { panic!("usage: observation_rates URL COUNT") };
    let (url, count): (StoreUrl, u64) = (url.parse().unwrap(), count.parse().unwrap());
    let store = open(&url, None).await.unwrap();
    let known = store.entities().await.unwrap();
    if known.entities.is_empty() {
        store
            .write_sensors(&SensorBatch { puts: entities(), ..SensorBatch::default() })
            .await
            .unwrap();
    }
    let mut written = store.count_observations(&ObservationFilter::default()).await.unwrap();
    let total = written + count;
    // Every datastream in turn, each quarter of an hour.
    let rounds = total / DATASTREAMS + 1;
    let step = Duration::minutes(15);
    fill(&*store, &mut written, total * 9 / 10, 5000, step).await;
    for size in [5000, 1000, 200, 50, 1] {
        let share = (count / 50).min(size * 200);
        write(&*store, &mut written, share, size, step, DATASTREAMS).await;
    }
    write(&*store, &mut written, 100_000.min(count / 10), 1000, step, 4).await;
    fill(&*store, &mut written, total, 5000, step).await;
    ask(&*store, START + step * (rounds as i32)).await;
}

async fn fill(store: &dyn Store, written: &mut u64, total: u64, size: u64, step: Duration) {
    if *written < total {
        write(store, written, total - *written, size, step, DATASTREAMS).await;
    }
}

async fn write(
    store: &dyn Store,
    written: &mut u64,
    count: u64,
    size: u64,
    step: Duration,
    spread: u64,
) {
    let started = Instant::now();
    let mut idle = 0.0;
    let (mut done, mut slowest) = (0, 0.0_f64);
    while done < count {
        let making = Instant::now();
        let observations =
            (*written..*written + size).map(|number| observation(number, step, spread)).collect();
        idle += making.elapsed().as_secs_f64();
        let batch = SensorBatch { observations, ..SensorBatch::default() };
        let writing = Instant::now();
        let receipt = store.write_sensors(&batch).await.unwrap();
        slowest = slowest.max(writing.elapsed().as_secs_f64());
        assert!(receipt.observations.iter().all(|it| it.is_new));
        *written += size;
        done += size;
    }
    let seconds = started.elapsed().as_secs_f64() - idle;
    println!(
        "{done} by {size} over {spread} datastreams: {:.0} rows/s, slowest batch {:.0} ms",
        done as f64 / seconds,
        slowest * 1e3
    );
}

fn observation(number: u64, step: Duration, spread: u64) -> NewObservation {
    let datastream = number % spread;
    // Never the same time twice.
    let time = START
        + step * ((number / DATASTREAMS) as i32)
        + Duration::microseconds((number % DATASTREAMS) as i64);
    NewObservation {
        datastream: EntityId(1 + datastream),
        feature: Some(EntityId(1 + datastream / 4)),
        phenomenon_time: Period::instant(time),
        result_time: Some(time),
        result: ResultValue::Number((number % 1000) as f64 / 10.0),
        valid_time: None,
        quality: None,
        parameters: None,
        repeats: Repeats::Merged,
    }
}

async fn ask(store: &dyn Store, end: OffsetDateTime) {
    let by = |by, is_descending| ObservationOrder { by, is_descending };
    let datastreams = |ids: std::ops::RangeInclusive<u64>| ObservationFilter {
        datastreams: Some(ids.map(EntityId).collect()),
        ..ObservationFilter::default()
    };
    let day = Bounds { min: Some(end - Duration::days(1)), max: None };
    let page = ObservationQuery { limit: 100, ..ObservationQuery::default() };
    let queries = [
        ("first page by id", page.clone()),
        (
            "deep page by id",
            ObservationQuery {
                after: Some(ObservationKey { value: KeyValue::Id, id: EntityId(1_000_000) }),
                ..page.clone()
            },
        ),
        ("skip a million", ObservationQuery { skip: 1_000_000, ..page.clone() }),
        ("a datastream by id", ObservationQuery { filter: datastreams(77..=77), ..page.clone() }),
        (
            "a datastream's newest 1",
            ObservationQuery {
                filter: datastreams(77..=77),
                order: by(OrderBy::PhenomenonTime, true),
                limit: 1,
                ..page.clone()
            },
        ),
        (
            "a datastream's oldest 100",
            ObservationQuery {
                filter: datastreams(77..=77),
                order: by(OrderBy::PhenomenonTime, false),
                ..page.clone()
            },
        ),
        (
            "a datastream by result time desc",
            ObservationQuery {
                filter: datastreams(77..=77),
                order: by(OrderBy::ResultTime, true),
                ..page.clone()
            },
        ),
        (
            "a datastream by result",
            ObservationQuery {
                filter: datastreams(77..=77),
                order: by(OrderBy::Result, true),
                ..page.clone()
            },
        ),
        (
            "4 datastreams, newest 100",
            ObservationQuery {
                filter: datastreams(77..=80),
                order: by(OrderBy::PhenomenonTime, true),
                ..page.clone()
            },
        ),
        (
            "newest of 400",
            ObservationQuery {
                filter: datastreams(1..=400),
                for_each_datastream: true,
                order: by(OrderBy::PhenomenonTime, true),
                limit: 1,
                ..page.clone()
            },
        ),
        (
            "newest of each",
            ObservationQuery {
                for_each_datastream: true,
                order: by(OrderBy::PhenomenonTime, true),
                limit: 1,
                ..page.clone()
            },
        ),
        (
            "newest 100 of all",
            ObservationQuery { order: by(OrderBy::PhenomenonTime, true), ..page.clone() },
        ),
        (
            "last day by id",
            ObservationQuery {
                filter: ObservationFilter { phenomenon_start: day, ..Default::default() },
                ..page.clone()
            },
        ),
        (
            "a datastream's last day",
            ObservationQuery {
                filter: ObservationFilter { phenomenon_start: day, ..datastreams(77..=77) },
                ..page.clone()
            },
        ),
        (
            "a feature by id",
            ObservationQuery {
                filter: ObservationFilter {
                    features: Some(vec![EntityId(20)]),
                    ..Default::default()
                },
                ..page.clone()
            },
        ),
        (
            "as of, newest of each",
            ObservationQuery {
                for_each_datastream: true,
                order: by(OrderBy::PhenomenonTime, true),
                limit: 1,
                filter: ObservationFilter {
                    phenomenon_start: Bounds { min: None, max: Some(end - Duration::days(1)) },
                    ..Default::default()
                },
                ..page.clone()
            },
        ),
    ];
    for (what, query) in &queries {
        let mut best = f64::MAX;
        let mut found = Ok(0);
        for _ in 0..5 {
            let started = Instant::now();
            found = store.observations(query).await.map(|it| it.len());
            best = best.min(started.elapsed().as_secs_f64());
        }
        println!("{what}: {:.2} ms, {found:?}", best * 1e3);
    }
    for (what, filter) in [
        ("count all", ObservationFilter::default()),
        ("count a datastream", datastreams(77..=77)),
        ("count the last day", ObservationFilter { phenomenon_start: day, ..Default::default() }),
    ] {
        let started = Instant::now();
        let count = store.count_observations(&filter).await;
        println!("{what}: {:.2} ms, {count:?}", started.elapsed().as_secs_f64() * 1e3);
    }
    let started = Instant::now();
    let summaries = store.summaries().await.unwrap().len();
    println!("summaries: {:.2} ms, {summaries}", started.elapsed().as_secs_f64() * 1e3);
}

fn entities() -> Vec<Entity> {
    let nothing = Properties::new;
    let text = |text: &str, number: u64| format!("{text} {number}");
    let mut entities = vec![
        Entity::Sensor(Sensor {
            id: EntityId(1),
            name: "box".into(),
            description: String::new(),
            encoding: "text/plain".into(),
            metadata: json!("x"),
            properties: nothing(),
        }),
        Entity::ObservedProperty(ObservedProperty {
            id: EntityId(1),
            name: "pm10".into(),
            definition: String::new(),
            description: String::new(),
            properties: nothing(),
        }),
    ];
    for number in 1..=DATASTREAMS / 4 {
        entities.push(Entity::Thing(Thing {
            id: EntityId(number),
            name: text("station", number),
            description: String::new(),
            properties: nothing(),
            locations: vec![],
        }));
        let place = Place {
            sent: json!({ "type": "Point", "coordinates": [7.6, 51.9] }),
            degrees: None,
            working: None,
        };
        entities.push(Entity::FeatureOfInterest(FeatureOfInterest {
            id: EntityId(number),
            name: text("place", number),
            description: String::new(),
            encoding: "application/geo+json".into(),
            place,
            properties: nothing(),
        }));
    }
    for number in 1..=DATASTREAMS {
        let channel = Channel {
            observed_property: EntityId(1),
            observation_type: "m".into(),
            unit: Unit::default(),
        };
        entities.push(Entity::Datastream(Datastream {
            id: EntityId(number),
            name: text("pm10", number),
            description: String::new(),
            thing: EntityId(1 + (number - 1) / 4),
            sensor: EntityId(1),
            is_multi: false,
            channels: vec![channel],
            properties: nothing(),
        }));
    }
    entities
}
