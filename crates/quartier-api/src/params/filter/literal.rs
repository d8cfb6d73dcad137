use quartier_model::PropertyKind;
use serde_json::Value;

/// A value in a filter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    Number(f64),
    Boolean(bool),
    /// In `DATE('…')` or `TIMESTAMP('…')`.
    Time(String),
}

impl Literal {
    /// As a value of a property; says what the property is where it can have no such value.
    pub(crate) fn value(&self, kind: PropertyKind) -> Result<Value, &'static str> {
        match (kind, self) {
            (PropertyKind::Boolean, Self::Boolean(boolean)) => Ok(Value::Bool(*boolean)),
            (PropertyKind::Integer, Self::Number(number)) if number.fract() == 0.0 => {
                Ok(Value::from(*number as i64))
            }
            (PropertyKind::Number, Self::Number(number)) => Ok(Value::from(*number)),
            (PropertyKind::Text, Self::Text(text))
            | (PropertyKind::Date | PropertyKind::DateTime, Self::Text(text) | Self::Time(text)) => {
                Ok(Value::String(text.clone()))
            }
            (PropertyKind::Boolean, _) => Err("TRUE or FALSE"),
            (PropertyKind::Integer, _) => Err("a whole number"),
            (PropertyKind::Number, _) => Err("a number"),
            (PropertyKind::Text, _) => Err("a text, in single quotes"),
            (PropertyKind::Date, _) => Err("a date, as in DATE('2026-05-01')"),
            (PropertyKind::DateTime, _) => Err("a time, as in TIMESTAMP('2026-05-01T12:00:00Z')"),
            (PropertyKind::Json, _) => Err("a list or an object, which a filter cannot compare"),
        }
    }
}
