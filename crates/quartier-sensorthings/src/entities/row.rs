use std::sync::Arc;

use quartier_model::{
    Datastream, EntityId, EntityKind, FeatureOfInterest, HistoricalLocation, Location, Observation,
    ObservedProperty, Sensor, Thing,
};

/// One entity of any kind, as a request sees it.
#[derive(Debug, Clone)]
pub(crate) enum Row<'a> {
    Thing(&'a Thing),
    Location(&'a Location),
    HistoricalLocation(&'a HistoricalLocation),
    /// Also a multi-datastream.
    Datastream(&'a Datastream),
    Sensor(&'a Sensor),
    ObservedProperty(&'a ObservedProperty),
    FeatureOfInterest(&'a FeatureOfInterest),
    /// Of a datastream, or of a multi-datastream.
    Observation(Arc<Observation>),
}

impl Row<'_> {
    pub(crate) fn id(&self) -> EntityId {
        match self {
            Self::Thing(it) => it.id,
            Self::Location(it) => it.id,
            Self::HistoricalLocation(it) => it.id,
            Self::Datastream(it) => it.id,
            Self::Sensor(it) => it.id,
            Self::ObservedProperty(it) => it.id,
            Self::FeatureOfInterest(it) => it.id,
            Self::Observation(it) => it.id,
        }
    }

    pub(crate) fn kind(&self) -> EntityKind {
        match self {
            Self::Thing(_) => EntityKind::Thing,
            Self::Location(_) => EntityKind::Location,
            Self::HistoricalLocation(_) => EntityKind::HistoricalLocation,
            Self::Datastream(it) => it.kind(),
            Self::Sensor(_) => EntityKind::Sensor,
            Self::ObservedProperty(_) => EntityKind::ObservedProperty,
            Self::FeatureOfInterest(_) => EntityKind::FeatureOfInterest,
            Self::Observation(_) => EntityKind::Observation,
        }
    }
}
