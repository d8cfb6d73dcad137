//! What the twin says of its sensors.

use arrow_array::{
    Array as _,
    cast::AsArray as _,
    types::{Float64Type, TimestampMicrosecondType},
};
use arrow_ipc::reader::StreamReader;
use axum::http::Request;
use serde_json::{Value, json};

use crate::sensed::{Sensed, Station, inside};

#[tokio::test]
async fn the_latest_reading_of_each_datastream_tells_its_object() {
    let sensed = Sensed::with_stations().await;
    sensed.read_at(1, "2026-05-01T12:00:00Z", 20.5).await;
    sensed.read(2, 41.0).await;
    sensed.read(4, 10.0).await;
    let latest = sensed.get("/twin/v1/latest?property=no2").await;
    assert_eq!(latest["numberReturned"], 3);
    let first = &latest["readings"][0];
    assert_eq!((&first["name"], &first["thing"]), (&json!("Station in 3"), &json!(1)));
    assert_eq!((&first["property"], &first["unit"]), (&json!("NO2"), &json!("µg/m³")));
    assert_eq!((&first["value"], &first["stale"]), (&json!(20.5), &json!(true)));
    assert_eq!(first["time"], "2026-05-01T12:00:00Z");
    assert!(first["age_s"].as_f64().unwrap() > 86_400.0);
    let object = &first["object"];
    assert_eq!((&object["collection"], &object["id"]), (&json!("buildings"), &json!("building-3")));
    assert_eq!((&object["value"], &object["n"]), (&json!(20.5), &json!(1)));
    assert_eq!(latest["readings"][2]["object"], Value::Null);
}

#[tokio::test]
async fn the_latest_readings_are_chosen_by_place_collection_and_time() {
    let sensed = Sensed::with_stations().await;
    for (time, value) in [("2026-05-01T12:00:00Z", 1.0), ("2026-05-01T13:00:00Z", 2.0)] {
        sensed.read_at(1, time, value).await;
    }
    sensed.read(4, 3.0).await;
    let datastreams = async |query: &str| {
        let latest = sensed.get(&format!("/twin/v1/latest?{query}")).await;
        let readings = latest["readings"].as_array().unwrap().clone();
        let numbers = readings.iter().map(|it| it["datastream"].as_u64().unwrap());
        numbers.collect::<Vec<u64>>()
    };
    assert_eq!(datastreams("").await, [1, 4]);
    assert_eq!(datastreams("collection=buildings").await, [1]);
    assert_eq!(datastreams("collection=trees").await, [] as [u64; 0]);
    let at = inside(3);
    let (x, y) = (at.x, at.y);
    let bbox = format!("bbox={},{},{},{}", x - 1e-4, y - 1e-4, x + 1e-4, y + 1e-4);
    assert_eq!(datastreams(&bbox).await, [1]);
    assert_eq!(datastreams("bbox=170,-10,-170,10").await, [] as [u64; 0]);
    let then = sensed.get("/twin/v1/latest?asOf=2026-05-01T12:30:00Z").await;
    assert_eq!((&then["readings"][0]["value"], &then["numberReturned"]), (&json!(1), &json!(1)));
    assert_eq!(then["readings"][0]["age_s"], 1_800.0);
}

#[tokio::test]
async fn zones_have_one_number_each() {
    let sensed = Sensed::with_stations().await;
    for (minute, value) in [(0, 10.0), (20, 20.0), (59, 60.0)] {
        sensed.read_at(1, &format!("2026-05-01T12:{minute:02}:00Z"), value).await;
    }
    let query = "zones=buildings&property=NO2&asOf=2026-05-01T13:00:00Z";
    let mean = sensed.get(&format!("/twin/v1/aggregate?{query}")).await;
    assert_eq!((&mean["agg"], &mean["unit"]), (&json!("mean"), &json!("µg/m³")));
    let window = json!({ "from": "2026-05-01T12:00:00Z", "to": "2026-05-01T13:00:00Z" });
    assert_eq!(mean["window"], window);
    let values = mean["values"].as_array().unwrap();
    let zone = |id: &str| values.iter().find(|it| it["id"] == id).unwrap();
    let third = zone("building-3");
    assert_eq!((&third["value"], &third["n"]), (&json!(30.0), &json!(1)));
    assert_eq!((&third["n_readings"], &third["coverage"]), (&json!(3), &json!(1.0)));
    let fourth = zone("building-4");
    assert_eq!((&fourth["value"], &fourth["coverage"]), (&Value::Null, &json!(0.0)));
    let count = sensed.get(&format!("/twin/v1/aggregate?{query}&agg=count&window=PT30M")).await;
    let values = count["values"].as_array().unwrap();
    assert_eq!(values.iter().find(|it| it["id"] == "building-3").unwrap()["value"], 1.0);
    assert_eq!(count["unit"], Value::Null);
}

#[tokio::test]
async fn what_has_different_units_has_no_mean() {
    let sensed = Sensed::with_stations().await;
    sensed.station(&Station { building: 5, property: "NO2", unit: "ppb" }).await;
    let problem = sensed.problem("/twin/v1/aggregate?zones=buildings&property=NO2", 422).await;
    assert!(problem.contains("µg/m³, ppb"), "{problem}");
}

#[tokio::test]
async fn links_lead_from_things_to_objects_and_back() {
    let sensed = Sensed::with_stations().await;
    let all = sensed.get("/twin/v1/links?role=subject").await;
    let of = |links: &Value| -> Vec<(u64, String)> {
        let links = links["links"].as_array().unwrap().iter();
        links.map(|it| (it["thing"].as_u64().unwrap(), it["id"].as_str().unwrap().into())).collect()
    };
    let (third, fourth) = ("building-3".to_owned(), "building-4".to_owned());
    assert_eq!(of(&all), [(1, third.clone()), (2, fourth.clone()), (3, fourth.clone())]);
    let link = &all["links"][0];
    assert_eq!((&link["method"], &link["distance_m"]), (&json!("within"), &json!(0.0)));
    assert_eq!(link["to"], Value::Null);
    let at = "collection=buildings&object=building-4&role=subject";
    let back = sensed.get(&format!("/twin/v1/links?{at}")).await;
    assert_eq!(of(&back), [(2, fourth.clone()), (3, fourth)]);
    assert_eq!(of(&sensed.get("/twin/v1/links?thing=1&role=subject").await), [(1, third)]);
    let page = sensed.get("/twin/v1/links?role=subject&limit=2").await;
    assert_eq!((&page["numberMatched"], &page["numberReturned"]), (&json!(3), &json!(2)));
    let next = page["next"].as_str().unwrap().replace("http://city.example", "");
    assert_eq!(of(&sensed.get(&next).await)[0].0, 3);
}

#[tokio::test]
async fn a_thing_without_an_object_is_listed_with_the_reason() {
    let sensed = Sensed::with_stations().await;
    let unlinked = sensed.get("/twin/v1/unlinked").await;
    assert_eq!(unlinked["numberReturned"], 1);
    let thing = &unlinked["things"][0];
    assert_eq!((&thing["thing"], &thing["name"]), (&json!(4), &json!("Station in 4000")));
    assert!(thing["reason"].as_str().unwrap().contains("no object is around the thing"));
    assert!((thing["point"][0].as_f64().unwrap() - inside(4_000).x).abs() < 1e-9);
}

#[tokio::test]
async fn observed_properties_of_one_name_are_one() {
    let sensed = Sensed::with_stations().await;
    sensed.read(1, 20.0).await;
    sensed.read_at(2, "2026-05-01T12:00:00Z", 40.0).await;
    let all = sensed.get("/twin/v1/observedProperties").await;
    let expected = json!({
        "id": 1, "name": "NO2", "definition": "http://example.org/it", "units": ["µg/m³"],
        "datastreams": 3, "stale": 1, "min": 20.0, "max": 40.0, "collections": ["buildings"],
    });
    assert_eq!(all["observedProperties"][0], expected);
    assert_eq!(all["observedProperties"][1]["min"], Value::Null);
}

#[tokio::test]
async fn feeds_tell_what_became_of_readings() {
    let sensed = Sensed::with_stations().await;
    sensed.read_at(1, "2026-05-01T12:00:00Z", 1.0).await;
    sensed.read_at(1, "2026-05-01T11:00:00Z", 1.0).await;
    let feeds = sensed.get("/twin/v1/feeds").await;
    let http = &feeds["feeds"][0];
    assert_eq!((&http["name"], &http["kind"]), (&json!("http"), &json!("http")));
    assert_eq!((&http["accepted"], &http["late"]), (&json!(2), &json!(1)));
    assert_eq!((&http["dropped"], &http["duplicate"]), (&json!(0), &json!(0)));
    assert!(http["last"].is_string());
    assert_eq!(feeds["feeds"][1]["connections"], 0);
}

#[tokio::test]
async fn a_geofence_is_made_shown_and_taken_away() {
    let sensed = Sensed::with_stations().await;
    let fence = json!({
        "name": "Silence in the east",
        "area": { "objects": { "collection": "buildings", "objects": ["building-4"] } },
        "condition": { "silent_for": "PT1H" },
        "subject": { "property": "NO2" },
    });
    let uri = "/twin/v1/geofences";
    let anyone = Request::post(uri).header("content-type", "application/json");
    assert_eq!(sensed.city.send(anyone, fence.to_string()).await.status, 401);
    let made = sensed.city.write("POST", uri, &fence).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.header("location"), "http://city.example/twin/v1/geofences/1");
    assert_eq!(made.json()["condition"], json!({ "silent_for": "PT3600S" }));
    assert_eq!(sensed.get("/twin/v1/geofences/1").await, made.json());
    assert_eq!(sensed.get(uri).await["geofences"], json!([made.json()]));
    let taken = sensed.city.write("DELETE", "/twin/v1/geofences/1", &Value::Null).await;
    assert_eq!((taken.status.as_u16(), taken.body.len()), (204, 0));
    assert!(sensed.problem("/twin/v1/geofences/1", 404).await.contains("no geofence `1`"));
}

#[tokio::test]
async fn a_geofence_that_cannot_be_is_refused_with_the_reason() {
    let sensed = Sensed::with_stations().await;
    let area = json!({ "objects": { "collection": "buildings" } });
    let ships = json!({ "objects": { "collection": "ships" } });
    let line = json!({ "polygon": { "type": "LineString", "coordinates": [[7, 51], [8, 52]] } });
    for (name, area, condition, reason) in [
        ("", &area, json!("enter"), "1 to 255 characters"),
        ("A", &ships, json!("enter"), "no collection `ships`"),
        ("A", &line, json!("exit"), "Polygon"),
        ("A", &area, json!("jump"), "unknown variant `jump`"),
        ("A", &area, json!({ "silent_for": "P1M" }), "write `P1M` in days"),
        ("A", &area, json!({ "silent_for": "PT0S" }), "1 second to 366 days"),
    ] {
        let fence = json!({ "name": name, "area": area, "condition": condition });
        let answer = sensed.city.write("POST", "/twin/v1/geofences", &fence).await;
        assert_eq!(answer.status, 422, "{fence}: {}", answer.text());
        assert!(answer.problem().contains(reason), "{fence}: {}", answer.problem());
    }
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let sensed = Sensed::with_stations().await;
    for (uri, reason) in [
        ("latest?property=Ozone", "`property`: there is no observed property `Ozone`"),
        ("latest?property=", "`property`: name at least one"),
        ("latest?collection=ships", "`collection`: there is no collection `ships`"),
        ("latest?collection=plans", "`collection`: there is no collection `plans`"),
        ("latest?asOf=yesterday", "`asOf`: `yesterday` is no time"),
        ("latest?bbox=1,2,3", "`bbox`: a bbox has 4 or 6 numbers"),
        ("latest?colour=red", "`colour`: it is not known here"),
        ("aggregate?property=NO2", "`zones`: name a collection"),
        ("aggregate?zones=buildings", "`property`: name an observed property"),
        ("aggregate?zones=buildings&property=Ozone", "`property`: there is no observed property"),
        ("aggregate?zones=buildings&property=NO2&agg=median", "`agg`: `median` is none of"),
        ("aggregate?zones=buildings&property=NO2&window=P1M", "`window`: months"),
        ("aggregate?zones=buildings&property=NO2&window=P4000D", "`window`: the window must"),
        ("aggregate?zones=buildings&property=NO2&window=PT0S", "`window`: the window must"),
        ("links?thing=x", "`thing`: `x` is no `@iot.id`"),
        ("links?object=building-4", "`object`: name its `collection` too"),
        ("links?collection=buildings&object=x", "`object`: there is no object `x`"),
        ("links?role=friend", "`role`: `friend` is neither"),
        ("unlinked?limit=-1", "`limit`: `-1` is not a whole number"),
    ] {
        let problem = sensed.problem(&format!("/twin/v1/{uri}"), 400).await;
        assert!(problem.contains(reason), "{uri}: {problem}");
    }
}

#[tokio::test]
async fn sensors_that_are_secret_are_told_to_the_holder_of_the_token_only() {
    let sensed = Sensed::secret().await;
    for uri in [
        "/twin/v1/observedProperties",
        "/twin/v1/latest",
        "/twin/v1/aggregate?zones=buildings&property=x",
        "/twin/v1/links",
        "/twin/v1/unlinked",
        "/twin/v1/feeds",
        "/twin/v1/geofences",
        "/live",
    ] {
        sensed.problem(uri, 401).await;
    }
    assert_eq!(sensed.as_holder("/twin/v1/latest").await.status, 200);
}

#[tokio::test]
async fn the_latest_readings_can_be_had_as_arrow() {
    let sensed = Sensed::with_stations().await;
    sensed.read_at(1, "2026-05-01T12:00:00Z", 20.5).await;
    sensed.read_at(4, "2026-05-01T12:00:01Z", 3.0).await;
    let media_type = "application/vnd.apache.arrow.stream";
    let arrow = sensed.city.accepting(media_type, "/twin/v1/latest").await;
    assert_eq!((arrow.status.as_u16(), arrow.header("content-type")), (200, media_type));
    assert_eq!(sensed.city.get("/twin/v1/latest?f=arrow").await.status, 200);
    let mut reader = StreamReader::try_new(&arrow.body[..], None).unwrap();
    let batch = reader.next().unwrap().unwrap();
    assert!(reader.next().is_none());
    let names: Vec<&str> =
        batch.schema_ref().fields().iter().map(|it| it.name().as_str()).collect();
    assert_eq!(
        names.join(" "),
        "datastream thing name property unit value time age_s stale lon lat collection object fid"
    );
    let column = |name: &str| batch.column_by_name(name).unwrap();
    assert_eq!(column("value").as_primitive::<Float64Type>().values(), &[20.5, 3.0]);
    let times = column("time").as_primitive::<TimestampMicrosecondType>();
    assert_eq!(times.values(), &[1_777_636_800_000_000, 1_777_636_801_000_000]);
    let objects: Vec<_> = column("object").as_string::<i32>().iter().collect();
    assert_eq!(objects, [Some("building-3"), None]);
    assert!(column("fid").is_null(1) && !column("lat").is_null(1));
    assert!(column("stale").as_boolean().value(0));
}
