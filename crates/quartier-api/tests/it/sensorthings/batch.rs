use serde_json::{Value, json};

use super::Sensors;

async fn batch(sensors: &Sensors, requests: Value) -> Vec<Value> {
    let answer = sensors.send("POST", "$batch", json!({ "requests": requests })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["responses"].as_array().unwrap().clone()
}

fn statuses(responses: &[Value]) -> Vec<u64> {
    responses.iter().map(|it| it["status"].as_u64().unwrap()).collect()
}

fn thing(name: &str) -> Value {
    json!({ "name": name, "description": "-" })
}

#[tokio::test]
async fn requests_of_a_batch_refer_to_those_before_them() {
    let sensors = Sensors::with_station().await;
    let responses = batch(&sensors, json!([
        { "id": "t", "method": "post", "url": "Things", "body": thing("B") },
        { "id": "p", "method": "patch", "url": "$t", "body": { "description": "Patched" } },
        { "id": "d", "method": "patch", "url": "Datastreams(1)", "body": { "Thing": { "@iot.id": "$t" } } },
        { "id": "r", "method": "get", "url": "$t/Datastreams?$select=id", "dependsOn": ["d"] },
    ])).await;
    assert_eq!(statuses(&responses), [201, 200, 200, 200], "{responses:?}");
    assert_eq!(responses[0]["location"], "http://city.example/sensorthings/v1.1/Things(2)");
    assert_eq!(responses[1]["body"]["description"], "Patched");
    assert_eq!(responses[3]["body"]["value"], json!([{ "@iot.id": 1 }]));
}

#[tokio::test]
async fn a_group_is_done_as_a_whole_or_not_at_all() {
    let sensors = Sensors::with_station().await;
    let good = |last: Value| {
        json!([
            { "id": "1", "atomicityGroup": "g", "method": "post", "url": "Things", "body": thing("B") },
            { "id": "2", "atomicityGroup": "g", "method": "post", "url": "$1/Locations", "body": super::place("P", 7.0, 51.0) },
            { "id": "3", "atomicityGroup": "g", "method": "post", "url": "Datastreams(1)/Observations", "body": { "result": 1 } },
            last,
            { "id": "5", "method": "get", "url": "Things/$count", "dependsOn": ["g"] },
        ])
    };
    let bad = json!({ "id": "4", "atomicityGroup": "g", "method": "delete", "url": "Things(99)" });
    let responses = batch(&sensors, good(bad)).await;
    assert_eq!(statuses(&responses), [424, 424, 424, 404, 424], "{responses:?}");
    assert_eq!(sensors.all("Things").await.len(), 1);
    assert!(sensors.all("Observations").await.is_empty());

    let fine = json!({ "id": "4", "atomicityGroup": "g", "method": "patch", "url": "Things(1)", "body": { "name": "A" } });
    let responses = batch(&sensors, good(fine)).await;
    assert_eq!(statuses(&responses), [201, 201, 201, 200, 200], "{responses:?}");
    assert_eq!(responses[4]["body"], "2");
    assert_eq!(sensors.read("Things(1)").await["name"], "A");
    let observation = responses[2]["location"].as_str().unwrap();
    assert!(observation.ends_with("/Observations(1)"), "{observation}");
}

#[tokio::test]
async fn a_failed_request_fails_those_that_depend_on_it() {
    let sensors = Sensors::new().await;
    let responses = batch(
        &sensors,
        json!([
            { "id": "1", "method": "post", "url": "Things", "body": { "name": "A" } },
            { "id": "2", "method": "post", "url": "Things", "body": thing("B") },
            { "id": "3", "method": "patch", "url": "$1", "body": {}, "dependsOn": ["1"] },
            { "id": "4", "method": "get", "url": "$9" },
        ]),
    )
    .await;
    assert_eq!(statuses(&responses), [400, 201, 424, 400], "{responses:?}");
    assert!(responses[0]["body"]["message"].as_str().unwrap().contains("`description`"));
}
