//! What is measured, among the properties of objects.

use axum::http::Request;
use fast_mvt::{MvtReaderRef, MvtValue};
use serde_json::json;

use crate::{
    answer::Answer,
    sensed::{Sensed, Station},
};

const ITEMS: &str = "/collections/buildings/items";

/// The tile that the buildings are in.
const TILE: &str = "/collections/buildings/tiles/WebMercatorQuad/14/5415/8538";

#[tokio::test]
async fn items_carry_what_is_measured_at_them() {
    let sensed = Sensed::with_stations().await;
    sensed.station(&Station { building: 3, property: "NO2", unit: "µg/m³" }).await;
    sensed.read_at(1, "2026-05-01T12:00:00Z", 20.0).await;
    sensed.read(3, 55.5).await;
    sensed.read(5, 30.0).await;
    let items = sensed.get(&format!("{ITEMS}?readings=no2,Noise&limit=100")).await;
    let features = items["features"].as_array().unwrap();
    let third = &features[3]["properties"];
    assert_eq!((&third["no2.value"], &third["no2.unit"]), (&json!(30), &json!("µg/m³")));
    assert_eq!((&third["no2.n"], &third["no2.stale"]), (&json!(2), &json!(false)));
    assert!(third["no2.age_s"].as_i64().unwrap() < 60);
    assert_eq!(third["storeys"], 3);
    let fourth = &features[4]["properties"];
    assert_eq!((&fourth["Noise.value"], &fourth.get("no2.value")), (&json!(55.5), &None));
    assert!(features[0]["properties"].as_object().unwrap().keys().all(|key| !key.contains('.')));
    let plain = sensed.get(&format!("{ITEMS}?limit=100")).await;
    assert_eq!(plain["features"][3]["properties"].get("NO2.value"), None);
}

#[tokio::test]
async fn an_item_is_another_when_its_readings_are_and_not_when_they_age() {
    let sensed = Sensed::with_stations().await;
    sensed.read_at(1, "2026-05-01T12:00:00Z", 20.0).await;
    let uri = format!("{ITEMS}/building-3?readings=*");
    let first = sensed.city.get(&uri).await;
    assert_eq!(first.json()["properties"]["NO2.value"], 20);
    assert_eq!(first.json()["properties"]["NO2.time"], "2026-05-01T12:00:00Z");
    let known = Request::get(&uri).header("if-none-match", first.header("etag"));
    assert_eq!(sensed.city.send(known, "").await.status, 304);
    sensed.read(1, 21.0).await;
    let known = Request::get(&uri).header("if-none-match", first.header("etag"));
    let second = sensed.city.send(known, "").await;
    assert_eq!(
        (second.status.as_u16(), &second.json()["properties"]["NO2.value"]),
        (200, &json!(21))
    );
}

#[tokio::test]
async fn pages_show_readings_with_their_units() {
    let sensed = Sensed::with_stations().await;
    sensed.read(1, 20.5).await;
    for uri in [ITEMS.to_owned(), format!("{ITEMS}/building-3")] {
        let page = sensed.city.get(&format!("{uri}?readings=NO2&f=html")).await;
        assert!(page.text().contains("20.5 µg"), "{}", page.text());
        assert!(!sensed.city.get(&format!("{uri}?f=html")).await.text().contains("20.5"));
    }
}

#[tokio::test]
async fn a_plain_tile_is_drawn_once_whatever_is_measured() {
    let sensed = Sensed::with_stations().await;
    let plain = sensed.city.get(TILE).await;
    assert_eq!(plain.header("cache-status"), "quartier; fwd=miss");
    for value in [1.0, 2.0] {
        sensed.read(1, value).await;
        assert_eq!(sensed.city.get(&format!("{TILE}?readings=NO2")).await.status, 200);
        let again = sensed.city.get(TILE).await;
        assert_eq!(again.header("cache-status"), "quartier; hit");
        assert_eq!((again.header("etag"), &again.body), (plain.header("etag"), &plain.body));
    }
    let feature = json!({
        "type": "Feature", "id": "kiosk", "properties": {},
        "geometry": { "type": "Point", "coordinates": [7.62, 51.955] },
    });
    let made = sensed.city.write("POST", ITEMS, &feature).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let changed = sensed.city.get(TILE).await;
    assert_eq!(changed.header("cache-status"), "quartier; fwd=miss");
}

#[tokio::test]
async fn a_tile_with_readings_has_their_values_and_a_tag_of_theirs() {
    let sensed = Sensed::with_stations().await;
    sensed.read(1, 20.5).await;
    let uri = format!("{TILE}?readings=NO2");
    let first = sensed.city.get(&uri).await;
    assert!(first.header("etag").starts_with("W/"), "{}", first.header("etag"));
    let properties = properties(&first, 3);
    let value = |name: &str| properties.iter().find(|(it, _)| it == name).map(|(_, value)| value);
    assert!(matches!(value("NO2.value"), Some(MvtValue::Double(20.5))), "{properties:?}");
    assert!(matches!(value("NO2.unit"), Some(MvtValue::String(unit)) if unit == "µg/m³"));
    assert!(matches!(value("NO2.stale"), Some(MvtValue::Bool(false))));
    assert!(value("NO2.time").is_some() && value("NO2.n").is_some() && value("storeys").is_some());
    let asked = || Request::get(&uri).header("if-none-match", first.header("etag"));
    let known = sensed.city.send(asked(), "").await;
    assert_eq!((known.status.as_u16(), known.header("cache-status")), (304, "quartier; hit"));
    sensed.read(3, 60.0).await;
    assert_eq!(sensed.city.send(asked(), "").await.status, 304, "noise was not asked for");
    sensed.read(1, 20.5).await;
    assert_eq!(sensed.city.send(asked(), "").await.status, 200, "the time of it is another");
}

#[tokio::test]
async fn tilejson_leads_to_tiles_with_readings() {
    let sensed = Sensed::with_stations().await;
    let uri = "/collections/buildings/tiles/WebMercatorQuad/tilejson.json?readings=NO2";
    let document = sensed.get(uri).await;
    assert!(document["tiles"][0].as_str().unwrap().ends_with("?readings=NO2"));
    let fields = &document["vector_layers"][0]["fields"];
    assert_eq!((&fields["NO2.value"], &fields["NO2.stale"]), (&json!("Number"), &json!("Boolean")));
    assert_eq!(fields["height_m"], "Number");
}

#[tokio::test]
async fn a_property_that_nobody_measures_is_named() {
    let sensed = Sensed::with_stations().await;
    for uri in [ITEMS.to_owned(), format!("{ITEMS}/building-3"), TILE.to_owned()] {
        let problem = sensed.problem(&format!("{uri}?readings=NO2,Ozone"), 400).await;
        assert!(problem.contains("`readings`: there is no observed property `Ozone`"), "{problem}");
        let problem = sensed.problem(&format!("{uri}?readings="), 400).await;
        assert!(problem.contains("name at least one"), "{problem}");
        let many = (0..33).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
        let problem = sensed.problem(&format!("{uri}?readings={many}"), 400).await;
        assert!(problem.contains("at most 32"), "{problem}");
    }
}

#[tokio::test]
async fn readings_of_secret_sensors_stand_nowhere() {
    let sensed = Sensed::secret().await;
    sensed.station(&Station { building: 3, property: "NO2", unit: "µg/m³" }).await;
    sensed.read(1, 20.5).await;
    for uri in [ITEMS, TILE] {
        sensed.problem(&format!("{uri}?readings=NO2"), 401).await;
        let shown = sensed.as_holder(&format!("{uri}?readings=NO2")).await;
        assert_eq!(shown.status, 200);
    }
    let tile = sensed.as_holder(&format!("{TILE}?readings=NO2")).await;
    assert_eq!(tile.header("cache-control"), "private, no-cache");
}

/// Of the n-th building in a tile.
fn properties(tile: &Answer, building: u32) -> Vec<(String, MvtValue)> {
    let tile = MvtReaderRef::new(&tile.body).unwrap().to_tile().unwrap();
    let id = format!("building-{building}");
    let is_it = |value: &MvtValue| matches!(value, MvtValue::String(text) if *text == id);
    let mut features = tile.layers.into_iter().flat_map(|layer| layer.features);
    let feature = features.find(|it| it.properties.iter().any(|(_, value)| is_it(value))).unwrap();
    feature.properties.into_iter().collect()
}
