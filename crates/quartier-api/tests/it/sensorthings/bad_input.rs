use axum::{body::Body, http::Request};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};

use super::{ROOT, Sensors, place, station};

#[tokio::test]
async fn a_refusal_names_what_is_wrong() {
    let sensors = Sensors::with_station().await;
    for (path, body, said) in entities().into_iter().chain(readings()) {
        let answer = sensors.send("POST", path, &body).await;
        assert_eq!(answer.status, 400, "{path} {body}: {}", answer.text());
        assert!(answer.problem().contains(said), "{path} {body}: {}", answer.text());
        let problem = answer.json();
        assert_eq!((&problem["code"], &problem["message"]), (&json!(400), &problem["detail"]));
    }
    assert_eq!(sensors.all("Things").await.len(), 1);
    assert!(sensors.all("Observations").await.is_empty());
}

/// A set, a body, and a part of what the refusal says.
type Case = (&'static str, Value, &'static str);

fn entities() -> Vec<Case> {
    let thing = |member: &str, value: Value| {
        let mut thing = json!({ "name": "A", "description": "-" });
        thing[member] = value;
        thing
    };
    let at = |location: Value| {
        let mut place = place("P", 7.0, 51.0);
        place["location"] = location;
        place
    };
    vec![
        ("Things", json!({ "description": "-" }), "`name` is missing"),
        ("Things", json!([]), "the body is to be a JSON object, not a list"),
        ("Things", thing("name", json!(5)), "`name` is to be a text, not a number"),
        ("Things", thing("propertys", json!({})), "`propertys` is not known"),
        ("Things", thing("properties", json!(5)), "`properties` is to be an object"),
        ("Things", thing("Locations", json!({})), "`Locations` is to be a list"),
        ("Things", thing("Locations", json!([{ "@iot.id": 99 }])), "no Location 99"),
        ("Things", thing("Locations", json!([{ "@iot.id": "x" }])), "`Locations[0]/@iot.id`"),
        ("Things", thing("Datastreams", json!([{ "name": "D" }])), "`Datastreams[0]/"),
        ("Locations", at(json!({ "type": "Point", "coordinates": ["a"] })), "`location`"),
        ("Locations", at(json!(null)), "`location` is missing"),
    ]
}

fn readings() -> Vec<Case> {
    const OF_ONE: &str = "Datastreams(1)/Observations";
    let time = |time: &str| json!({ "phenomenonTime": time, "result": 1 });
    let linked = |kind: &str| json!({ "result": 1, kind: { "@iot.id": 9 } });
    let turned = time("2026-05-02T12:00:00Z/2026-05-01T12:00:00Z");
    vec![
        (OF_ONE, json!({}), "`result` is missing"),
        (OF_ONE, time("2026-05-01T12:00:00"), "`phenomenonTime` has no time zone"),
        (OF_ONE, time("12026-05-01T12:00:00Z"), "`phenomenonTime` is no time"),
        (OF_ONE, turned, "starts after its end"),
        (OF_ONE, json!({ "result": 1, "resultTime": 5 }), "`resultTime` is to be a time"),
        (OF_ONE, linked("FeatureOfInterest"), "no FeatureOfInterest 9"),
        ("Observations", json!({ "result": 1 }), "`Datastream` is missing"),
        ("Observations", linked("Datastream"), "no Datastream 9"),
    ]
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let sensors = Sensors::with_station().await;
    let deep = format!("{{\"result\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    for body in
        ["", "{", "{\"result\": NaN}", "{\"result\": Infinity}", "{\"result\": 1e999}", &deep]
    {
        let answer = sensors.send("POST", "Datastreams(1)/Observations", body).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
        assert!(answer.problem().contains("no JSON"), "{}", answer.text());
    }
}

#[tokio::test]
async fn the_year_9999_is_a_time_like_others() {
    let sensors = Sensors::with_station().await;
    let late = json!({ "phenomenonTime": "9999-12-31T23:59:59Z", "result": 1 });
    sensors.make("Datastreams(1)/Observations", &late).await;
    let read = sensors.read("Observations(1)").await;
    assert_eq!(read["phenomenonTime"], "9999-12-31T23:59:59Z");
}

#[tokio::test]
async fn a_wrong_path_is_not_found_and_a_wrong_method_not_allowed() {
    let sensors = Sensors::with_station().await;
    let thing = json!({ "name": "A", "description": "-" });
    for path in ["Nothings", "Things(99)/Datastreams", "Things(1)/Datastreams(99)/Observations"] {
        let answer = sensors.send("POST", path, &thing).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    }
    let cases =
        [("POST", "Things(1)"), ("PATCH", "Things"), ("PUT", "Things(1)/name"), ("POST", "")];
    for (method, path) in cases {
        let answer = sensors.send(method, path, &thing).await;
        assert_eq!(answer.status, 405, "{method} {path}: {}", answer.text());
    }
    assert_eq!(sensors.send("PATCH", "Things(99)", &thing).await.status, 404);
    assert_eq!(sensors.send_as("text/plain", "POST", "Things", &thing).await.status, 415);
}

#[tokio::test]
async fn a_body_of_100_mb_is_refused_before_it_is_read() {
    let sensors = Sensors::with_station().await;
    let chunk = Bytes::from(vec![b' '; 1 << 20]);
    let announced = Request::post(format!("{ROOT}/Things"))
        .header("content-type", "application/json")
        .header("content-length", 100 << 20);
    let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    assert_eq!(sensors.city.send(announced, never).await.status, 413);
    let endless =
        Body::from_stream(stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone())));
    let silent = Request::post(format!("{ROOT}/Things")).header("content-type", "application/json");
    assert_eq!(sensors.city.send(silent, endless).await.status, 413);
}

#[tokio::test]
async fn entities_are_nested_and_counted_up_to_limits() {
    let sensors = Sensors::new().await;
    let mut nested = place("P", 7.0, 51.0);
    for _ in 0..10 {
        let mut thing = station();
        thing["Locations"] = json!([nested]);
        let mut location = place("P", 7.0, 51.0);
        location["Things"] = json!([thing]);
        nested = location;
    }
    let answer = sensors.send("POST", "Locations", &nested).await;
    assert_eq!(answer.status, 400);
    assert!(answer.problem().contains("nested more than"), "{}", answer.text());
    assert!(sensors.all("Locations").await.is_empty());
}
