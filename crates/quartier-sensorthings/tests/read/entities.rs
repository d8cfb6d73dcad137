use quartier_sensorthings::{Error, Kind, Version};
use serde_json::{Value, json};

use crate::town::{BASE, MEASUREMENT, Town};

#[tokio::test]
async fn the_root_lists_the_sets_and_what_the_service_can_do() {
    let town = Town::empty().await;
    let root = town.get("").await;
    let things = json!({"name": "Things", "url": format!("{BASE}/Things")});
    assert!(root["value"].as_array().unwrap().contains(&things));
    assert_eq!(root["value"].as_array().unwrap().len(), 9);
    let settings = &root["serverSettings"];
    let class =
        "http://www.opengis.net/spec/iot_sensing/1.1/req/receive-updates-via-mqtt/receive-updates";
    assert!(settings["conformance"].as_array().unwrap().contains(&json!(class)));
    assert_eq!(settings[class]["endpoints"], json!(["mqtt://city:1883"]));
    let old = town.ask_version("", Version::V1_0).await.unwrap();
    let old: Value = serde_json::from_slice(&old.body).unwrap();
    assert_eq!(old.as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn a_thing_has_its_properties_and_its_links() {
    let town = Town::new().await;
    assert_eq!(
        town.get("Things(1)").await,
        json!({
            "@iot.id": 1,
            "@iot.selfLink": format!("{BASE}/Things(1)"),
            "name": "Nord",
            "description": "Station Nord",
            "properties": {"code": 7, "owner": {"name": "Stadt"}, "tags": ["luft", "Nord"]},
            "Datastreams@iot.navigationLink": format!("{BASE}/Things(1)/Datastreams"),
            "MultiDatastreams@iot.navigationLink": format!("{BASE}/Things(1)/MultiDatastreams"),
            "Locations@iot.navigationLink": format!("{BASE}/Things(1)/Locations"),
            "HistoricalLocations@iot.navigationLink": format!("{BASE}/Things(1)/HistoricalLocations"),
        })
    );
}

#[tokio::test]
async fn a_datastream_says_where_and_when_it_measured() {
    let town = Town::new().await;
    assert_eq!(
        town.get("Datastreams(1)").await,
        json!({
            "@iot.id": 1,
            "@iot.selfLink": format!("{BASE}/Datastreams(1)"),
            "name": "NO2 Nord",
            "description": "",
            "observationType": MEASUREMENT,
            "unitOfMeasurement": {"name": "µg/m³", "symbol": "µg/m³", "definition": "http://city/unit/µg/m³"},
            "observedArea": {"type": "Point", "coordinates": [7.6, 51.98]},
            "phenomenonTime": "2026-05-01T00:00:00Z/2026-05-01T11:00:00Z",
            "resultTime": "2026-05-01T00:00:00Z/2026-05-01T11:00:00Z",
            "properties": {},
            "Thing@iot.navigationLink": format!("{BASE}/Datastreams(1)/Thing"),
            "Sensor@iot.navigationLink": format!("{BASE}/Datastreams(1)/Sensor"),
            "ObservedProperty@iot.navigationLink": format!("{BASE}/Datastreams(1)/ObservedProperty"),
            "Observations@iot.navigationLink": format!("{BASE}/Datastreams(1)/Observations"),
        })
    );
}

#[tokio::test]
async fn a_multi_datastream_has_its_channels_in_their_order() {
    let town = Town::new().await;
    let wind = town.get("MultiDatastreams(4)?$expand=ObservedProperties($select=name)").await;
    assert_eq!(wind["multiObservationDataTypes"], json!([MEASUREMENT, MEASUREMENT]));
    assert_eq!(wind["unitOfMeasurements"][1]["symbol"], "°");
    assert_eq!(
        wind["ObservedProperties"],
        json!([{"name": "Windrichtung"}, {"name": "Windgeschwindigkeit"}])
    );
    assert_eq!(
        town.get("MultiDatastreams(4)/Observations").await["value"][0]["result"],
        json!([4.5, 270])
    );
    assert!(matches!(town.ask("Datastreams(4)").await, Err(Error::NotFound(_))));
    assert_eq!(town.ids("Datastreams").await, [1, 2, 3]);
}

#[tokio::test]
async fn an_observation_links_to_its_datastream_or_its_multi_datastream() {
    let town = Town::new().await;
    let plain = town.get("Observations(1)").await;
    assert_eq!(plain["result"], 10.5);
    assert_eq!(plain["phenomenonTime"], "2026-05-01T00:00:00Z");
    assert!(plain.get("Datastream@iot.navigationLink").is_some());
    assert!(plain.get("MultiDatastream@iot.navigationLink").is_none());
    let multi = town.get("MultiDatastreams(4)/Observations").await["value"][0].clone();
    assert!(multi.get("MultiDatastream@iot.navigationLink").is_some());
}

#[tokio::test]
async fn paths_lead_over_links_to_sets_entities_and_properties() {
    let town = Town::new().await;
    assert_eq!(town.ids("Things(1)/Datastreams").await, [1, 2]);
    assert_eq!(town.get("Things(1)/Datastreams(2)/Thing").await["@iot.id"], 1);
    assert_eq!(town.get("Observations(1)/Datastream/Thing/name").await, json!({"name": "Nord"}));
    assert_eq!(town.text("Things(1)/name/$value").await, "Nord");
    assert_eq!(town.get("Things(1)/properties/owner/name").await, json!({"name": "Stadt"}));
    assert_eq!(town.text("Things(1)/properties/tags[1]/$value").await, "Nord");
    assert_eq!(town.text("Datastreams(1)/Observations/$count").await, "12");
    assert_eq!(town.text("Observations/$count?$filter=result%20gt%2020").await, "9");
    let reference = json!({"@iot.selfLink": format!("{BASE}/Things(1)")});
    assert_eq!(town.get("Datastreams(1)/Thing/$ref").await, reference);
    let references = town.get("Things(1)/Datastreams/$ref").await;
    assert_eq!(references["value"][1], json!({"@iot.selfLink": format!("{BASE}/Datastreams(2)")}));
    assert_eq!(town.ask("Observations(1)/validTime").await.unwrap().kind, Kind::NoContent);
}

#[tokio::test]
async fn what_is_not_on_the_path_is_not_there() {
    let town = Town::new().await;
    for path in [
        "Things(99)",
        "Things(2)/Datastreams(1)",
        "Datastreams(3)/Observations(1)",
        "Observations(9223372036854775807)",
        "Observations(18446744073709551615)",
        "Things(1)/nothing",
        "Nothings",
        "Things(1)/properties/nothing",
    ] {
        let error = town.ask(path).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{path}: {error:?}");
    }
}

#[tokio::test]
async fn what_is_not_understood_is_named() {
    let town = Town::new().await;
    for (url, part) in [
        ("Things?$filter=nothing%20eq%201", "nothing"),
        ("Things?$top=-1", "$top"),
        ("Things?$orderby=nothing", "nothing"),
        ("Things?$expand=Nothing", "Nothing"),
        ("Things?$select=nothing", "nothing"),
        ("Things?$nothing=1", "$nothing"),
        ("Things?$resultFormat=dataArray", "dataArray"),
        ("Observations?$skiptoken=x", "$skiptoken"),
        ("Things(1)?$filter=id%20eq%201", "$filter"),
    ] {
        let error = town.ask(url).await.unwrap_err();
        assert!(matches!(error, Error::BadRequest(_)), "{url}: {error:?}");
        assert!(error.to_string().contains(part), "{url}: {error}");
    }
}
