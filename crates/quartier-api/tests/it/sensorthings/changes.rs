use serde_json::{Value, json};

use super::{Sensors, place, station};

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let sensors = Sensors::with_station().await;
    let answer = sensors.send("PATCH", "Things(1)", json!({ "description": "Moved" })).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["description"], "Moved");
    let thing = sensors.read("Things(1)").await;
    assert_eq!((&thing["name"], &thing["description"]), (&json!("Station 1"), &json!("Moved")));
    assert_eq!(thing["properties"], json!({ "owner": "city" }));
}

#[tokio::test]
async fn a_put_replaces_values_and_keeps_links() {
    let sensors = Sensors::with_station().await;
    let thing = json!({ "name": "New", "description": "-" });
    assert_eq!(sensors.send("PUT", "Things(1)", thing).await.status, 200);
    let thing = sensors.read("Things(1)?$expand=Locations,Datastreams").await;
    assert_eq!((&thing["name"], &thing["properties"]), (&json!("New"), &json!({})));
    assert_eq!(thing["Locations"][0]["name"], "Market");
    assert_eq!(thing["Datastreams"].as_array().unwrap().len(), 1);
    let partly = sensors.send("PUT", "Things(1)", json!({ "name": "Only" })).await;
    assert_eq!(partly.status, 400);
    assert!(partly.problem().contains("`description` is missing"));
}

#[tokio::test]
async fn a_patch_may_link_but_not_make_others() {
    let sensors = Sensors::with_station().await;
    sensors.make("Locations", &place("Harbour", 7.64, 51.95)).await;
    let linked = json!({ "Locations": [{ "@iot.id": 2 }] });
    assert_eq!(sensors.send("PATCH", "Things(1)", linked).await.status, 200);
    assert_eq!(sensors.all("Things(1)/Locations").await[0]["name"], "Harbour");
    assert_eq!(sensors.all("Things(1)/HistoricalLocations").await.len(), 2);
    let inline = json!({ "Locations": [place("New", 7.6, 51.9)] });
    assert_eq!(sensors.send("PATCH", "Things(1)", inline).await.status, 400);
    assert_eq!(sensors.all("Locations").await.len(), 2);
}

#[tokio::test]
async fn a_json_patch_is_applied_as_a_whole_or_not_at_all() {
    let sensors = Sensors::with_station().await;
    let patch = |operations: Value| {
        sensors.send_as("application/json-patch+json", "PATCH", "Things(1)", operations)
    };
    let good = json!([
        { "op": "replace", "path": "/name", "value": "Patched" },
        { "op": "add", "path": "/properties/floors", "value": 3 },
        { "op": "test", "path": "/properties/owner", "value": "city" },
    ]);
    assert_eq!(patch(good).await.status, 200);
    let bad = json!([
        { "op": "remove", "path": "/properties/owner" },
        { "op": "test", "path": "/name", "value": "Other" },
    ]);
    assert_eq!(patch(bad).await.status, 400);
    let thing = sensors.read("Things(1)").await;
    assert_eq!(thing["name"], "Patched");
    assert_eq!(thing["properties"], json!({ "owner": "city", "floors": 3 }));
    let doubled =
        |n: u32| json!({ "op": "copy", "from": "/properties", "path": format!("/properties/{n}") });
    let greedy: Vec<_> = (0..60).map(doubled).collect();
    assert_eq!(patch(json!(greedy)).await.status, 400);
}

#[tokio::test]
async fn an_observation_is_corrected_in_its_place() {
    let sensors = Sensors::with_station().await;
    sensors
        .make(
            "Datastreams(1)/Observations",
            &json!({
                "result": 1, "phenomenonTime": "2026-05-01T12:00:00Z", "parameters": { "a": 1 },
            }),
        )
        .await;
    let corrected = sensors.send("PATCH", "Observations(1)", json!({ "result": 2 })).await;
    assert_eq!(corrected.status, 200);
    let read = sensors.read("Datastreams(1)/Observations(1)").await;
    assert_eq!((&read["result"], &read["parameters"]), (&json!(2), &json!({ "a": 1 })));
    assert_eq!(read["phenomenonTime"], "2026-05-01T12:00:00Z");
}

#[tokio::test]
async fn deleting_takes_along_what_cannot_be_without() {
    let cases: [(&str, &[&str], &[&str]); 6] = [
        (
            "Things(1)",
            &["Datastreams", "Observations", "HistoricalLocations"],
            &["Locations", "Sensors"],
        ),
        (
            "Locations(1)",
            &["HistoricalLocations"],
            &["Things", "Observations", "FeaturesOfInterest"],
        ),
        ("Sensors(1)", &["Datastreams", "Observations"], &["Things", "ObservedProperties"]),
        ("ObservedProperties(1)", &["Datastreams", "Observations"], &["Sensors"]),
        ("Datastreams(1)", &["Observations"], &["Things", "FeaturesOfInterest"]),
        ("FeaturesOfInterest(1)", &["Observations"], &["Datastreams", "Locations"]),
    ];
    for (deleted, gone, kept) in cases {
        let sensors = Sensors::with_station().await;
        sensors.make("Datastreams(1)/Observations", &json!({ "result": 1 })).await;
        assert_eq!(sensors.send("DELETE", deleted, "").await.status, 200);
        assert_eq!(sensors.get(deleted).await.status, 404);
        assert_eq!(sensors.send("DELETE", deleted, "").await.status, 404);
        for set in gone {
            assert!(sensors.all(set).await.is_empty(), "{set} after {deleted}");
        }
        for set in kept {
            assert_eq!(sensors.all(set).await.len(), 1, "{set} after {deleted}");
        }
    }
}

#[tokio::test]
async fn a_set_is_deleted_by_filter_only() {
    let sensors = Sensors::with_station().await;
    for result in 0..5 {
        sensors.make("Datastreams(1)/Observations", &json!({ "result": result })).await;
    }
    assert_eq!(sensors.send("DELETE", "Observations", "").await.status, 405);
    let path = "Datastreams(1)/Observations?$filter=result%20lt%203";
    assert_eq!(sensors.send("DELETE", path, "").await.status, 200);
    assert_eq!(sensors.all("Observations").await.len(), 2);
    assert_eq!(sensors.make("Things", &station()).await, "Things(2)");
}
