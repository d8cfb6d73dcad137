use axum::http::Request;
use quartier_model::CollectionId;
use quartier_twin::sensors::{EVENTS_KEPT, Happening};
use serde_json::{Value, json};

use super::client::{Client, said};
use crate::{
    sensed::{Sensed, Station},
    sensorthings::{ROOT, datastream, place},
};

#[tokio::test]
async fn a_client_hears_what_is_and_then_what_changes() {
    let sensed = Sensed::with_stations().await;
    sensed.read_at(1, "2026-05-01T12:00:00Z", 20.5).await;
    let mut client = Client::open(&sensed, "").await;
    let snapshot = client.snapshot().await;
    assert_eq!(snapshot.iter().map(said).collect::<Vec<_>>(), [(1, 20.5)]);
    assert_eq!(snapshot[0]["stale"], true);
    sensed.read(2, 7.0).await;
    let rows = client.expect("readings").await;
    let mut latest = sensed.get("/twin/v1/latest").await["readings"][1].clone();
    latest.as_object_mut().unwrap().shift_remove("age_s").unwrap();
    assert_eq!(rows, [latest]);
    assert_eq!(rows[0]["object"]["id"], "building-4");
}

#[tokio::test]
async fn a_late_reading_is_no_news() {
    let sensed = Sensed::with_stations().await;
    sensed.read(1, 1.0).await;
    let mut client = Client::open(&sensed, "rate=20").await;
    client.snapshot().await;
    sensed.read_at(1, "2026-05-01T12:00:00Z", 99.0).await;
    sensed.read(1, 2.0).await;
    assert_eq!(client.readings().await, [(1, 2.0)]);
}

#[tokio::test]
async fn what_stands_after_a_correction_and_a_deletion_is_told() {
    let sensed = Sensed::with_stations().await;
    sensed.read(1, 1.0).await;
    sensed.read(1, 2.0).await;
    let mut client = Client::open(&sensed, "rate=20").await;
    assert_eq!(said(&client.snapshot().await[0]), (1, 2.0));
    let newest = format!("{ROOT}/Observations(2)");
    let patch = Request::patch(&newest).header("content-type", "application/json");
    assert_eq!(sensed.city.send(patch, r#"{"result": 3}"#).await.status, 200);
    assert_eq!(client.readings().await, [(1, 3.0)]);
    assert_eq!(sensed.city.send(Request::delete(&newest), "").await.status, 200);
    assert_eq!(client.readings().await, [(1, 1.0)]);
}

#[tokio::test]
async fn a_value_of_an_object_is_that_of_all_its_sensors() {
    let sensed = Sensed::with_stations().await;
    sensed.station(&Station { building: 3, property: "NO2", unit: "µg/m³" }).await;
    sensed.read(1, 10.0).await;
    let mut client = Client::open(&sensed, "").await;
    client.snapshot().await;
    sensed.read(5, 30.0).await;
    let object = &client.expect("readings").await[0]["object"];
    assert_eq!((&object["value"], &object["n"]), (&json!(20), &json!(2)));
}

#[tokio::test]
async fn a_snapshot_of_many_comes_in_parts() {
    let sensed = Sensed::with_stations().await;
    let many = datastream("Many");
    let thing = json!({
        "name": "A house full", "description": "of sensors", "Datastreams": vec![many; 1_100],
        "Locations": [place("Here", 7.62, 51.96)],
    });
    sensed.make("Things", &thing).await;
    sensed.observe((1..=1_104).map(|datastream| (datastream, 1.0))).await;
    let mut client = Client::open(&sensed, "").await;
    let first = client.next().await.unwrap();
    let rows = |data: &Value| data["readings"].as_array().unwrap().len();
    assert_eq!((rows(&first.data), &first.data["complete"]), (1_000, &json!(false)));
    assert_eq!(client.last, None, "whoever breaks off here has nothing to go on from");
    let second = client.next().await.unwrap();
    assert_eq!((rows(&second.data), &second.data["complete"]), (104, &json!(true)));
    assert!(client.last.is_some());
}

#[tokio::test]
async fn changed_objects_are_told() {
    let sensed = Sensed::with_stations().await;
    let mut client = Client::open(&sensed, "").await;
    client.snapshot().await;
    let patch = json!({ "type": "Feature", "properties": { "storeys": 9 } });
    let uri = "/collections/buildings/items/building-3";
    assert_eq!(sensed.city.write("PATCH", uri, &patch).await.status, 204);
    let objects = client.expect("objects").await;
    assert_eq!(
        (&objects[0]["collection"], objects[0]["fids"].as_array().unwrap().len()),
        (&json!("buildings"), 1)
    );
    let bboxes = objects[0]["bboxes"].as_array().unwrap();
    assert_eq!(bboxes.len(), 1, "it has stayed where it was: {bboxes:?}");
    let [west, south, east, north] = [0, 1, 2, 3].map(|at| bboxes[0][at].as_f64().unwrap());
    assert!(west < 7.619 && 7.618 < east && south < 51.956 && 51.955 < north, "{bboxes:?}");
}

#[tokio::test]
async fn changed_objects_are_told_to_those_who_look_there() {
    let sensed = Sensed::with_stations().await;
    let mut here = Client::open(&sensed, "events=objects&bbox=7.61,51.95,7.63,51.96").await;
    let mut there = Client::open(&sensed, "events=objects,readings&bbox=8,50,9,51").await;
    here.snapshot().await;
    there.snapshot().await;
    let patch = json!({ "type": "Feature", "properties": { "storeys": 9 } });
    let uri = "/collections/buildings/items/building-3";
    assert_eq!(sensed.city.write("PATCH", uri, &patch).await.status, 204);
    assert_eq!(here.expect("objects").await[0]["collection"], "buildings");
    let mut collection =
        sensed.city.twin.snapshot().unwrap().collection("trees").unwrap().collection.clone();
    collection.title = "Our trees".to_owned();
    sensed.city.twin.put_collection(&collection).await.unwrap();
    let objects = there.expect("objects").await;
    assert_eq!((&objects[0]["collection"], &objects[0]["bboxes"]), (&json!("trees"), &json!(null)));
}

#[tokio::test]
async fn a_client_that_reads_slowly_holds_up_nobody_and_hears_the_last_of_all() {
    let sensed = Sensed::with_stations().await;
    let mut slow = Client::open(&sensed, "rate=20").await;
    let mut quick = Client::open(&sensed, "rate=20").await;
    slow.snapshot().await;
    quick.snapshot().await;
    let mut heard = 0.0;
    for value in 1..=200 {
        sensed.observe([(1, f64::from(value))]).await;
        let must_have_come = if value % 20 == 0 { f64::from(value) } else { 0.0 };
        while heard < must_have_come {
            heard = quick.readings().await.last().unwrap().1;
        }
    }
    assert_eq!(slow.readings().await, [(1, 200.0)], "what came meanwhile is one reading");
}

#[tokio::test]
async fn a_client_that_was_away_for_too_long_begins_anew() {
    let sensed = Sensed::with_stations().await;
    sensed.read(1, 1.0).await;
    let mut client = Client::open(&sensed, "").await;
    client.snapshot().await;
    let last = client.last.clone().unwrap();
    let ring = sensed.city.twin.sensors().ring();
    let collection: CollectionId = "plans".parse().unwrap();
    ring.push((0..=EVENTS_KEPT).map(|_| Happening::Objects {
        collection: collection.clone(),
        objects: [].into(),
        places: None,
    }));
    for mut late in [client, Client::resume(&sensed, "", &last).await] {
        assert_eq!(late.next().await.unwrap().name, "reset");
        assert_eq!(late.snapshot().await.len(), 1);
        assert_ne!(late.last.as_ref(), Some(&last));
    }
}

#[tokio::test]
async fn ids_that_are_not_of_this_run_begin_anew() {
    let sensed = Sensed::with_stations().await;
    let run = sensed.city.twin.sensors().ring().run;
    let ahead = format!("{run}-999999");
    for last in ["1-1", "abc", "", "1-99999999999999999999", &ahead] {
        let mut client = Client::resume(&sensed, "", last).await;
        assert_eq!(client.next().await.unwrap().name, "reset", "{last}");
        client.snapshot().await;
    }
    let mut client = Client::open(&sensed, "lastEventId=1-1").await;
    assert_eq!(client.next().await.unwrap().name, "reset");
}
