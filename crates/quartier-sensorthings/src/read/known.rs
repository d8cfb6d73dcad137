use std::{borrow::Cow, ops::ControlFlow};

use quartier_model::{Datastream, EntityKind, Geometry, Observation, Properties};
use serde_json::Value as Json;

use super::Reader;
use crate::{
    entities::{Row, number_text, observed_area, property_json},
    evaluate::{Facts, Linked, Shape, Value},
    path::{JsonKey, Navigation, Property},
};

/// An entity, as expressions ask about it.
#[derive(Debug, Clone)]
pub(super) struct Known<'r, 'a> {
    pub(super) reader: &'r Reader<'a>,
    pub(super) row: Row<'a>,
}

impl Facts for Known<'_, '_> {
    fn value<'v>(&'v self, property: Property, keys: &[JsonKey]) -> Value<'v> {
        if property == Property::Id {
            return Value::Integer(self.row.id().0.cast_signed());
        }
        match &self.row {
            Row::Thing(it) => named(&it.name, &it.description, &it.properties, property, keys),
            Row::Location(it) => match property {
                Property::EncodingType => Value::text(&it.encoding),
                Property::Location => Value::part(&it.place.sent, keys),
                _ => named(&it.name, &it.description, &it.properties, property, keys),
            },
            Row::FeatureOfInterest(it) => match property {
                Property::EncodingType => Value::text(&it.encoding),
                Property::Feature => Value::part(&it.place.sent, keys),
                _ => named(&it.name, &it.description, &it.properties, property, keys),
            },
            Row::Sensor(it) => match property {
                Property::EncodingType => Value::text(&it.encoding),
                Property::Metadata => Value::part(&it.metadata, keys),
                _ => named(&it.name, &it.description, &it.properties, property, keys),
            },
            Row::ObservedProperty(it) => match property {
                Property::Definition => Value::text(&it.definition),
                _ => named(&it.name, &it.description, &it.properties, property, keys),
            },
            Row::HistoricalLocation(it) => match property {
                Property::Time => Value::Instant(it.time),
                _ => self.written(property, keys),
            },
            Row::Datastream(it) => self.of_datastream(it, property, keys),
            Row::Observation(it) => self.of_observation(it, property, keys),
        }
    }

    fn shape<'v>(&'v self, property: Property, keys: &[JsonKey]) -> Shape<'v> {
        let place = match &self.row {
            Row::Location(it) if property == Property::Location => &it.place,
            Row::FeatureOfInterest(it) if property == Property::Feature => &it.place,
            Row::Datastream(it) if property == Property::ObservedArea && keys.is_empty() => {
                let area = self.reader.view.summary(it.id);
                let area = area.and_then(|summary| observed_area(self.reader.view, summary));
                return area.map_or(Shape::Nothing, |area| Shape::Known(Cow::Owned(area)));
            }
            _ => return Shape::of(&self.value(property, keys)),
        };
        if !is_whole(&place.sent, keys) {
            return Shape::of(&self.value(property, keys));
        }
        let shown = |geometry: &'v Geometry| Shape::Known(Cow::Borrowed(geometry.plane()));
        place.degrees.as_ref().map_or(Shape::Nothing, shown)
    }

    fn one(&self, link: Navigation) -> Linked<Self> {
        let found = self.reader.view.linked(&self.row, link).into_iter().next();
        found.map_or(Linked::Nothing, |row| Linked::Known(Self { reader: self.reader, row }))
    }

    fn each(&self, link: Navigation, see: &mut dyn FnMut(Self) -> ControlFlow<()>) -> Linked<()> {
        if link.to == EntityKind::Observation {
            return self.each_observation(see);
        }
        let rows = self.reader.view.linked(&self.row, link);
        if rows.is_empty() {
            return Linked::Nothing;
        }
        for row in rows {
            if see(Self { reader: self.reader, row }).is_break() {
                break;
            }
        }
        Linked::Known(())
    }
}

impl Known<'_, '_> {
    fn of_datastream<'v>(
        &'v self,
        datastream: &'v Datastream,
        property: Property,
        keys: &[JsonKey],
    ) -> Value<'v> {
        let summary = || self.reader.view.summary(datastream.id);
        let channel = datastream.channels.first().filter(|_| !datastream.is_multi);
        match (property, channel, keys) {
            (Property::PhenomenonTime, ..) => {
                let period = summary().and_then(|summary| summary.phenomenon_time);
                period.map_or(Value::Null, Value::Interval)
            }
            (Property::ResultTime, ..) => {
                let period = summary().and_then(|summary| summary.result_time);
                period.map_or(Value::Null, Value::Interval)
            }
            (Property::ObservationType, Some(channel), _) => Value::text(&channel.observation_type),
            (Property::UnitOfMeasurement, Some(channel), [JsonKey::Name(name)]) => {
                let text = match name.as_str() {
                    "name" => channel.unit.name.as_deref(),
                    "symbol" => channel.unit.symbol.as_deref(),
                    "definition" => channel.unit.definition.as_deref(),
                    _ => None,
                };
                text.map_or(Value::Null, Value::text)
            }
            (Property::Name | Property::Description | Property::Properties, ..) => {
                let Datastream { name, description, properties, .. } = datastream;
                named(name, description, properties, property, keys)
            }
            _ => self.written(property, keys),
        }
    }

    fn of_observation<'v>(
        &'v self,
        observation: &'v Observation,
        property: Property,
        keys: &[JsonKey],
    ) -> Value<'v> {
        match property {
            Property::PhenomenonTime => Value::from(observation.phenomenon_time),
            Property::ResultTime => observation.result_time.map_or(Value::Null, Value::Instant),
            Property::ValidTime => observation.valid_time.map_or(Value::Null, Value::from),
            Property::Result => match number_text(&observation.result, self.reader.manner) {
                Some(text) if keys.is_empty() => Value::Text(Cow::Owned(text)),
                _ => Value::result(&observation.result, keys),
            },
            Property::ResultQuality => {
                observation.quality.as_ref().map_or(Value::Null, |it| Value::part(it, keys))
            }
            Property::Parameters => {
                observation.parameters.as_ref().map_or(Value::Null, |it| Value::member(it, keys))
            }
            _ => self.written(property, keys),
        }
    }

    /// What is rarely asked about, as answers have it.
    fn written(&self, property: Property, keys: &[JsonKey]) -> Value<'static> {
        let Reader { view, manner, .. } = *self.reader;
        let json = property_json(view, manner, &self.row, property);
        json.map_or(Value::Null, |json| Value::part(&json, keys).into_owned())
    }
}

fn named<'v>(
    name: &'v str,
    description: &'v str,
    properties: &'v Properties,
    property: Property,
    keys: &[JsonKey],
) -> Value<'v> {
    match property {
        Property::Name => Value::text(name),
        Property::Description => Value::text(description),
        Property::Properties => Value::member(properties, keys),
        _ => Value::Null,
    }
}

/// Whether the keys lead to the geometry that is known of a place: itself, or its feature's.
fn is_whole(sent: &Json, keys: &[JsonKey]) -> bool {
    match keys {
        [] => true,
        [JsonKey::Name(name)] => name == "geometry" && sent["type"] == "Feature",
        _ => false,
    }
}
