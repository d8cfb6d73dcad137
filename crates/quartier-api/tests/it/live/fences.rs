use serde_json::{Value, json};

use super::client::Client;
use crate::sensed::{Sensed, inside};

async fn fence(sensed: &Sensed, area: &Value, condition: &Value) {
    let fence = json!({ "name": "Fence", "area": area, "condition": condition });
    let made = sensed.city.write("POST", "/twin/v1/geofences", &fence).await;
    assert_eq!(made.status, 201, "{}", made.text());
}

#[tokio::test]
async fn a_threshold_that_is_crossed_is_told_once() {
    let sensed = Sensed::with_stations().await;
    let area = json!({ "objects": { "collection": "buildings", "objects": ["building-3"] } });
    fence(&sensed, &area, &json!({ "above": 50 })).await;
    sensed.read(1, 40.0).await;
    let mut client = Client::open(&sensed, "events=fences&rate=20").await;
    client.snapshot().await;
    for value in [60.0, 70.0, 45.0, 51.0] {
        sensed.read(1, value).await;
    }
    let mut told = client.expect("fences").await;
    while told.len() < 2 {
        told.extend(client.expect("fences").await);
    }
    let values: Vec<&Value> = told.iter().map(|it| &it["value"]).collect();
    assert_eq!(values, [60.0, 51.0]);
    let first = &told[0];
    assert_eq!((&first["geofence"], &first["condition"]), (&json!(1), &json!("above")));
    assert_eq!((&first["thing"], &first["datastream"]), (&json!(1), &json!(1)));
    assert_eq!(
        (&first["name"], &first["object"]["collection"]),
        (&json!("Fence"), &json!("buildings"))
    );
}

#[tokio::test]
async fn whoever_comes_in_is_told() {
    let sensed = Sensed::with_stations().await;
    let at = inside(7);
    let (west, south, east, north) = (at.x - 1e-4, at.y - 1e-4, at.x + 1e-4, at.y + 1e-4);
    let ring = json!([[west, south], [east, south], [east, north], [west, north], [west, south]]);
    let area = json!({ "polygon": { "type": "Polygon", "coordinates": [ring] } });
    fence(&sensed, &area, &json!("enter")).await;
    let mut client = Client::open(&sensed, "events=fences").await;
    client.snapshot().await;
    let moved = crate::sensorthings::place("There", at.x, at.y);
    sensed.make("Things(1)/Locations", &moved).await;
    let told = &client.expect("fences").await[0];
    assert_eq!((&told["condition"], &told["thing"]), (&json!("enter"), &json!(1)));
    assert_eq!(told["object"], Value::Null);
}
