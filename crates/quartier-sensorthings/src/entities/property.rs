use geojson::GeometryValue;
use quartier_model::{Datastream, Observation, ResultValue, Unit};
use serde_json::{Value, json};

use super::{Json, Row, View, area::observed_area, json::push_instant, write::push_self_link};
use crate::path::{JsonKey, Property};

/// What a multi-datastream's results are.
const COMPLEX: &str = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_ComplexObservation";

/// How a request wants its entities.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner<'a> {
    /// In front of every link.
    pub(crate) base: &'a str,
    /// Whether numbers that were measured are given as texts: see `read/texts.rs`.
    pub(crate) results_are_texts: bool,
}

/// Writes a property's value; says false, and has written nothing, where there is none.
pub(crate) fn write_property(
    json: &mut Json,
    view: View<'_>,
    manner: Manner<'_>,
    row: &Row<'_>,
    property: Property,
) -> bool {
    match property {
        Property::Id => json.whole(row.id().0),
        Property::SelfLink => json.plain(|bytes| push_self_link(bytes, manner.base, row)),
        Property::ObservedArea | Property::PhenomenonTime | Property::ResultTime => {
            return match row {
                Row::Datastream(it) => write_summary(json, view, it, property),
                Row::Observation(it) => write_time(json, it, property),
                _ => false,
            };
        }
        property => return write_own(json, manner, row, property),
    }
    true
}

/// What stands in the entity itself.
fn write_own(json: &mut Json, manner: Manner<'_>, row: &Row<'_>, property: Property) -> bool {
    match row {
        Row::Thing(it) => match property {
            Property::Name => json.text(&it.name),
            Property::Description => json.text(&it.description),
            Property::Properties => json.value(&it.properties),
            _ => return false,
        },
        Row::Location(it) => match property {
            Property::Name => json.text(&it.name),
            Property::Description => json.text(&it.description),
            Property::EncodingType => json.text(&it.encoding),
            Property::Location => json.value(&it.place.sent),
            Property::Properties => json.value(&it.properties),
            _ => return false,
        },
        Row::FeatureOfInterest(it) => match property {
            Property::Name => json.text(&it.name),
            Property::Description => json.text(&it.description),
            Property::EncodingType => json.text(&it.encoding),
            Property::Feature => json.value(&it.place.sent),
            Property::Properties => json.value(&it.properties),
            _ => return false,
        },
        Row::Sensor(it) => match property {
            Property::Name => json.text(&it.name),
            Property::Description => json.text(&it.description),
            Property::EncodingType => json.text(&it.encoding),
            Property::Metadata => json.value(&it.metadata),
            Property::Properties => json.value(&it.properties),
            _ => return false,
        },
        Row::ObservedProperty(it) => match property {
            Property::Name => json.text(&it.name),
            Property::Definition => json.text(&it.definition),
            Property::Description => json.text(&it.description),
            Property::Properties => json.value(&it.properties),
            _ => return false,
        },
        Row::HistoricalLocation(it) => match property {
            Property::Time => json.instant(it.time),
            _ => return false,
        },
        Row::Datastream(it) => return write_datastream(json, it, property),
        Row::Observation(it) => return write_observation(json, manner, it, property),
    }
    true
}

fn write_datastream(json: &mut Json, datastream: &Datastream, property: Property) -> bool {
    let channels = &datastream.channels;
    match (property, channels.first()) {
        (Property::Name, _) => json.text(&datastream.name),
        (Property::Description, _) => json.text(&datastream.description),
        (Property::Properties, _) => json.value(&datastream.properties),
        (Property::ObservationType, _) if datastream.is_multi => json.text(COMPLEX),
        (Property::ObservationType, Some(channel)) => json.text(&channel.observation_type),
        (Property::UnitOfMeasurement, Some(channel)) => write_unit(json, &channel.unit),
        (Property::UnitOfMeasurements, _) => json.array(|json| {
            for channel in channels {
                write_unit(json, &channel.unit);
            }
        }),
        (Property::MultiObservationDataTypes, _) => json.array(|json| {
            for channel in channels {
                json.text(&channel.observation_type);
            }
        }),
        _ => return false,
    }
    true
}

fn write_unit(json: &mut Json, unit: &Unit) {
    json.object(|json| {
        for (name, value) in
            [("name", &unit.name), ("symbol", &unit.symbol), ("definition", &unit.definition)]
        {
            json.name(&[name]);
            json.value(value);
        }
    });
}

/// What is known of all observations of a datastream.
fn write_summary(
    json: &mut Json,
    view: View<'_>,
    datastream: &Datastream,
    property: Property,
) -> bool {
    let Some(summary) = view.summary(datastream.id) else { return false };
    let period = match property {
        Property::PhenomenonTime => summary.phenomenon_time,
        Property::ResultTime => summary.result_time,
        _ => {
            let Some(area) = observed_area(view, summary) else { return false };
            json.value(&geojson::Geometry::new(GeometryValue::from(&area)));
            return true;
        }
    };
    let Some(period) = period else { return false };
    json.plain(|bytes| {
        push_instant(bytes, period.start());
        bytes.push(b'/');
        push_instant(bytes, period.end());
    });
    true
}

fn write_time(json: &mut Json, observation: &Observation, property: Property) -> bool {
    match (property, observation.result_time) {
        (Property::PhenomenonTime, _) => json.period(&observation.phenomenon_time),
        (Property::ResultTime, Some(at)) => json.instant(at),
        _ => return false,
    }
    true
}

fn write_observation(
    json: &mut Json,
    manner: Manner<'_>,
    observation: &Observation,
    property: Property,
) -> bool {
    match property {
        Property::Result => match number_text(&observation.result, manner) {
            Some(text) => json.text(&text),
            None => json.result(&observation.result),
        },
        Property::ValidTime => match &observation.valid_time {
            Some(period) => json.period(period),
            None => return false,
        },
        Property::ResultQuality => match &observation.quality {
            Some(quality) => json.value(quality),
            None => return false,
        },
        Property::Parameters => match &observation.parameters {
            Some(parameters) => json.value(parameters),
            None => return false,
        },
        _ => return false,
    }
    true
}

/// A number as a text, where that is how results are given.
pub(crate) fn number_text(result: &ResultValue, manner: Manner<'_>) -> Option<String> {
    let is_text = manner.results_are_texts && result.number().is_some();
    is_text.then(|| result.to_json().to_string())
}

/// A property's value as JSON.
pub(crate) fn property_json(
    view: View<'_>,
    manner: Manner<'_>,
    row: &Row<'_>,
    property: Property,
) -> Option<Value> {
    let mut json = Json::default();
    let is_there = write_property(&mut json, view, manner, row, property);
    is_there.then(|| {
        serde_json::from_slice(&json.into_bytes()).expect("what was written as JSON is JSON")
    })
}

/// The part of a value to which keys lead.
pub(crate) fn part<'a>(value: &'a Value, keys: &[JsonKey]) -> Option<&'a Value> {
    keys.iter().try_fold(value, |value, key| match (key, value) {
        (JsonKey::Name(name), Value::Object(members)) => members.get(name),
        (JsonKey::Name(name), Value::Array(items)) => items.get(name.parse::<usize>().ok()?),
        (JsonKey::Index(index), Value::Array(items)) => items.get(*index),
        _ => None,
    })
}

/// The value with nothing in it but the parts; what is in arrays keeps its name, not its place.
pub(crate) fn parts_only(value: &Value, parts: &[Vec<JsonKey>]) -> Value {
    let mut picked = json!({});
    for keys in parts {
        let Some(found) = part(value, keys) else { continue };
        let mut place = &mut picked;
        for key in keys {
            let name = match key {
                JsonKey::Name(name) => name.clone(),
                JsonKey::Index(index) => index.to_string(),
            };
            if !place.is_object() {
                *place = json!({});
            }
            place = &mut place[name];
        }
        *place = found.clone();
    }
    picked
}
