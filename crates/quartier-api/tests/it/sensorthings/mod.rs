//! SensorThings as its clients see it.

mod bad_input;
mod batch;
mod changes;
mod creation;
mod many;
mod messages;

use axum::http::Request;
use quartier_api::{SensorThings, Settings, Writers};
use serde_json::{Value, json};

use crate::{answer::Answer, city::City};

pub(crate) const ROOT: &str = "/sensorthings/v1.1";

/// A city whose sensors anybody may write.
pub(crate) struct Sensors {
    pub(crate) city: City,
}

impl Sensors {
    pub(crate) async fn new() -> Self {
        let sensorthings = SensorThings { writers: Writers::Public, ..SensorThings::default() };
        let city = City::with(Settings { sensorthings, ..Settings::default() }).await;
        city.twin.sensors().until_loaded().await;
        Self { city }
    }

    /// With a thing at a place, and a datastream of it: all have the number 1.
    pub(crate) async fn with_station() -> Self {
        let sensors = Self::new().await;
        sensors.make("Things", &station()).await;
        sensors
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.city.get(&format!("{ROOT}/{path}")).await
    }

    /// What is there, after seeing that it is.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// The `value`s of a set.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        self.read(path).await["value"].as_array().unwrap().clone()
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: impl ToString) -> Answer {
        self.send_as("application/json", method, path, body).await
    }

    pub(crate) async fn send_as(
        &self,
        media_type: &str,
        method: &str,
        path: &str,
        body: impl ToString,
    ) -> Answer {
        let request = Request::builder().method(method).uri(format!("{ROOT}/{path}"));
        self.city.send(request.header("content-type", media_type), body.to_string()).await
    }

    /// The self link of what is made, below the service.
    pub(crate) async fn make(&self, path: &str, body: &Value) -> String {
        let answer = self.send("POST", path, body).await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text());
        let location = answer.header("location").to_owned();
        location.strip_prefix(&format!("http://city.example{ROOT}/")).unwrap().to_owned()
    }
}

pub(crate) fn station() -> Value {
    json!({
        "name": "Station 1",
        "description": "At the market",
        "properties": { "owner": "city" },
        "Locations": [place("Market", 7.62, 51.96)],
        "Datastreams": [datastream("Temperature")],
    })
}

pub(crate) fn place(name: &str, x: f64, y: f64) -> Value {
    json!({
        "name": name,
        "description": "A place",
        "encodingType": "application/geo+json",
        "location": { "type": "Point", "coordinates": [x, y] },
    })
}

pub(crate) fn datastream(property: &str) -> Value {
    json!({
        "name": format!("{property} at the market"),
        "description": "Measured each minute",
        "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        "unitOfMeasurement": { "name": "degree Celsius", "symbol": "°C", "definition": "ucum:Cel" },
        "Sensor": {
            "name": "T1", "description": "A sensor", "encodingType": "text/html", "metadata": "T1",
        },
        "ObservedProperty": {
            "name": property, "definition": "http://example.org/it", "description": "It",
        },
    })
}
