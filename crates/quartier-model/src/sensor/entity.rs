use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use crate::{Geometry, Properties};

/// Numbers the entities of one kind, from 1, and is never given again. Datastreams and multi-datastreams are
/// numbered together.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(transparent)]
pub struct EntityId(pub u64);

/// The kinds of entities. A datastream with several channels is a [`EntityKind::MultiDatastream`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    Thing,
    Location,
    HistoricalLocation,
    Datastream,
    MultiDatastream,
    Sensor,
    ObservedProperty,
    Observation,
    FeatureOfInterest,
}

/// Any entity but an observation.
#[derive(Debug, Clone, PartialEq)]
pub enum Entity {
    Thing(Thing),
    Location(Location),
    HistoricalLocation(HistoricalLocation),
    Datastream(Datastream),
    Sensor(Sensor),
    ObservedProperty(ObservedProperty),
    FeatureOfInterest(FeatureOfInterest),
}

/// What carries sensors: a station, a bus, a building.
#[derive(Debug, Clone, PartialEq)]
pub struct Thing {
    pub id: EntityId,
    pub name: String,
    pub description: String,
    pub properties: Properties,
    /// Where it is now; several are the same place in several encodings.
    pub locations: Vec<EntityId>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    pub id: EntityId,
    pub name: String,
    pub description: String,
    /// A media type; `application/geo+json` and `application/vnd.geo+json` are understood.
    pub encoding: String,
    pub place: Place,
    pub properties: Properties,
    /// The feature of interest that was made of it, for observations that name none.
    pub feature: Option<EntityId>,
}

/// A geometry as a client sent it, and as the twin understands it.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// GeoJSON, a geometry or a feature, in WGS 84 (longitude, latitude); anything in other encodings.
    pub sent: Value,
    /// In WGS 84 degrees, east first; `None` where `sent` is no GeoJSON.
    pub degrees: Option<Geometry>,
    /// In the working CRS.
    pub working: Option<Geometry>,
}

/// That a thing came to its locations at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoricalLocation {
    pub id: EntityId,
    pub time: OffsetDateTime,
    pub thing: EntityId,
    pub locations: Vec<EntityId>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Sensor {
    pub id: EntityId,
    pub name: String,
    pub description: String,
    pub encoding: String,
    pub metadata: Value,
    pub properties: Properties,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ObservedProperty {
    pub id: EntityId,
    pub name: String,
    pub definition: String,
    pub description: String,
    pub properties: Properties,
}

/// One sensor's observations of one property of one thing; of several where it is multi.
#[derive(Debug, Clone, PartialEq)]
pub struct Datastream {
    pub id: EntityId,
    pub name: String,
    pub description: String,
    pub thing: EntityId,
    pub sensor: EntityId,
    pub is_multi: bool,
    /// One, unless it is multi.
    pub channels: Vec<Channel>,
    pub properties: Properties,
}

/// What each result of a datastream is, or each part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    pub observed_property: EntityId,
    /// A URI such as `http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement`.
    pub observation_type: String,
    pub unit: Unit,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Unit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FeatureOfInterest {
    pub id: EntityId,
    pub name: String,
    pub description: String,
    pub encoding: String,
    pub place: Place,
    pub properties: Properties,
}

impl Entity {
    pub fn id(&self) -> EntityId {
        match self {
            Self::Thing(it) => it.id,
            Self::Location(it) => it.id,
            Self::HistoricalLocation(it) => it.id,
            Self::Datastream(it) => it.id,
            Self::Sensor(it) => it.id,
            Self::ObservedProperty(it) => it.id,
            Self::FeatureOfInterest(it) => it.id,
        }
    }

    pub fn kind(&self) -> EntityKind {
        match self {
            Self::Thing(_) => EntityKind::Thing,
            Self::Location(_) => EntityKind::Location,
            Self::HistoricalLocation(_) => EntityKind::HistoricalLocation,
            Self::Datastream(it) => it.kind(),
            Self::Sensor(_) => EntityKind::Sensor,
            Self::ObservedProperty(_) => EntityKind::ObservedProperty,
            Self::FeatureOfInterest(_) => EntityKind::FeatureOfInterest,
        }
    }
}

impl Datastream {
    pub fn kind(&self) -> EntityKind {
        if self.is_multi { EntityKind::MultiDatastream } else { EntityKind::Datastream }
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
