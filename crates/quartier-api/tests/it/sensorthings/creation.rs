use serde_json::json;

use super::{Sensors, datastream, place, station};
use crate::city::City;

#[tokio::test]
async fn a_thing_comes_with_all_that_belongs_to_it() {
    let sensors = Sensors::new().await;
    let mut thing = station();
    thing["Datastreams"][0]["Observations"] = json!([
        { "phenomenonTime": "2026-05-01T12:00:00Z", "result": 21.5 },
        { "phenomenonTime": "2026-05-01T12:01:00Z", "result": 21.6 },
    ]);
    assert_eq!(sensors.make("Things", &thing).await, "Things(1)");

    let expand = "Locations,HistoricalLocations($expand=Locations),\
                  Datastreams($expand=Sensor,ObservedProperty,Observations($expand=FeatureOfInterest))";
    let read = sensors.read(&format!("Things(1)?$expand={expand}")).await;
    assert_eq!(read["properties"], json!({ "owner": "city" }));
    assert_eq!(read["Locations"][0]["location"]["coordinates"], json!([7.62, 51.96]));
    assert_eq!(read["HistoricalLocations"][0]["Locations"][0]["name"], "Market");
    let datastream = &read["Datastreams"][0];
    assert_eq!(datastream["unitOfMeasurement"]["symbol"], "°C");
    assert_eq!(datastream["Sensor"]["metadata"], "T1");
    assert_eq!(datastream["ObservedProperty"]["name"], "Temperature");
    let observations = datastream["Observations"].as_array().unwrap();
    assert_eq!(observations.len(), 2);
    for observation in observations {
        assert_eq!(observation["FeatureOfInterest"]["name"], "Market");
        assert_eq!(observation["FeatureOfInterest"]["@iot.id"], 1);
    }
}

#[tokio::test]
async fn nothing_of_a_thing_stays_where_a_part_of_it_is_wrong() {
    let sensors = Sensors::new().await;
    let mut thing = station();
    thing["Datastreams"][0].as_object_mut().unwrap().remove("Sensor");
    let answer = sensors.send("POST", "Things", &thing).await;
    assert_eq!(answer.status, 400);
    assert!(answer.problem().contains("`Datastreams[0]/Sensor` is missing"), "{}", answer.text());
    for set in ["Things", "Locations", "HistoricalLocations", "ObservedProperties", "Datastreams"] {
        assert!(sensors.all(set).await.is_empty(), "{set}");
    }
}

#[tokio::test]
async fn what_is_made_is_answered_with_its_address() {
    let sensors = Sensors::new().await;
    let answer = sensors.send("POST", "Things", station()).await;
    let thing = answer.json();
    assert_eq!(answer.header("location"), thing["@iot.selfLink"]);
    assert_eq!(thing["@iot.selfLink"], "http://city.example/sensorthings/v1.1/Things(1)");
    assert_eq!(thing["name"], "Station 1");
}

#[tokio::test]
async fn entities_are_made_below_those_they_belong_to() {
    let sensors = Sensors::with_station().await;
    assert_eq!(sensors.make("Things(1)/Datastreams", &datastream("Noise")).await, "Datastreams(2)");
    let observation = json!({ "result": 55 });
    sensors.make("Datastreams(2)/Observations", &observation).await;
    assert_eq!(sensors.all("Things(1)/Datastreams").await.len(), 2);
    let observation = sensors.read("Observations(1)?$expand=Datastream").await;
    assert_eq!(observation["Datastream"]["@iot.id"], 2);
    assert_eq!(observation["resultTime"], json!(null));
    assert!(observation["phenomenonTime"].as_str().unwrap().ends_with('Z'));

    sensors.make("Locations(1)/Things", &json!({ "name": "B", "description": "-" })).await;
    assert_eq!(sensors.all("Locations(1)/Things").await.len(), 2);
    assert_eq!(sensors.all("Things(2)/HistoricalLocations").await.len(), 1);
}

#[tokio::test]
async fn observations_are_of_the_place_where_their_thing_is() {
    let sensors = Sensors::with_station().await;
    sensors.make("Datastreams(1)/Observations", &json!({ "result": 1 })).await;
    sensors.make("Datastreams(1)/Observations", &json!({ "result": 2 })).await;
    sensors.make("Things(1)/Locations", &place("Harbour", 7.64, 51.95)).await;
    sensors.make("Datastreams(1)/Observations", &json!({ "result": 3 })).await;
    let mut features = Vec::new();
    for id in 1..=3 {
        let feature = sensors.read(&format!("Observations({id})/FeatureOfInterest")).await;
        features.push(feature["name"].as_str().unwrap().to_owned());
    }
    assert_eq!(features, ["Market", "Market", "Harbour"]);
    assert_eq!(sensors.all("FeaturesOfInterest").await.len(), 2);
}

#[tokio::test]
async fn a_later_stay_moves_the_thing_and_an_earlier_one_does_not() {
    let sensors = Sensors::with_station().await;
    sensors.make("Locations", &place("Past", 7.1, 51.1)).await;
    sensors.make("Locations", &place("Future", 7.2, 51.2)).await;
    let stay = |time: &str, location: u32| json!({ "time": time, "Thing": { "@iot.id": 1 }, "Locations": [{ "@iot.id": location }] });
    let earlier = sensors.make("HistoricalLocations", &stay("2001-01-01T00:00:00Z", 2)).await;
    assert_eq!(sensors.all("Things(1)/Locations").await[0]["name"], "Market");
    sensors.make("HistoricalLocations", &stay("2101-01-01T00:00:00Z", 3)).await;
    assert_eq!(sensors.all("Things(1)/Locations").await[0]["name"], "Future");
    let later = json!({ "time": "2102-01-01T00:00:00Z" });
    assert_eq!(sensors.send("PATCH", &earlier, later).await.status, 200);
    assert_eq!(sensors.all("Things(1)/Locations").await[0]["name"], "Past");
}

#[tokio::test]
async fn a_multi_datastream_takes_one_result_for_each_property() {
    let sensors = Sensors::with_station().await;
    let property =
        json!({ "name": "Wind", "definition": "http://example.org/w", "description": "-" });
    let multi = json!({
        "name": "Weather", "description": "Both",
        "multiObservationDataTypes": ["OM_Measurement", "OM_Measurement"],
        "unitOfMeasurements": [{ "symbol": "°C" }, { "symbol": "m/s" }],
        "Thing": { "@iot.id": 1 }, "Sensor": { "@iot.id": 1 },
        "ObservedProperties": [{ "@iot.id": 1 }, property],
    });
    let multi = sensors.make("MultiDatastreams", &multi).await;
    let path = format!("{multi}/Observations");
    sensors.make(&path, &json!({ "result": [20.5, 3] })).await;
    assert_eq!(sensors.all(&path).await[0]["result"], json!([20.5, 3]));
    for wrong in [json!(20.5), json!([20.5]), json!([1, 2, 3])] {
        let answer = sensors.send("POST", &path, json!({ "result": wrong })).await;
        assert_eq!(answer.status, 400);
        assert!(answer.problem().contains("a list of 2"), "{}", answer.text());
    }
}

#[tokio::test]
async fn writing_needs_the_token_unless_it_is_public() {
    let city = City::new().await;
    city.twin.sensors().until_loaded().await;
    let path = "/sensorthings/v1.1/Things";
    let thing = json!({ "name": "A", "description": "-" });
    let request = axum::http::Request::post(path).header("content-type", "application/json");
    assert_eq!(city.send(request, thing.to_string()).await.status, 401);
    let request = axum::http::Request::post(path)
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", crate::city::TOKEN));
    assert_eq!(city.send(request, thing.to_string()).await.status, 201);
    assert_eq!(city.get(path).await.status, 200);
}
