use quartier_index::{ObjectRef, ValueRef};
use quartier_tiles::Value;

use super::TileSelection;
use crate::sensors::ObjectReading;

/// A reading's property, with what a tile cannot hold as text.
pub(super) struct Measured {
    pub(super) name: String,
    value: serde_json::Value,
    text: String,
}

impl From<(String, serde_json::Value)> for Measured {
    fn from((name, value): (String, serde_json::Value)) -> Self {
        let text =
            if value.is_object() || value.is_array() { value.to_string() } else { String::new() };
        Self { name, value, text }
    }
}

impl Measured {
    pub(super) fn all(readings: &[ObjectReading]) -> Vec<Self> {
        readings.iter().flat_map(ObjectReading::properties).map(Self::from).collect()
    }

    fn value(&self) -> Value<'_> {
        plain_value(&self.value).unwrap_or(Value::Text(&self.text))
    }
}

/// The value in a tile; `None` of a list or an object.
pub(super) fn plain_value(json: &serde_json::Value) -> Option<Value<'_>> {
    use serde_json::Value as Json;
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(boolean) => Value::Boolean(*boolean),
        Json::String(text) => Value::Text(text),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Value::Integer(integer),
            None => number.as_f64().map_or(Value::Null, Value::Number),
        },
        Json::Array(_) | Json::Object(_) => return None,
    })
}

/// Which properties of its objects a collection's layer has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Those that the rule names; `None` for all.
    pub(super) names: Option<&'a [String]>,
    pub(super) selection: &'a TileSelection,
}

impl Wanted<'_> {
    pub(super) fn takes(self, property: &str) -> bool {
        self.names.is_none_or(|names| names.iter().any(|name| name == property))
            && self.selection.takes(property)
    }
}

/// An object's properties in a tile: its id, its own by the rule and the request, and what is measured at it.
pub(super) fn properties<'a>(
    object: ObjectRef<'a>,
    measured: &'a [Measured],
    wanted: Wanted<'a>,
) -> impl Iterator<Item = (&'a str, Value<'a>)> {
    let id = std::iter::once(("id", Value::Text(object.id())));
    // The object's own id goes by that name; a property of the same name would stand twice.
    let is_free = move |name: &str| name != "id" && measured.iter().all(|it| it.name != name);
    let own = object.properties().filter(move |(name, _)| is_free(name) && wanted.takes(name));
    let own = own.map(|(name, value)| (name, tile_value(value)));
    id.chain(own).chain(measured.iter().map(|it| (it.name.as_str(), it.value())))
}

pub(super) fn tile_value(value: ValueRef<'_>) -> Value<'_> {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Boolean(boolean) => Value::Boolean(boolean),
        ValueRef::Integer(integer) => Value::Integer(integer),
        ValueRef::Number(number) => Value::Number(number),
        ValueRef::Text(text) | ValueRef::Json(text) => Value::Text(text),
    }
}
