//! How long reading takes: `cargo run --release -p quartier-sensorthings --example reads -- FOLDER THINGS OBSERVATIONS`.
//! The folder should be empty. Each thing has four datastreams; the observations are shared out among them.
#![expect(clippy::print_stdout, reason = "a program that reports to its caller")]
#![expect(clippy::unwrap_used, reason = "a program that is of use only where all goes well")]

use std::{convert::Infallible, env, path::Path, sync::Arc, time::Instant};

use quartier_model::{
    Channel, Datastream, Entity, EntityId, EntityKind, Location, NewObservation, ObservedProperty,
    Period, Properties, Repeats, ResultValue, Sensor, Thing, Unit,
};
use quartier_sensorthings::{Request, Service, Version};
use quartier_store::{SensorBatch, StoreUrl};
use quartier_twin::{
    Overlays, Twin,
    sensors::{Catalogue, Numbers, Patience, SensorSettings, Sensors, Source},
};
use serde_json::{Value, json};
use time::{Duration, macros::datetime};

const ROUNDS: usize = 21;
const BATCH: u64 = 5_000;
const PER_THING: u64 = 4;
const LATEST: &str =
    "$expand=Locations,Datastreams/Observations($orderby=phenomenonTime%20desc;$top=1)";

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder, things, observations] = arguments.as_slice() else {
        panic!("usage: reads FOLDER THINGS OBSERVATIONS")
    };
    let (things, observations): (u64, u64) =
        (things.parse().unwrap(), observations.parse().unwrap());
    let url = StoreUrl::GeoPackage(Path::new(folder).join("reads.gpkg"));
    let store = quartier_store::open(&url, None).await.unwrap();
    let twin = Twin::open(store, Overlays::default(), SensorSettings::default()).unwrap();
    twin.sensors().until_loaded().await;
    if twin.sensors().catalogue().unwrap().things.is_empty() {
        let started = Instant::now();
        make(twin.sensors(), things).await;
        observe(twin.sensors(), things * PER_THING, observations).await;
        println!("made in {:.1} s", started.elapsed().as_secs_f64());
    }
    let service = Service::new(Arc::clone(&twin), Vec::new());
    let polygon = "geography'POLYGON((7%2051,8%2051,8%2053,7%2053,7%2051))'";
    for url in [
        format!("Things?$top=100&{LATEST}"),
        format!("Things?$top=1000&{LATEST}"),
        format!(
            "Things?$top=1000&$filter=startswith(Things/name,'S')%20and%20st_intersects(Locations/location,{polygon})&{LATEST}"
        ),
        "Datastreams?$top=4000&$expand=Observations($top=10)".to_owned(),
        "Observations?$count=true&$top=0".to_owned(),
        "Observations?$top=100".to_owned(),
        "Datastreams(7)/Observations?$orderby=phenomenonTime%20desc&$top=100".to_owned(),
        "Observations?$orderby=phenomenonTime%20desc&$top=100".to_owned(),
        format!("Locations?$top=0&$count=true&$filter=geo.intersects(location,{polygon})"),
        "Things?$top=5&$filter=Datastreams/Observations/result%20gt%2099.9".to_owned(),
        "Observations?$filter=Datastream/Thing/name%20eq%20'Station%207'&$top=100".to_owned(),
    ] {
        timed(&service, &url).await;
    }
    deep(&service).await;
}

async fn ask(service: &Service, url: &str) -> Value {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let base = "http://city/sensorthings/v1.1";
    let request = Request { path, query: Some(query), base, version: Version::V1_1 };
    let answer = service.read(&request).await.unwrap();
    serde_json::from_slice(&answer.body).unwrap()
}

async fn timed(service: &Service, url: &str) {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let base = "http://city/sensorthings/v1.1";
    let request = Request { path, query: Some(query), base, version: Version::V1_1 };
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..ROUNDS {
        let started = Instant::now();
        match service.read(&request).await {
            Ok(answer) => bytes = answer.body.len(),
            Err(error) => return println!("{error}: {url}"),
        }
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "median {:8.2} ms, worst {:8.2} ms, {bytes:9} bytes: {url}",
        times[ROUNDS / 2],
        times[ROUNDS - 1]
    );
}

/// Follows links of 10,000 and shows that each page takes as long as the first.
async fn deep(service: &Service) {
    let mut url = "Observations?$top=10000&$orderby=phenomenonTime".to_owned();
    for page in 0..=100 {
        let answer = ask(service, &url).await;
        let Some(next) = answer["@iot.nextLink"].as_str() else { break };
        url = next.split_once("v1.1/").unwrap().1.to_owned();
        if page % 33 == 0 {
            timed(service, &url.replace("$top=10000", "$top=100")).await;
        }
    }
}

async fn make(sensors: &Sensors, things: u64) {
    let place = |index: u64| {
        let (x, y) = (7.0 + (index % 100) as f64 / 100.0, 51.9 + (index / 100) as f64 / 1000.0);
        sensors.place(json!({"type": "Point", "coordinates": [x, y]})).unwrap()
    };
    let places: Vec<_> = (0..things).map(place).collect();
    let plan = |_: &Catalogue, numbers: &mut Numbers| {
        let mut puts = vec![sensor(numbers.next(EntityKind::Sensor))];
        let property = numbers.next(EntityKind::ObservedProperty);
        puts.push(observed_property(property));
        for place in places {
            let location = numbers.next(EntityKind::Location);
            puts.push(Entity::Location(Location {
                id: location,
                name: "Ort".to_owned(),
                description: String::new(),
                encoding: "application/geo+json".to_owned(),
                place,
                properties: Properties::new(),
                feature: None,
            }));
            let id = numbers.next(EntityKind::Thing);
            let name = format!("Station {id}");
            let (description, properties) = (String::new(), Properties::new());
            puts.push(Entity::Thing(Thing {
                id,
                name,
                description,
                properties,
                locations: vec![location],
            }));
            for _ in 0..PER_THING {
                puts.push(datastream(numbers.next(EntityKind::Datastream), id, property));
            }
        }
        Ok::<_, Infallible>((SensorBatch { puts, ..SensorBatch::default() }, ()))
    };
    sensors.change(plan).await.unwrap();
}

fn sensor(id: EntityId) -> Entity {
    Entity::Sensor(Sensor {
        id,
        name: "Sensor".to_owned(),
        description: String::new(),
        encoding: "text/plain".to_owned(),
        metadata: json!("x"),
        properties: Properties::new(),
    })
}

fn observed_property(id: EntityId) -> Entity {
    Entity::ObservedProperty(ObservedProperty {
        id,
        name: "NO2".to_owned(),
        definition: "http://city/NO2".to_owned(),
        description: String::new(),
        properties: Properties::new(),
    })
}

fn datastream(id: EntityId, thing: EntityId, observed_property: EntityId) -> Entity {
    let observation_type =
        "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement".to_owned();
    Entity::Datastream(Datastream {
        id,
        name: format!("NO2 {id}"),
        description: "Stickstoffdioxid".to_owned(),
        thing,
        sensor: EntityId(1),
        is_multi: false,
        channels: vec![Channel { observed_property, observation_type, unit: Unit::default() }],
        properties: Properties::new(),
    })
}

async fn observe(sensors: &Sensors, datastreams: u64, count: u64) {
    let start = datetime!(2026-01-01 0:00 UTC);
    let observation = |index: u64| {
        let at = start + Duration::minutes((index / datastreams).cast_signed());
        NewObservation {
            datastream: EntityId(index % datastreams + 1),
            feature: None,
            phenomenon_time: Period::instant(at),
            result_time: Some(at),
            result: ResultValue::Number((index * 7919 % 1000) as f64 / 10.0),
            valid_time: None,
            quality: None,
            parameters: None,
            repeats: Repeats::Merged,
        }
    };
    for first in (0..count).step_by(BATCH as usize) {
        let batch = (first..count.min(first + BATCH)).map(observation).collect();
        sensors.observe(batch, &Source::Import, Patience::Wait).await.unwrap();
    }
}
