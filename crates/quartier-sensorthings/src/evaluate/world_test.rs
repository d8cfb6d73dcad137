//! A small city for tests of expressions: entities as JSON, with links between them.

use std::ops::ControlFlow;

use quartier_model::Period;
use serde_json::{Value as Json, json};
use time::{OffsetDateTime, macros::datetime};

use super::{Condition, Facts, Linked, Truth, Value};
use crate::{
    expression::{parse_condition, parse_instant},
    path::{JsonKey, Navigation, Property},
};
use quartier_model::EntityKind;

pub(super) const NOW: OffsetDateTime = datetime!(2026-05-02 12:00 UTC);

/// An entity: its properties and, under the names of its links, other entities.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample<'w>(pub(super) &'w Json);

impl Facts for Sample<'_> {
    fn value<'v>(&'v self, property: Property, keys: &[JsonKey]) -> Value<'v> {
        let Some(json) = self.0.get(property.name()) else { return Value::Null };
        match (property, json) {
            (_, Json::String(text)) if text == "unknown" => Value::Unknown,
            (
                Property::PhenomenonTime
                | Property::ResultTime
                | Property::ValidTime
                | Property::Time,
                Json::String(text),
            ) => period(text),
            _ => Value::part(json, keys),
        }
    }

    fn one(&self, link: Navigation) -> Linked<Self> {
        match self.0.get(link.name) {
            Some(Json::String(_)) => Linked::Unknown,
            Some(entity) => Linked::Known(Sample(entity)),
            None => Linked::Nothing,
        }
    }

    fn each(&self, link: Navigation, see: &mut dyn FnMut(Self) -> ControlFlow<()>) -> Linked<()> {
        let Some(entities) = self.0.get(link.name) else { return Linked::Known(()) };
        let Some(entities) = entities.as_array() else { return Linked::Unknown };
        for entity in entities {
            if see(Sample(entity)).is_break() {
                break;
            }
        }
        Linked::Known(())
    }
}

fn period(text: &str) -> Value<'static> {
    match text.split_once('/') {
        Some((start, end)) => {
            let (start, end) = (parse_instant(start).unwrap(), parse_instant(end).unwrap());
            Value::Interval(Period::interval(start, end).unwrap())
        }
        None => Value::Instant(parse_instant(text).unwrap()),
    }
}

/// Whether a filter holds for an entity.
pub(super) fn ask(kind: EntityKind, filter: &str, entity: &Json) -> Truth {
    let filter = parse_condition(filter, kind).unwrap_or_else(|error| panic!("{filter}: {error}"));
    Condition::new(&filter, NOW).holds(&Sample(entity))
}

/// A station in Münster with two datastreams.
pub(super) fn station() -> Json {
    let location = json!({
        "@iot.id": 3, "name": "Domplatz", "encodingType": "application/geo+json",
        "location": {"type": "Point", "coordinates": [7.625, 51.963]},
    });
    let datastream = |id: u64, name: &str, results: [Json; 2]| {
        let [one, other] = results;
        json!({
            "@iot.id": id, "name": name,
            "unitOfMeasurement": {"name": "Mikrogramm", "symbol": "µg/m³"},
            "ObservedProperty": {"@iot.id": id, "name": name},
            "properties": {"limit": 40},
            "Observations": [
                {"@iot.id": id * 10, "result": one, "phenomenonTime": "2026-05-02T11:00:00Z"},
                {"@iot.id": id * 10 + 1, "result": other, "phenomenonTime": "2026-05-01T11:00:00Z"},
            ],
        })
    };
    json!({
        "@iot.id": 1, "name": "Xanten", "description": "Eine Station",
        "properties": {"tags": ["luft", "stadt"], "floor": 2, "opened": "2020-03-01T00:00:00Z", "nothing": null},
        "Locations": [location],
        "Datastreams": [
            datastream(5, "NO2", [json!(45.5), json!(20)]),
            datastream(6, "O3", [json!(12), json!("defekt")]),
        ],
    })
}

/// An observation of that station.
pub(super) fn observation(result: &Json) -> Json {
    json!({
        "@iot.id": 50, "result": result,
        "phenomenonTime": "2026-05-02T10:00:00Z/2026-05-02T11:00:00Z",
        "resultTime": "2026-05-02T11:00:01.25Z",
        "Datastream": {"@iot.id": 5, "name": "NO2", "Thing": station()},
        "FeatureOfInterest": {
            "@iot.id": 9, "name": "Domplatz",
            "feature": {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [7.625, 51.963]}},
        },
    })
}
