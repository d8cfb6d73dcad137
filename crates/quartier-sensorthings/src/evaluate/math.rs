use time::Duration;

use super::{Value, moments::Moments};
use crate::expression::{Math, Span};

/// What an operation gives; null where it has no sense.
pub(super) fn compute(operator: Math, left: &Value<'_>, right: &Value<'_>) -> Value<'static> {
    match (left, right) {
        (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
        (Value::Integer(one), Value::Integer(other)) => integers(operator, *one, *other),
        _ => match (as_number(left), as_number(right)) {
            (Some(left), Some(right)) => numbers(operator, left, right),
            _ => times(operator, left, right).unwrap_or(Value::Null),
        },
    }
}

pub(super) fn negated(value: &Value<'_>) -> Value<'static> {
    match value {
        Value::Unknown => Value::Unknown,
        Value::Integer(integer) => {
            integer.checked_neg().map_or_else(|| Value::number(-(*integer as f64)), Value::Integer)
        }
        Value::Number(number) => Value::Number(-number),
        Value::Duration(span) => Value::Duration(span.negated()),
        _ => Value::Null,
    }
}

pub(super) fn as_number(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Integer(integer) => Some(*integer as f64),
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

/// Whole numbers stay whole (`OData` 4.01, part 2, 5.1.1.2); where they grow too large they are no longer.
fn integers(operator: Math, one: i64, other: i64) -> Value<'static> {
    let whole = match operator {
        Math::Add => one.checked_add(other),
        Math::Sub => one.checked_sub(other),
        Math::Mul => one.checked_mul(other),
        Math::Div => one.checked_div(other),
        Math::Mod => one.checked_rem(other),
    };
    whole.map_or_else(|| numbers(operator, one as f64, other as f64), Value::Integer)
}

fn numbers(operator: Math, one: f64, other: f64) -> Value<'static> {
    Value::number(match operator {
        Math::Add => one + other,
        Math::Sub => one - other,
        Math::Mul => one * other,
        Math::Div => one / other,
        Math::Mod => one % other,
    })
}

fn times(operator: Math, left: &Value<'_>, right: &Value<'_>) -> Option<Value<'static>> {
    match (left, operator, right) {
        (Value::Duration(one), Math::Add, Value::Duration(other)) => added(*one, *other),
        (Value::Duration(one), Math::Sub, Value::Duration(other)) => added(*one, other.negated()),
        (Value::Duration(span), Math::Add, at) | (at, Math::Add, Value::Duration(span)) => {
            moved(at, *span)
        }
        (at, Math::Sub, Value::Duration(span)) => moved(at, span.negated()),
        (Value::Duration(span), Math::Mul, factor) | (factor, Math::Mul, Value::Duration(span)) => {
            scaled(*span, as_number(factor)?)
        }
        (Value::Duration(span), Math::Div, part) => scaled(*span, 1.0 / as_number(part)?),
        (one, Math::Sub, other) => {
            let rest = Moments::read(one)?.start - Moments::read(other)?.start;
            Some(Value::Duration(Span { months: 0, rest }))
        }
        _ => None,
    }
}

fn added(one: Span, other: Span) -> Option<Value<'static>> {
    let months = one.months.checked_add(other.months)?;
    Some(Value::Duration(Span { months, rest: one.rest.checked_add(other.rest)? }))
}

fn moved(at: &Value<'_>, span: Span) -> Option<Value<'static>> {
    let moments = Moments::read(at)?;
    let (start, end) = (span.after(moments.start)?, span.after(moments.end)?);
    match at {
        Value::Interval(_) => {
            quartier_model::Period::interval(start, end).ok().map(Value::Interval)
        }
        _ => Some(Value::Instant(start)),
    }
}

fn scaled(span: Span, factor: f64) -> Option<Value<'static>> {
    let months = f64::from(span.months) * factor;
    let seconds = span.rest.as_seconds_f64() * factor;
    let fits = months.abs() <= f64::from(i32::MAX) && months.fract() == 0.0;
    if !fits || seconds.is_nan() {
        return None;
    }
    Some(Value::Duration(Span {
        months: months as i32,
        rest: Duration::saturating_seconds_f64(seconds),
    }))
}
