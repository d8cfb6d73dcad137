//! How fast a store takes and gives objects: `cargo run --release -p quartier-store --example rates -- URL COUNT`.
//! The store should be new. Objects have eight vertices and six attributes.
#![expect(clippy::print_stdout, reason = "a program that reports to its caller")]
#![expect(clippy::unwrap_used, reason = "a program that is of use only where all goes well")]

use std::{env, sync::Arc, time::Instant};

use geo_types::{LineString, Polygon};
use quartier_model::{
    CityObject, Collection, CollectionId, Feature, FeatureId, Geometry, Properties, TimeRange,
};
use quartier_store::{Batch, Store, StoreUrl, open};
use serde_json::json;

const BATCH: u64 = 16_384;
const PAGE: u32 = 10_000;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, count] = arguments.as_slice() else { panic!("usage: rates URL COUNT") };
    let (url, count): (StoreUrl, u64) = (url.parse().unwrap(), count.parse().unwrap());
    let store = open(&url, None).await.unwrap();
    let mut collection = Collection::new("buildings".parse().unwrap(), store.working_crs());
    collection.schema.widen(&building(0).feature.properties);
    store.put_collection(&collection).await.unwrap();
    for pass in ["written", "written again"] {
        timed(pass, count, write(&*store, &collection.id, count)).await;
    }
    for workers in [1, 2, 4] {
        timed(&format!("scanned by {workers}"), count, scan(&store, &collection.id, workers)).await;
    }
}

async fn timed(what: &str, count: u64, work: impl Future<Output = f64>) {
    let started = Instant::now();
    let idle = work.await;
    let seconds = started.elapsed().as_secs_f64() - idle;
    println!("{what}: {seconds:.2} s, {:.0} objects/s", count as f64 / seconds);
}

/// Returns the seconds in which objects were made, for which the store is not to blame.
async fn write(store: &dyn Store, collection: &CollectionId, count: u64) -> f64 {
    let mut idle = 0.0;
    for first in (0..count).step_by(BATCH as usize) {
        let started = Instant::now();
        let puts = (first..count.min(first + BATCH)).map(building).collect();
        idle += started.elapsed().as_secs_f64();
        store.write(collection, Batch { puts, ..Batch::default() }).await.unwrap();
    }
    idle
}

async fn scan(store: &Arc<dyn Store>, collection: &CollectionId, workers: u64) -> f64 {
    let (first, last) = store.feature_id_range(collection).await.unwrap().unwrap();
    let share = (last.0 - first.0) / workers + 1;
    let scans = (0..workers).map(|worker| {
        let (store, collection) = (Arc::clone(store), collection.clone());
        let from = first.0 + worker * share;
        tokio::spawn(async move { scan_part(&*store, &collection, from, from + share).await })
    });
    for scan in scans.collect::<Vec<_>>() {
        scan.await.unwrap();
    }
    0.0
}

async fn scan_part(store: &dyn Store, collection: &CollectionId, from: u64, to: u64) {
    let mut after = from - 1;
    while after + 1 < to {
        let page = store.scan(collection, Some(FeatureId(after)), PAGE).await.unwrap();
        let Some(last) = page.last() else { return };
        after = last.fid.0;
    }
}

fn building(number: u64) -> CityObject {
    // Spread as a city's are: neighbours in number are not always neighbours in space.
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (x, y) = (400_000.0 + (number % 1000) as f64 * 20.0, 5_750_000.0 + (spread >> 48) as f64);
    let corners =
        [(0., 0.), (9., 0.), (9., 4.), (14., 4.), (14., 12.), (3., 12.), (3., 8.), (0., 0.)];
    let ring: LineString = corners.into_iter().map(|(dx, dy)| (x + dx, y + dy)).collect();
    let properties = json!({
        "function": "31001_1000",
        "storeys": number % 7,
        "height_m": (number % 70) as f64 * 0.37,
        "street": "Hafenstraße",
        "house_number": (number % 120).to_string(),
        "listed": number.is_multiple_of(50),
    });
    let properties: Properties = properties.as_object().unwrap().clone();
    CityObject::from(Feature {
        id: format!("DENW{number:012}").parse().unwrap(),
        source_id: None,
        geometry: Some(Geometry::new(Polygon::new(ring, Vec::new()).into()).unwrap()),
        properties,
        valid: TimeRange::ALWAYS,
    })
}
