use quartier_model::EntityKind;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The kinds that have numbers of their own.
pub(crate) const NUMBERED: [EntityKind; 8] = [
    EntityKind::Thing,
    EntityKind::Location,
    EntityKind::HistoricalLocation,
    EntityKind::Datastream,
    EntityKind::Sensor,
    EntityKind::ObservedProperty,
    EntityKind::Observation,
    EntityKind::FeatureOfInterest,
];

/// The word for a kind in the tables; multi-datastreams are numbered with the datastreams.
pub(crate) fn kind_word(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Thing => "thing",
        EntityKind::Location => "location",
        EntityKind::HistoricalLocation => "historical_location",
        EntityKind::Datastream | EntityKind::MultiDatastream => "datastream",
        EntityKind::Sensor => "sensor",
        EntityKind::ObservedProperty => "observed_property",
        EntityKind::Observation => "observation",
        EntityKind::FeatureOfInterest => "feature_of_interest",
    }
}

/// The word that serde has for a unit variant.
pub(crate) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        other => unreachable!("a unit variant is a text, not {other:?}"),
    }
}

/// The unit variant of a word.
pub(crate) fn of_word<T: DeserializeOwned>(word: String) -> Result<T, serde_json::Error> {
    serde_json::from_value(Value::String(word))
}
