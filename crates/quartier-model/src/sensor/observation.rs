use serde_json::Value;
use time::OffsetDateTime;

use super::{EntityId, Period};
use crate::Properties;

/// What a datastream measured at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    pub id: EntityId,
    pub datastream: EntityId,
    pub feature: EntityId,
    pub phenomenon_time: Period,
    pub result_time: Option<OffsetDateTime>,
    pub result: ResultValue,
    pub valid_time: Option<Period>,
    pub quality: Option<Value>,
    pub parameters: Option<Properties>,
}

/// A result.
#[derive(Debug, Clone, PartialEq)]
pub enum ResultValue {
    /// Finite. What a JSON number holds and a double keeps.
    Number(f64),
    /// Any other JSON: a text, a truth value, an array, an object, null, an integer that a double would round.
    Other(Box<Value>),
}

/// An observation that nobody has numbered yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewObservation {
    pub datastream: EntityId,
    /// Where none is named, the twin takes the one that it makes of the thing's location.
    pub feature: Option<EntityId>,
    pub phenomenon_time: Period,
    pub result_time: Option<OffsetDateTime>,
    pub result: ResultValue,
    pub valid_time: Option<Period>,
    pub quality: Option<Value>,
    pub parameters: Option<Properties>,
    pub repeats: Repeats,
}

/// What happens to an observation of the same datastream, phenomenon time and result time as one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// It is kept beside it: a client asked for it to be created.
    Kept,
    /// It is the same message again: the first that came with [`Repeats::Merged`] stands for both.
    Merged,
}

impl ResultValue {
    /// The number where that says it all, else the value itself.
    pub fn new(value: Value) -> Self {
        match number(&value) {
            Some(number) => Self::Number(number),
            None => Self::Other(Box::new(value)),
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Other(_) => None,
        }
    }

    /// As JSON; whole numbers without a decimal point.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Number(number) if number.fract() == 0.0 && number.abs() < EXACT_MAX => {
                Value::from(*number as i64)
            }
            Self::Number(number) => Value::from(*number),
            Self::Other(value) => Value::clone(value),
        }
    }
}

/// 2^53: up to here, a double holds every whole number.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

fn number(value: &Value) -> Option<f64> {
    let number = value.as_f64().filter(|number| number.is_finite())?;
    let is_exact = !(value.is_i64() || value.is_u64()) || number.abs() < EXACT_MAX;
    is_exact.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_result_comes_back_as_it_was_sent() {
        for sent in [
            json!(5),
            json!(-0.5),
            json!("5"),
            json!(true),
            json!(null),
            json!([1, "a"]),
            json!(9_007_199_254_740_993_u64),
        ] {
            assert_eq!(ResultValue::new(sent.clone()).to_json(), sent);
        }
    }

    #[test]
    fn only_numbers_are_numbers() {
        assert_eq!(ResultValue::new(json!(5)).number(), Some(5.0));
        assert_eq!(ResultValue::new(json!("5")).number(), None);
    }
}
