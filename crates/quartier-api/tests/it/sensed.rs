//! The city with sensors in it: their readings colour its buildings.

use axum::http::Request;
use geo_types::Coord;
use quartier_api::{SensorThings, Settings, Writers};
use quartier_crs::Transform;
use quartier_model::{Crs, EntityId, NewObservation, Period, Readers, Repeats, ResultValue};
use quartier_twin::sensors::{Patience, Source};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::{
    answer::Answer,
    city::{CORNER, City, TOKEN},
    sensorthings::{ROOT, datastream, place},
};

/// A city whose sensors anybody may write.
pub(crate) struct Sensed {
    pub(crate) city: City,
}

/// What the n-th thing's datastream is, and where.
pub(crate) struct Station<'a> {
    pub(crate) building: u32,
    pub(crate) property: &'a str,
    pub(crate) unit: &'a str,
}

impl Sensed {
    pub(crate) async fn new() -> Self {
        Self::with(SensorThings { writers: Writers::Public, ..SensorThings::default() }).await
    }

    /// Sensors that only the token's holder may read.
    pub(crate) async fn secret() -> Self {
        let readers = Readers::Token;
        Self::with(SensorThings { writers: Writers::Public, readers, ..SensorThings::default() })
            .await
    }

    async fn with(sensorthings: SensorThings) -> Self {
        let token = Some(TOKEN.to_owned());
        let city = City::with(Settings { sensorthings, token, ..Settings::default() }).await;
        city.twin.sensors().until_loaded().await;
        Self { city }
    }

    /// Two sensors of nitrogen dioxide in the buildings 3 and 4, one of noise in building 4, and one out of town:
    /// datastreams 1 to 4, of things of the same numbers.
    pub(crate) async fn with_stations() -> Self {
        let sensed = Self::new().await;
        sensed.station(&Station { building: 3, property: "NO2", unit: "µg/m³" }).await;
        sensed.station(&Station { building: 4, property: "NO2", unit: "µg/m³" }).await;
        sensed.station(&Station { building: 4, property: "Noise", unit: "dB(A)" }).await;
        sensed.station(&Station { building: 4_000, property: "NO2", unit: "µg/m³" }).await;
        sensed
    }

    pub(crate) async fn station(&self, station: &Station<'_>) {
        let at = inside(station.building);
        let mut measured = datastream(station.property);
        measured["unitOfMeasurement"]["symbol"] = station.unit.into();
        let thing = json!({
            "name": format!("Station in {}", station.building),
            "description": "A box on a wall",
            "Locations": [place("Here", at.x, at.y)],
            "Datastreams": [measured],
        });
        self.make("Things", &thing).await;
    }

    pub(crate) async fn make(&self, path: &str, body: &Value) {
        let request = Request::post(format!("{ROOT}/{path}"));
        let request = request.header("content-type", "application/json");
        let answer = self.city.send(request, body.to_string()).await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text());
    }

    /// Readings of now, not over HTTP: many in a short time.
    pub(crate) async fn observe(&self, readings: impl IntoIterator<Item = (u64, f64)>) {
        let observation = |(datastream, result)| NewObservation {
            datastream: EntityId(datastream),
            feature: None,
            phenomenon_time: Period::instant(OffsetDateTime::now_utc()),
            result_time: None,
            result: ResultValue::Number(result),
            valid_time: None,
            quality: None,
            parameters: None,
            repeats: Repeats::Kept,
        };
        let new = readings.into_iter().map(observation).collect();
        let sensors = self.city.twin.sensors();
        sensors.observe(new, &Source::Mqtt, Patience::Wait).await.unwrap();
    }

    /// A reading of now.
    pub(crate) async fn read(&self, datastream: u64, result: f64) {
        self.make(&observations(datastream), &json!({ "result": result })).await;
    }

    pub(crate) async fn read_at(&self, datastream: u64, time: &str, result: f64) {
        let reading = json!({ "phenomenonTime": time, "result": result });
        self.make(&observations(datastream), &reading).await;
    }

    /// What is there, after seeing that it is.
    pub(crate) async fn get(&self, uri: &str) -> Value {
        let answer = self.city.get(uri).await;
        assert_eq!(answer.status, 200, "{uri}: {}", answer.text());
        answer.json()
    }

    /// The problem that an address answers with.
    pub(crate) async fn problem(&self, uri: &str, status: u16) -> String {
        let answer = self.city.get(uri).await;
        assert_eq!(answer.status, status, "{uri}: {}", answer.text());
        answer.problem()
    }

    pub(crate) async fn as_holder(&self, uri: &str) -> Answer {
        let request = Request::get(uri).header("authorization", format!("Bearer {TOKEN}"));
        self.city.send(request, "").await
    }
}

fn observations(datastream: u64) -> String {
    format!("Datastreams({datastream})/Observations")
}

/// The middle of the n-th building, in degrees, east first.
pub(crate) fn inside(building: u32) -> Coord<f64> {
    let middle = Coord { x: CORNER.0 + f64::from(building) * 20.0 + 5.0, y: CORNER.1 + 5.0 };
    Transform::between(Crs::Epsg(25832), Crs::Crs84).unwrap().coord(middle).unwrap()
}
