use serde_json::Value;

/// A property's value, borrowed from the index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueRef<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(&'a str),
    /// A list or an object as JSON, or a number beyond 64 bits.
    Json(&'a str),
}

impl ValueRef<'_> {
    /// The value as JSON.
    pub fn to_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(is_true) => is_true.into(),
            Self::Integer(number) => number.into(),
            Self::Number(number) => number.into(),
            Self::Text(text) => text.into(),
            Self::Json(json) => serde_json::from_str(json).unwrap_or_default(),
        }
    }
}

/// A value on its way into the index; lists and objects are written out.
pub(crate) enum Given<'a> {
    Plain(ValueRef<'a>),
    Json(String),
}

impl<'a> From<&'a Value> for Given<'a> {
    fn from(value: &'a Value) -> Self {
        Self::Plain(match value {
            Value::Null => ValueRef::Null,
            Value::Bool(is_true) => ValueRef::Boolean(*is_true),
            Value::String(text) => ValueRef::Text(text),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => ValueRef::Integer(integer),
                (None, Some(fraction)) if number.is_f64() => ValueRef::Number(fraction),
                _ => return Self::Json(value.to_string()),
            },
            Value::Array(_) | Value::Object(_) => return Self::Json(value.to_string()),
        })
    }
}

impl Given<'_> {
    pub(crate) fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Plain(value) => *value,
            Self::Json(json) => ValueRef::Json(json),
        }
    }
}
