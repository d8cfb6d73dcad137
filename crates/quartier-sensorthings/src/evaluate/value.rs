use std::borrow::Cow;

use quartier_model::{Period, ResultValue};
use serde_json::{Map, Value as Json};
use time::{Date, OffsetDateTime, Time};

use super::Truth;
use crate::{expression::Span, path::JsonKey};

/// A value of the expression language.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'v> {
    /// Nobody has looked yet; see [`Truth::Unknown`].
    Unknown,
    Null,
    Bool(bool),
    Integer(i64),
    /// Finite.
    Number(f64),
    Text(Cow<'v, str>),
    Instant(OffsetDateTime),
    Interval(Period),
    Date(Date),
    Time(Time),
    Duration(Span),
    /// An array or an object.
    Json(Cow<'v, Json>),
}

impl<'v> Value<'v> {
    pub fn text(text: &'v str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// A finite number, else null.
    pub fn number(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Null }
    }

    /// The part of a JSON value at these keys, null where there is none.
    pub fn part(json: &'v Json, keys: &[JsonKey]) -> Self {
        part(json, keys).map_or(Self::Null, Self::from)
    }

    /// As [`Value::part`], of an object.
    pub fn member(object: &'v Map<String, Json>, keys: &[JsonKey]) -> Self {
        match keys.split_first() {
            Some((JsonKey::Name(name), rest)) => {
                object.get(name).map_or(Self::Null, |json| Self::part(json, rest))
            }
            Some((JsonKey::Index(_), _)) => Self::Null,
            None => Self::Json(Cow::Owned(Json::Object(object.clone()))),
        }
    }

    /// A result, or the part of it at these keys. A number that a double would round is no number here, as it is
    /// none in the store.
    pub fn result(result: &'v ResultValue, keys: &[JsonKey]) -> Self {
        match (result, keys) {
            (ResultValue::Number(number), []) => Self::Number(*number),
            (ResultValue::Number(_), _) => Self::Null,
            (ResultValue::Other(json), []) if json.is_number() => Self::Json(Cow::Borrowed(json)),
            (ResultValue::Other(json), keys) => Self::part(json, keys),
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(super) fn truth(&self) -> Truth {
        match self {
            Self::Bool(holds) => Truth::from(*holds),
            Self::Unknown => Truth::Unknown,
            Self::Null => Truth::Null,
            _ => Truth::False,
        }
    }

    /// The same value, borrowed.
    pub(super) fn borrowed(&'v self) -> Self {
        match self {
            Self::Text(text) => Self::Text(Cow::Borrowed(text)),
            Self::Json(json) => Self::Json(Cow::Borrowed(json)),
            other => other.clone(),
        }
    }

    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Unknown => Value::Unknown,
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Integer(value) => Value::Integer(value),
            Self::Number(value) => Value::Number(value),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Instant(at) => Value::Instant(at),
            Self::Interval(period) => Value::Interval(period),
            Self::Date(date) => Value::Date(date),
            Self::Time(time) => Value::Time(time),
            Self::Duration(span) => Value::Duration(span),
            Self::Json(json) => Value::Json(Cow::Owned(json.into_owned())),
        }
    }
}

fn part<'v>(json: &'v Json, keys: &[JsonKey]) -> Option<&'v Json> {
    keys.iter().try_fold(json, |json, key| match (json, key) {
        (Json::Array(items), JsonKey::Index(index)) => items.get(*index),
        (Json::Array(items), JsonKey::Name(name)) => items.get(name.parse::<usize>().ok()?),
        (Json::Object(members), JsonKey::Name(name)) => members.get(name),
        _ => None,
    })
}

impl<'v> From<&'v Json> for Value<'v> {
    fn from(json: &'v Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::String(text) => Self::text(text),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => Self::Integer(integer),
                (None, Some(number)) => Self::number(number),
                (None, None) => Self::Null,
            },
            Json::Array(_) | Json::Object(_) => Self::Json(Cow::Borrowed(json)),
        }
    }
}

impl From<Period> for Value<'_> {
    fn from(period: Period) -> Self {
        if period.is_interval() { Self::Interval(period) } else { Self::Instant(period.start()) }
    }
}

impl From<Truth> for Value<'_> {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Bool(true),
            Truth::False => Self::Bool(false),
            Truth::Null => Self::Null,
            Truth::Unknown => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn name(name: &str) -> JsonKey {
        JsonKey::Name(name.to_owned())
    }

    #[test]
    fn a_part_of_json_is_found_by_names_and_places() {
        let json = json!({"type": "Point", "coordinates": [7.5, 52], "0": null});
        assert_eq!(Value::part(&json, &[name("type")]), Value::text("Point"));
        assert_eq!(Value::part(&json, &[name("coordinates"), name("1")]), Value::Integer(52));
        assert_eq!(
            Value::part(&json, &[name("coordinates"), JsonKey::Index(0)]),
            Value::Number(7.5)
        );
        for keys in [vec![name("0")], vec![JsonKey::Index(0)], vec![name("type"), name("x")]] {
            assert_eq!(Value::part(&json, &keys), Value::Null);
        }
    }
}
