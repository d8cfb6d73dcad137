use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{
    Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description,
};

use crate::Properties;

/// What the properties of a collection are, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Schema {
    pub properties: Vec<Property>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Property {
    pub name: String,
    pub kind: PropertyKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The unit as a UCUM code, for example `m` or `m2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The values that are allowed, each with what it means; empty where any value is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<(Value, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyKind {
    Boolean,
    Integer,
    Number,
    Text,
    /// RFC 3339 full-date.
    Date,
    /// RFC 3339 date-time.
    DateTime,
    /// Lists and objects, and what is of several kinds.
    Json,
}

impl Property {
    pub fn new(name: impl Into<String>, kind: PropertyKind) -> Self {
        Self {
            name: name.into(),
            kind,
            title: None,
            description: None,
            unit: None,
            codes: Vec::new(),
        }
    }
}

impl Schema {
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// Takes in what an object shows: new names are added at the end, a kind is widened where a value does not fit.
    pub fn widen(&mut self, properties: &Properties) {
        for (name, value) in properties {
            let Some(shown) = PropertyKind::of(value) else { continue };
            match self.properties.iter_mut().find(|property| property.name == *name) {
                Some(known) if known.kind.takes(value) => {}
                Some(known) => known.kind = known.kind.widened(shown),
                None => self.properties.push(Property::new(name.as_str(), shown)),
            }
        }
    }

    /// Takes in another schema: what both know is widened, what only the other knows is added at the end.
    pub fn merge(&mut self, other: &Self) {
        for property in &other.properties {
            match self.properties.iter_mut().find(|known| known.name == property.name) {
                Some(known) => known.kind = known.kind.widened(property.kind),
                None => self.properties.push(property.clone()),
            }
        }
    }
}

impl PropertyKind {
    /// Whether a value can stand in a property of this kind; null can in each.
    pub fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null) | (Self::Json, _) | (Self::Number, Value::Number(_)) => true,
            (Self::Date, Value::String(text)) => is_date(text),
            (Self::DateTime, Value::String(text)) => OffsetDateTime::parse(text, &Rfc3339).is_ok(),
            (kind, value) => Self::of(value) == Some(kind),
        }
    }

    /// What a JSON value shows of its property; a text is a text, since a date cannot be told from one. `None` of null.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Bool(_) => Some(Self::Boolean),
            Value::Number(number) if number.is_f64() => Some(Self::Number),
            Value::Number(_) => Some(Self::Integer),
            Value::String(_) => Some(Self::Text),
            Value::Array(_) | Value::Object(_) => Some(Self::Json),
        }
    }

    /// The narrowest kind that takes values of both.
    #[must_use]
    pub fn widened(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Self::Number,
            (Self::Date | Self::DateTime, Self::Text)
            | (Self::Text | Self::DateTime, Self::Date)
            | (Self::Text | Self::Date, Self::DateTime) => Self::Text,
            _ => Self::Json,
        }
    }
}

fn is_date(text: &str) -> bool {
    Date::parse(text, format_description!("[year]-[month]-[day]")).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn widened_by(values: &[Value]) -> PropertyKind {
        let mut schema = Schema::default();
        for value in values {
            schema.widen(json!({ "height_m": value }).as_object().unwrap());
        }
        schema.property("height_m").unwrap().kind
    }

    #[test]
    fn whole_numbers_and_fractions_are_numbers() {
        assert_eq!(widened_by(&[json!(3), json!(3.5)]), PropertyKind::Number);
    }

    #[test]
    fn a_null_says_nothing_about_the_kind() {
        assert_eq!(widened_by(&[json!(null), json!(3)]), PropertyKind::Integer);
    }

    #[test]
    fn a_declared_date_stays_one_until_a_value_is_none() {
        let mut schema = Schema { properties: vec![Property::new("built", PropertyKind::Date)] };
        schema.widen(json!({ "built": "1929-01-01" }).as_object().unwrap());
        assert_eq!(schema.property("built").unwrap().kind, PropertyKind::Date);
        schema.widen(json!({ "built": "about 1930" }).as_object().unwrap());
        assert_eq!(schema.property("built").unwrap().kind, PropertyKind::Text);
    }

    #[test]
    fn numbers_and_words_together_are_json() {
        assert_eq!(widened_by(&[json!(3), json!("three")]), PropertyKind::Json);
    }
}
