use serde_json::{Value, json};

use super::Sensors;

async fn sent(sensors: &Sensors, body: Value) -> Vec<String> {
    let answer = sensors.send("POST", "CreateObservations", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

fn rows(datastream: u32, rows: &Value) -> Value {
    json!([{
        "Datastream": { "@iot.id": datastream },
        "components": ["phenomenonTime", "result"],
        "dataArray@iot.count": rows.as_array().unwrap().len(),
        "dataArray": rows,
    }])
}

#[tokio::test]
async fn each_row_is_answered_and_a_bad_one_keeps_none_of_the_others() {
    let sensors = Sensors::with_station().await;
    let links = sent(
        &sensors,
        rows(
            1,
            &json!([
                ["2026-05-01T12:00:00Z", 1],
                ["yesterday", 2],
                ["2026-05-01T12:02:00Z", 3],
                ["2026-05-01T12:03:00Z"],
                ["2026-05-01T12:04:00Z/2026-05-01T12:05:00Z", "five"],
            ]),
        ),
    )
    .await;
    let link = |id| format!("http://city.example/sensorthings/v1.1/Observations({id})");
    assert_eq!(links, [link(1), "error".to_owned(), link(2), "error".to_owned(), link(3)]);
    let results: Vec<_> = sensors
        .all("Observations?$orderby=id")
        .await
        .iter()
        .map(|it| it["result"].clone())
        .collect();
    assert_eq!(results, [json!(1), json!(3), json!("five")]);
}

#[tokio::test]
async fn a_row_that_comes_again_is_the_same_observation() {
    let sensors = Sensors::with_station().await;
    let body = rows(1, &json!([["2026-05-01T12:00:00Z", 1], ["2026-05-01T12:00:00Z", 1]]));
    let first = sent(&sensors, body.clone()).await;
    assert_eq!(first[0], first[1]);
    assert_eq!(sent(&sensors, body).await, first);
    assert_eq!(sensors.all("Observations").await.len(), 1);
    let twice = json!({ "phenomenonTime": "2026-05-01T12:00:00Z", "result": 1 });
    sensors.make("Datastreams(1)/Observations", &twice).await;
    sensors.make("Datastreams(1)/Observations", &twice).await;
    assert_eq!(sensors.all("Observations").await.len(), 3, "two posts are two observations");
}

#[tokio::test]
async fn rows_of_unknown_datastreams_are_errors_and_a_wrong_table_is_refused() {
    let sensors = Sensors::with_station().await;
    let row = json!([["2026-05-01T12:00:00Z", 1]]);
    assert_eq!(sent(&sensors, rows(99, &row)).await, ["error"]);
    for (wrong, said) in [
        (json!({}), "a list"),
        (json!([{ "components": ["result"], "dataArray": [] }]), "`[0]/Datastream/@iot.id`"),
        (
            json!([{ "Datastream": { "@iot.id": 1 }, "components": ["value"], "dataArray": [] }]),
            "`[0]/components`",
        ),
        (json!([{ "Datastream": { "@iot.id": 1 }, "components": ["result"] }]), "`[0]/dataArray`"),
    ] {
        let answer = sensors.send("POST", "CreateObservations", &wrong).await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert!(answer.problem().contains(said), "{}", answer.text());
    }
}
