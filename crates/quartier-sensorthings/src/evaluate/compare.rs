use std::cmp::Ordering;

use super::{Truth, Value, moments::Moments};
use crate::expression::Comparison;

/// Compares values of one kind; of two kinds, neither is equal to, greater than or less than the other. Null equals
/// null alone, as in `OData`, and has no order, as in SQL.
pub(super) fn compare(comparison: Comparison, left: &Value<'_>, right: &Value<'_>) -> Truth {
    if matches!((left, right), (Value::Unknown, _) | (_, Value::Unknown)) {
        return Truth::Unknown;
    }
    match comparison {
        Comparison::Equal => Truth::from(equal(left, right)),
        Comparison::NotEqual => Truth::from(!equal(left, right)),
        _ => Truth::from(ordered(comparison, left, right)),
    }
}

fn equal(left: &Value<'_>, right: &Value<'_>) -> bool {
    if let Some((left, right)) = temporal(left, right) {
        return left.compare(Comparison::Equal, right);
    }
    match (left, right) {
        (Value::Json(left), Value::Json(right)) => left == right,
        (Value::Null, Value::Null) => true,
        _ => order(left, right) == Some(Ordering::Equal),
    }
}

fn ordered(comparison: Comparison, left: &Value<'_>, right: &Value<'_>) -> Option<bool> {
    if let Some((left, right)) = temporal(left, right) {
        return Some(left.compare(comparison, right));
    }
    let order = order(left, right)?;
    Some(match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
    })
}

/// Both as times, where one is a time and the other is one or reads as one.
fn temporal(left: &Value<'_>, right: &Value<'_>) -> Option<(Moments, Moments)> {
    match (Moments::of(left), Moments::of(right)) {
        (Some(left), Some(right)) => Some((left, right)),
        (Some(left), None) => Some((left, Moments::read(right)?)),
        (None, Some(right)) => Some((Moments::read(left)?, right)),
        (None, None) => None,
    }
}

/// The order of two values of one kind that are no times.
fn order(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Integer(left), Value::Number(right)) => (*left as f64).partial_cmp(right),
        (Value::Number(left), Value::Integer(right)) => left.partial_cmp(&(*right as f64)),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Time(left), Value::Time(right)) => Some(left.cmp(right)),
        (Value::Duration(left), Value::Duration(right)) => {
            left.seconds().partial_cmp(&right.seconds())
        }
        _ => None,
    }
}

/// A place for every value: numbers, texts, truth values, times, durations, JSON, and null at the end.
pub(super) fn sort_order(left: &Value<'_>, right: &Value<'_>) -> Ordering {
    let ranks = rank(left).cmp(&rank(right));
    ranks.then_with(|| match (Moments::of(left), Moments::of(right), left, right) {
        (Some(left), Some(right), ..) => (left.start, left.end).cmp(&(right.start, right.end)),
        (_, _, Value::Json(left), Value::Json(right)) => left.to_string().cmp(&right.to_string()),
        _ => order(left, right).unwrap_or(Ordering::Equal),
    })
}

fn rank(value: &Value<'_>) -> u8 {
    match value {
        Value::Integer(_) | Value::Number(_) => 0,
        Value::Text(_) => 1,
        Value::Bool(_) => 2,
        Value::Instant(_) | Value::Interval(_) | Value::Date(_) => 3,
        Value::Time(_) => 4,
        Value::Duration(_) => 5,
        Value::Json(_) => 6,
        Value::Null | Value::Unknown => 7,
    }
}
