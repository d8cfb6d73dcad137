//! How fast a store takes and finds observations: 1,000 things with four datastreams each.
//!
//! `cargo bench -p quartier-benches --bench observations`, with `QUARTIER_BENCH_STORE` the URL of a new store (else a
//! GeoPackage in a folder of its own) and `QUARTIER_BENCH_OBSERVATIONS` how many it shall hold (else a million).
#![expect(clippy::print_stdout, reason = "a program that reports to its caller")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot write its store has failed")]

use std::{env, time::Instant};

use mimalloc::MiMalloc;
use quartier_model::{
    Channel, Datastream, Entity, EntityId, FeatureOfInterest, Geometry, NewObservation,
    ObservedProperty, Period, Place, Properties, Repeats, ResultValue, Sensor, Thing, Unit,
};
use quartier_store::{
    ObservationFilter, ObservationOrder, ObservationQuery, OrderBy, SensorBatch, Store, StoreUrl,
    open,
};
use serde_json::json;
use time::{Duration, OffsetDateTime, macros::datetime};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const THINGS: u64 = 1_000;
const DATASTREAMS: u64 = 4_000;
const START: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let url: StoreUrl = match env::var("QUARTIER_BENCH_STORE") {
        Ok(url) => url.parse().unwrap(),
        Err(_) => StoreUrl::GeoPackage(folder.path().join("bench.gpkg")),
    };
    let count: u64 =
        env::var("QUARTIER_BENCH_OBSERVATIONS").map_or(1_000_000, |count| count.parse().unwrap());
    let store = open(&url, None).await.unwrap();
    store.write_sensors(&catalogue()).await.unwrap();
    let mut city = City { store: &*store, taken: 0 };
    city.fill(count).await;
    for (rows, spread) in [(1_000, 4_000), (1_000, 10), (200, 4_000), (200, 10)] {
        city.write(rows, spread).await;
    }
    city.again(1_000).await;
    city.read().await;
}

struct City<'a> {
    store: &'a dyn Store,
    taken: u64,
}

impl City<'_> {
    async fn fill(&mut self, count: u64) {
        let started = Instant::now();
        while self.taken < count {
            self.take(5_000, DATASTREAMS).await;
        }
        report("filled, 5,000 rows a batch", count, started);
    }

    async fn take(&mut self, rows: u64, spread: u64) {
        let observations = (self.taken..self.taken + rows).map(|it| reading(it, spread)).collect();
        let batch = SensorBatch { observations, ..SensorBatch::default() };
        self.store.write_sensors(&batch).await.unwrap();
        self.taken += rows;
    }

    async fn write(&mut self, rows: u64, spread: u64) {
        let (started, before) = (Instant::now(), self.taken);
        while self.taken < before + 100_000 {
            self.take(rows, spread).await;
        }
        let what = format!("written, {rows} rows a batch, of {spread} datastreams");
        report(&what, self.taken - before, started);
    }

    /// Every message comes a second time.
    async fn again(&mut self, rows: u64) {
        let started = Instant::now();
        for batch in 0..20 {
            self.taken -= if batch == 0 { rows * 20 } else { 0 };
            self.take(rows, 10).await;
        }
        report("written, 1,000 rows a batch, each for a second time", rows * 20, started);
    }

    async fn read(&self) {
        let one = Some(vec![EntityId(17)]);
        let by_time = ObservationOrder { by: OrderBy::PhenomenonTime, is_descending: true };
        let latest = ObservationQuery {
            order: by_time,
            limit: 1,
            for_each_datastream: true,
            ..ObservationQuery::default()
        };
        let page = ObservationQuery { limit: 100, ..ObservationQuery::default() };
        let of_one = ObservationFilter { datastreams: one, ..ObservationFilter::default() };
        for (what, query) in [
            ("the latest of each datastream", latest),
            ("a page of all by id", page.clone()),
            ("a page of all by time", ObservationQuery { order: by_time, ..page.clone() }),
            ("a page past half of all", ObservationQuery { skip: self.taken / 2, ..page.clone() }),
            ("a page of one by id", ObservationQuery { filter: of_one.clone(), ..page.clone() }),
            (
                "a page of one by time",
                ObservationQuery { filter: of_one.clone(), order: by_time, ..page },
            ),
        ] {
            self.ask(what, &query).await;
        }
        for (what, filter) in
            [("the count of all", ObservationFilter::default()), ("the count of one", of_one)]
        {
            let started = Instant::now();
            let count = self.store.count_observations(&filter).await.unwrap();
            println!("{what}: {:?} ({count})", started.elapsed());
        }
        let started = Instant::now();
        self.store.summaries().await.unwrap();
        println!("all summaries: {:?}", started.elapsed());
    }

    async fn ask(&self, what: &str, query: &ObservationQuery) {
        // The first time finds nothing in memory.
        for _ in 0..3 {
            self.store.observations(query).await.unwrap();
        }
        let started = Instant::now();
        let found = self.store.observations(query).await.unwrap();
        println!("{what}: {:?} ({} rows)", started.elapsed(), found.len());
    }
}

fn report(what: &str, rows: u64, started: Instant) {
    println!("{what}: {:.0} rows/s", rows as f64 / started.elapsed().as_secs_f64());
}

/// One reading after the other, from one datastream after the other.
fn reading(number: u64, spread: u64) -> NewObservation {
    let datastream = 1 + number % spread;
    let at = START + Duration::seconds((number / spread * 20).cast_signed());
    NewObservation {
        datastream: EntityId(datastream),
        feature: Some(EntityId(1 + (datastream - 1) / (DATASTREAMS / THINGS))),
        phenomenon_time: Period::instant(at + Duration::milliseconds(spread.cast_signed())),
        result_time: Some(at),
        result: ResultValue::Number((number % 1000) as f64 / 10.0),
        valid_time: None,
        quality: None,
        parameters: None,
        repeats: Repeats::Merged,
    }
}

fn catalogue() -> SensorBatch {
    let mut puts = vec![
        Entity::Sensor(Sensor {
            id: EntityId(1),
            name: "SPS30".to_owned(),
            description: String::new(),
            encoding: "application/pdf".to_owned(),
            metadata: json!("https://example.org/sps30.pdf"),
            properties: Properties::new(),
        }),
        Entity::ObservedProperty(ObservedProperty {
            id: EntityId(1),
            name: "PM2.5".to_owned(),
            definition: String::new(),
            description: String::new(),
            properties: Properties::new(),
        }),
    ];
    puts.extend((1..=THINGS).flat_map(|id| [Entity::Thing(thing(id)), feature(id)]));
    puts.extend((1..=DATASTREAMS).map(datastream));
    SensorBatch { puts, ..SensorBatch::default() }
}

fn thing(id: u64) -> Thing {
    Thing {
        id: EntityId(id),
        name: format!("Station {id}"),
        description: String::new(),
        properties: Properties::new(),
        locations: Vec::new(),
    }
}

fn feature(id: u64) -> Entity {
    let (x, y) = (7.6 + id as f64 / 10_000.0, 51.9);
    let point = |x, y| Some(Geometry::new(geo_types::Point::new(x, y).into()).unwrap());
    Entity::FeatureOfInterest(FeatureOfInterest {
        id: EntityId(id),
        name: format!("Luft {id}"),
        description: String::new(),
        encoding: "application/geo+json".to_owned(),
        place: Place {
            sent: json!({ "type": "Point", "coordinates": [x, y] }),
            degrees: point(x, y),
            working: point(400_000.0 + id as f64, 5_700_000.0),
        },
        properties: Properties::new(),
    })
}

fn datastream(id: u64) -> Entity {
    Entity::Datastream(Datastream {
        id: EntityId(id),
        name: format!("Datastream {id}"),
        description: String::new(),
        thing: EntityId(1 + (id - 1) / (DATASTREAMS / THINGS)),
        sensor: EntityId(1),
        is_multi: false,
        channels: vec![Channel {
            observed_property: EntityId(1),
            observation_type: String::new(),
            unit: Unit::default(),
        }],
        properties: Properties::new(),
    })
}
