//! A small town over a real store, filled through the service itself.

use quartier_sensorthings::{Answer, Error, Method, Reply, Request, Service, Version, Write};
use quartier_store::StoreUrl;
use quartier_twin::{Overlays, Twin, sensors::SensorSettings};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const BASE: &str = "http://city/sensorthings/v1.1";

pub(crate) struct Town {
    pub(crate) service: Service,
    _folder: TempDir,
}

impl Town {
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = StoreUrl::GeoPackage(folder.path().join("town.gpkg"));
        let store = quartier_store::open(&url, None).await.unwrap();
        let twin = Twin::open(store, Overlays::default(), SensorSettings::default()).unwrap();
        twin.until_ready().await;
        twin.sensors().until_loaded().await;
        let service = Service::new(twin, vec!["mqtt://city:1883".to_owned()]);
        Self { service, _folder: folder }
    }

    /// Two stations for air and one for wind:
    /// - Things 1 `Nord`, 2 `Süd`, 3 `Mast`
    /// - Datastreams 1 `NO2 Nord` (12 hours), 2 `Lärm Nord` (of two kinds of results), 3 `NO2 Süd` (5 hours)
    /// - a multi-datastream 4 `Wind` (speed and direction)
    pub(crate) async fn new() -> Self {
        let town = Self::empty().await;
        for sensor in ["Chemie", "Mikrofon", "Anemometer"] {
            let metadata = json!({"maker": "x"});
            let sensor = json!({"name": sensor, "description": "misst", "encodingType": "application/json", "metadata": metadata});
            town.post("Sensors", &sensor).await;
        }
        for property in ["NO2", "Lärm", "Windgeschwindigkeit", "Windrichtung"] {
            let definition = format!("http://city/def/{property}");
            let property = json!({"name": property, "description": "", "definition": definition});
            town.post("ObservedProperties", &property).await;
        }
        for (name, x, y, code) in
            [("Nord", 7.60, 51.98, 7), ("Süd", 7.65, 51.93, 8), ("Mast", 7.62, 51.96, 9)]
        {
            let place = json!({"type": "Point", "coordinates": [x, y]});
            town.post("Things", &json!({
                "name": name, "description": format!("Station {name}"),
                "properties": {"code": code, "owner": {"name": "Stadt"}, "tags": ["luft", name]},
                "Locations": [{"name": format!("Ort {name}"), "description": "", "encodingType": "application/geo+json", "location": place}],
            })).await;
        }
        town.datastream("NO2 Nord", 1, 1, 1).await;
        town.datastream("Lärm Nord", 1, 2, 2).await;
        town.datastream("NO2 Süd", 2, 1, 1).await;
        town.post("MultiDatastreams", &json!({
            "name": "Wind", "description": "", "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_ComplexObservation",
            "multiObservationDataTypes": [MEASUREMENT, MEASUREMENT],
            "unitOfMeasurements": [unit("m/s"), unit("°")],
            "Thing": {"@iot.id": 3}, "Sensor": {"@iot.id": 3},
            "ObservedProperties": [{"@iot.id": 4}, {"@iot.id": 3}],
        })).await;
        for hour in 0..12 {
            town.observe("Datastreams(1)", hour, &json!(10.5 + f64::from(hour))).await;
        }
        for (hour, result) in [json!(61), json!("gestört"), json!(58)].iter().enumerate() {
            town.observe("Datastreams(2)", hour as u8, result).await;
        }
        for hour in 0..5 {
            town.observe("Datastreams(3)", hour, &json!(100 + u32::from(hour))).await;
        }
        town.observe("MultiDatastreams(4)", 3, &json!([4.5, 270])).await;
        town
    }

    async fn datastream(&self, name: &str, thing: u64, sensor: u64, property: u64) {
        self.post("Datastreams", &json!({
            "name": name, "description": "", "observationType": MEASUREMENT, "unitOfMeasurement": unit("µg/m³"),
            "Thing": {"@iot.id": thing}, "Sensor": {"@iot.id": sensor}, "ObservedProperty": {"@iot.id": property},
        })).await;
    }

    pub(crate) async fn observe(&self, datastream: &str, hour: u8, result: &Value) {
        let time = format!("2026-05-01T{hour:02}:00:00Z");
        let observation = json!({"phenomenonTime": time, "resultTime": time, "result": result});
        self.post(&format!("{datastream}/Observations"), &observation).await;
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = Request { path, query: None, base: BASE, version: Version::V1_1 };
        let body = body.to_string().into();
        let write = Write { method: Method::Post, body, reply: Reply::Usual };
        self.service.write(request, write).await.unwrap()
    }

    /// What is answered to `Things(1)?$select=name`.
    pub(crate) async fn ask(&self, url: &str) -> Result<Answer, Error> {
        self.ask_version(url, Version::V1_1).await
    }

    pub(crate) async fn ask_version(&self, url: &str, version: Version) -> Result<Answer, Error> {
        let (path, query) =
            url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
        self.service.read(&Request { path, query, base: BASE, version }).await
    }

    pub(crate) async fn get(&self, url: &str) -> Value {
        let answer = self.ask(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    pub(crate) async fn text(&self, url: &str) -> String {
        String::from_utf8(self.ask(url).await.unwrap().body.to_vec()).unwrap()
    }

    /// The ids of a set.
    pub(crate) async fn ids(&self, url: &str) -> Vec<u64> {
        ids(&self.get(url).await)
    }

    /// Follows the links from page to page to the end.
    pub(crate) async fn pages(&self, url: &str) -> Vec<Value> {
        let mut pages = vec![self.get(url).await];
        while let Some(next) = pages.last().and_then(|page| page["@iot.nextLink"].as_str()) {
            let next =
                next.strip_prefix(BASE).and_then(|next| next.strip_prefix('/')).unwrap().to_owned();
            pages.push(self.get(&next).await);
            assert!(pages.len() < 100, "{url} has no end");
        }
        pages
    }
}

pub(crate) const MEASUREMENT: &str =
    "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement";

fn unit(symbol: &str) -> Value {
    json!({"name": symbol, "symbol": symbol, "definition": format!("http://city/unit/{symbol}")})
}

pub(crate) fn ids(set: &Value) -> Vec<u64> {
    values(set).iter().map(|entity| entity["@iot.id"].as_u64().unwrap()).collect()
}

pub(crate) fn values(set: &Value) -> &[Value] {
    set["value"].as_array().unwrap()
}
