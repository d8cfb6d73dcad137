use axum::http::Request;
use serde_json::{Value, json};

use super::client::{Client, said};
use crate::{
    sensed::{Sensed, Station, inside},
    sensorthings::{datastream, place},
};

/// What a client with these wishes hears of one reading of each station.
async fn heard(sensed: &Sensed, query: &str) -> (Vec<u64>, Vec<u64>) {
    let mut client = Client::open(sensed, &format!("{query}&rate=20")).await;
    let numbers = |rows: &[Value]| rows.iter().map(|row| said(row).0).collect::<Vec<u64>>();
    let snapshot = numbers(&client.snapshot().await);
    sensed.observe((1..=4).map(|datastream| (datastream, 2.0))).await;
    let mut changes = Vec::new();
    while changes.len() < snapshot.len() {
        changes.extend(numbers(&client.expect("readings").await));
    }
    (snapshot, changes)
}

#[tokio::test]
async fn a_client_hears_what_it_asked_for_only() {
    let sensed = Sensed::with_stations().await;
    sensed.observe((1..=4).map(|datastream| (datastream, 1.0))).await;
    let at = inside(3);
    let (west, south, east, north) = (at.x - 1e-4, at.y - 1e-4, at.x + 1e-4, at.y + 1e-4);
    let around = format!("bbox={west},{south},{east},{north}");
    let north_first = format!(
        "bbox={south},{west},{north},{east}&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326"
    );
    for (query, wanted) in [
        ("", vec![1, 2, 3, 4]),
        ("property=NO2", vec![1, 2, 4]),
        ("property=noise", vec![3]),
        ("property=NO2,Noise&collection=buildings", vec![1, 2, 3]),
        ("property=*", vec![1, 2, 3, 4]),
        (&around, vec![1]),
        (&north_first, vec![1]),
        ("collection=buildings", vec![1, 2, 3]),
        ("events=readings", vec![1, 2, 3, 4]),
    ] {
        assert_eq!(heard(&sensed, query).await, (wanted.clone(), wanted), "{query}");
    }
}

#[tokio::test]
async fn a_client_without_readings_hears_of_objects() {
    let sensed = Sensed::with_stations().await;
    sensed.read(1, 1.0).await;
    let mut client = Client::open(&sensed, "events=objects&collection=trees").await;
    assert_eq!(client.snapshot().await, [] as [Value; 0]);
    sensed.read(1, 2.0).await;
    let uri = |collection: &str, id: &str| format!("/collections/{collection}/items/{id}");
    for uri in [uri("buildings", "building-3"), uri("trees", "tree%2F3")] {
        assert_eq!(sensed.city.write("DELETE", &uri, &Value::Null).await.status, 204, "{uri}");
    }
    assert_eq!(client.expect("objects").await[0]["collection"], "trees");
}

#[tokio::test]
async fn an_object_that_is_not_for_everyone_is_left_out() {
    let sensed = Sensed::new().await;
    let thing = json!({
        "name": "Hidden", "description": "In a plan",
        "properties": { "object": "plans/tree/99" },
        "Locations": [place("Here", 7.62, 51.96)],
        "Datastreams": [datastream("NO2")],
    });
    sensed.make("Things", &thing).await;
    let mut anyone = Client::open(&sensed, "").await;
    let mut holder = Client::of_holder(&sensed, "").await;
    anyone.snapshot().await;
    holder.snapshot().await;
    sensed.read(1, 1.0).await;
    assert_eq!(anyone.expect("readings").await[0]["object"], Value::Null);
    assert_eq!(holder.expect("readings").await[0]["object"]["id"], "tree/99");
    let latest = sensed.get("/twin/v1/latest").await;
    assert_eq!(latest["readings"][0]["object"], Value::Null);
    assert_eq!(sensed.get("/twin/v1/links").await["links"], json!([]));
    let shown = sensed.as_holder("/twin/v1/latest").await.json();
    assert_eq!(shown["readings"][0]["object"]["collection"], "plans");
}

#[tokio::test]
async fn a_wish_that_is_wrong_is_named() {
    let sensed = Sensed::with_stations().await;
    for (query, reason) in [
        ("rate=0", "`rate`: `0` is not a number of times a second from 0.1 to 20"),
        ("rate=21", "`rate`: `21`"),
        ("rate=NaN", "`rate`: `NaN`"),
        ("events=weather", "`events`: `weather` is none of readings, objects, fences"),
        ("property=Ozone", "`property`: there is no observed property `Ozone`"),
        ("collection=ships", "`collection`: there is no collection `ships`"),
        ("collection=plans", "`collection`: there is no collection `plans`"),
        ("bbox=1,2,3", "`bbox`: a bbox has 4 or 6 numbers"),
        ("colour=red", "`colour`: it is not known here"),
    ] {
        let problem = sensed.problem(&format!("/live?{query}"), 400).await;
        assert!(problem.contains(reason), "{query}: {problem}");
    }
}

#[tokio::test]
async fn there_are_so_many_streams_and_no_more() {
    let sensed = Sensed::with_stations().await;
    sensed.station(&Station { building: 5, property: "NO2", unit: "µg/m³" }).await;
    let mut open = Vec::new();
    for _ in 0..2_000 {
        open.push(Client::open(&sensed, "").await);
    }
    let full = sensed.city.get("/live").await;
    assert_eq!((full.status.as_u16(), full.header("retry-after")), (503, "5"));
    assert!(full.problem().contains("too many live streams"));
    open.pop();
    Client::open(&sensed, "").await.snapshot().await;
    assert_eq!(sensed.city.send(Request::get("/health"), "").await.status, 200);
}
