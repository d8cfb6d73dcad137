use std::sync::Arc;

use geo_types::Point;
use quartier_model::{
    Channel, Datastream, Entity, EntityId, FeatureOfInterest, Geometry, HistoricalLocation,
    Location, NewObservation, ObservedProperty, Period, Place, Properties, Repeats, ResultValue,
    Sensor, Thing, Unit,
};
use quartier_store::{SensorBatch, Store};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, macros::datetime};

use crate::home::Home;

/// Datastreams of the sample; the last one is multi.
pub(crate) const DATASTREAMS: u64 = 4;
/// Features of interest of the sample.
pub(crate) const FEATURES: u64 = 3;

pub(crate) const START: OffsetDateTime = datetime!(2026-03-28 22:00 UTC);

pub(crate) fn properties(value: Value) -> Properties {
    let Value::Object(properties) = value else { unreachable!("properties are an object") };
    properties
}

pub(crate) fn place(x: f64, y: f64) -> Place {
    let point = |x, y| Some(Geometry::new(Point::new(x, y).into()).unwrap());
    Place {
        sent: json!({ "type": "Point", "coordinates": [x, y] }),
        degrees: point(x, y),
        working: point(400_000.0 + x * 1000.0, 5_700_000.0 + y * 1000.0),
    }
}

/// A station with its datastreams, where it stands, and what is observed.
pub(crate) fn station() -> SensorBatch {
    let mut puts: Vec<Entity> = (1..=DATASTREAMS).map(|id| datastream(id).into_entity()).collect();
    puts.extend((1..=FEATURES).map(|id| feature(id).into_entity()));
    puts.push(Entity::Thing(thing(1, &[1])));
    puts.push(Entity::Location(location(1)));
    puts.push(Entity::HistoricalLocation(HistoricalLocation {
        id: EntityId(1),
        time: START,
        thing: EntityId(1),
        locations: vec![EntityId(1)],
    }));
    puts.push(Entity::Sensor(sensor(1)));
    puts.push(Entity::ObservedProperty(observed_property(1)));
    puts.push(Entity::ObservedProperty(observed_property(2)));
    SensorBatch { puts, ..SensorBatch::default() }
}

pub(crate) trait IntoEntity {
    fn into_entity(self) -> Entity;
}

impl IntoEntity for Datastream {
    fn into_entity(self) -> Entity {
        Entity::Datastream(self)
    }
}

impl IntoEntity for FeatureOfInterest {
    fn into_entity(self) -> Entity {
        Entity::FeatureOfInterest(self)
    }
}

pub(crate) fn thing(id: u64, locations: &[u64]) -> Thing {
    Thing {
        id: EntityId(id),
        name: format!("Station {id}"),
        description: "Mast am Straßenrand".to_owned(),
        properties: properties(json!({ "owner": { "name": "Stadt" }, "height_m": 3.5 })),
        locations: locations.iter().copied().map(EntityId).collect(),
    }
}

pub(crate) fn location(id: u64) -> Location {
    Location {
        id: EntityId(id),
        name: format!("Domplatz {id}"),
        description: String::new(),
        encoding: "application/geo+json".to_owned(),
        place: place(7.625, 51.963),
        properties: Properties::new(),
        feature: Some(EntityId(1)),
    }
}

pub(crate) fn sensor(id: u64) -> Sensor {
    Sensor {
        id: EntityId(id),
        name: "SPS30".to_owned(),
        description: "optical".to_owned(),
        encoding: "application/pdf".to_owned(),
        metadata: json!("https://example.org/sps30.pdf"),
        properties: Properties::new(),
    }
}

pub(crate) fn observed_property(id: u64) -> ObservedProperty {
    ObservedProperty {
        id: EntityId(id),
        name: "PM2.5".to_owned(),
        definition: "http://dd.eionet.europa.eu/vocabulary/aq/pollutant/6001".to_owned(),
        description: "fine dust".to_owned(),
        properties: Properties::new(),
    }
}

pub(crate) fn datastream(id: u64) -> Datastream {
    let channel = |property| Channel {
        observed_property: EntityId(property),
        observation_type: "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
            .to_owned(),
        unit: Unit { symbol: Some("µg/m³".to_owned()), ..Unit::default() },
    };
    let is_multi = id == DATASTREAMS;
    Datastream {
        id: EntityId(id),
        name: format!("Datastream {id}"),
        description: String::new(),
        thing: EntityId(1),
        sensor: EntityId(1),
        is_multi,
        channels: if is_multi { vec![channel(1), channel(2)] } else { vec![channel(1)] },
        properties: Properties::new(),
    }
}

pub(crate) fn feature(id: u64) -> FeatureOfInterest {
    FeatureOfInterest {
        id: EntityId(id),
        name: format!("Luft {id}"),
        description: String::new(),
        encoding: "application/geo+json".to_owned(),
        place: place(7.6, 51.9),
        properties: Properties::new(),
    }
}

/// A number that was observed so many minutes after the start, as a message.
pub(crate) fn reading(datastream: u64, minute: i64, value: f64) -> NewObservation {
    NewObservation {
        datastream: EntityId(datastream),
        feature: Some(EntityId(1)),
        phenomenon_time: Period::instant(START + Duration::minutes(minute)),
        result_time: None,
        result: ResultValue::Number(value),
        valid_time: None,
        quality: None,
        parameters: None,
        repeats: Repeats::Merged,
    }
}

pub(crate) fn observed(observations: impl IntoIterator<Item = NewObservation>) -> SensorBatch {
    SensorBatch { observations: observations.into_iter().collect(), ..SensorBatch::default() }
}

impl Home {
    /// A store with the station.
    pub(crate) async fn with_station(&self) -> Arc<dyn Store> {
        let store = self.open().await;
        store.write_sensors(&station()).await.unwrap();
        store
    }
}
