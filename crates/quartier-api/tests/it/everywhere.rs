//! One reading, and all the places where it is seen.

use quartier_model::EntityId;
use serde_json::json;

use crate::{
    live::Client,
    sensed::{Sensed, Station},
};

#[tokio::test]
async fn a_reading_that_was_acknowledged_is_seen_everywhere() {
    let sensed = Sensed::with_stations().await;
    sensed.station(&Station { building: 4, property: "NO2", unit: "µg/m³" }).await;
    let tile = "/collections/buildings/tiles/WebMercatorQuad/14/5415/8538";
    let uri = format!("{tile}?readings=NO2");
    let before = sensed.city.get(&uri).await;
    let mut client = Client::open(&sensed, "property=NO2&collection=buildings").await;
    client.snapshot().await;

    sensed.read(2, 40.0).await;
    sensed.read(5, 20.0).await;

    let mut heard = Vec::new();
    while heard.len() < 2 {
        heard.extend(client.readings().await);
    }
    assert_eq!(heard, [(2, 40.0), (5, 20.0)]);
    let item = sensed.get("/collections/buildings/items/building-4?readings=NO2").await;
    assert_eq!(
        (&item["properties"]["NO2.value"], &item["properties"]["NO2.n"]),
        (&json!(30), &json!(2))
    );
    let after = sensed.city.get(&uri).await;
    assert_ne!((before.header("etag"), &before.body), (after.header("etag"), &after.body));
    let mean = sensed.get("/twin/v1/aggregate?zones=buildings&property=NO2").await;
    let zone =
        mean["values"].as_array().unwrap().iter().find(|it| it["id"] == "building-4").unwrap();
    assert_eq!((&zone["value"], &zone["n"]), (&json!(30.0), &json!(2)));
    let latest = sensed.get("/twin/v1/latest?property=NO2").await;
    assert_eq!(latest["readings"][0]["object"]["value"], 30);
    let summary = sensed.city.twin.sensors().summary(EntityId(2)).unwrap();
    assert_eq!(summary.count, 1);
    let metrics = sensed.city.get("/metrics").await;
    assert!(
        metrics.text().contains("quartier_readings_total{source=\"http\",outcome=\"accepted\"}")
    );
}
