use time::OffsetDateTime;

use super::{Facts, Value, math::as_number, moments::Moments, node::Node, run::Scope, text};
use crate::expression::Function;

/// What a function gives; null of null, and where an argument is of no kind that it takes.
pub(super) fn call<'v, F: Facts>(
    function: Function,
    arguments: &'v [Node],
    scope: &Scope<'v, F>,
    held: &'v mut Option<F>,
) -> Value<'v> {
    match arguments {
        [one] => of_one(function, one.value(scope, held)),
        [text, start] if function == Function::Substring => {
            let start = start.value(scope, &mut None).into_owned();
            substring(text.value(scope, held), &start, None)
        }
        [text, start, length] => {
            let start = start.value(scope, &mut None).into_owned();
            let length = length.value(scope, &mut None).into_owned();
            substring(text.value(scope, held), &start, Some(&length))
        }
        [one, other] => {
            let mut second = None;
            of_two(function, &one.value(scope, held), &other.value(scope, &mut second))
        }
        _ => Value::Null,
    }
}

fn of_one(function: Function, value: Value<'_>) -> Value<'_> {
    match value {
        Value::Unknown => Value::Unknown,
        Value::Text(text) if takes_text(function) => text::of_one(function, text),
        value => rounded(function, &value)
            .or_else(|| part_of_time(function, &value))
            .unwrap_or(Value::Null),
    }
}

fn takes_text(function: Function) -> bool {
    use Function as F;
    matches!(function, F::Length | F::ToLower | F::ToUpper | F::Trim)
}

fn of_two(function: Function, one: &Value<'_>, other: &Value<'_>) -> Value<'static> {
    match (one, other) {
        (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
        (Value::Text(one), Value::Text(other)) if takes_texts(function) => {
            text::of_two(function, one, other)
        }
        _ => match (Moments::read(one), Moments::read(other)) {
            (Some(one), Some(other)) => {
                one.relate(function, other).map_or(Value::Null, Value::Bool)
            }
            _ => Value::Null,
        },
    }
}

fn takes_texts(function: Function) -> bool {
    use Function as F;
    matches!(
        function,
        F::SubstringOf | F::Contains | F::StartsWith | F::EndsWith | F::IndexOf | F::Concat
    )
}

fn substring<'v>(text: Value<'v>, start: &Value<'_>, length: Option<&Value<'_>>) -> Value<'v> {
    let whole = |value: &Value<'_>| as_number(value).map(|number| number as i64);
    let length = length.map(|length| (length, whole(length)));
    match (text, whole(start), length) {
        (Value::Unknown, ..) | (_, _, Some((Value::Unknown, _))) => Value::Unknown,
        _ if *start == Value::Unknown => Value::Unknown,
        (Value::Text(text), Some(start), None) => text::substring(text, start, None),
        (Value::Text(text), Some(start), Some((_, Some(length)))) => {
            text::substring(text, start, Some(length))
        }
        _ => Value::Null,
    }
}

fn rounded(function: Function, value: &Value<'_>) -> Option<Value<'static>> {
    let round = match function {
        Function::Round => f64::round,
        Function::Floor => f64::floor,
        Function::Ceiling => f64::ceil,
        _ => return None,
    };
    match value {
        Value::Integer(integer) => Some(Value::Integer(*integer)),
        Value::Number(number) => Some(Value::Number(round(*number))),
        _ => None,
    }
}

/// A part of a time in UTC; of an interval's start; of an hour of the day also.
fn part_of_time(function: Function, value: &Value<'_>) -> Option<Value<'static>> {
    let (date, time) = match value {
        Value::Time(time) => (None, *time),
        other => {
            let at = Moments::read(other)?;
            if function == Function::TotalOffsetMinutes {
                return Some(offset(at.start));
            }
            let utc = at.utc();
            (Some(utc.date()), utc.time())
        }
    };
    let whole = |number: i64| Some(Value::Integer(number));
    match function {
        Function::Year => whole(date?.year().into()),
        Function::Month => whole(u8::from(date?.month()).into()),
        Function::Day => whole(date?.day().into()),
        Function::Hour => whole(time.hour().into()),
        Function::Minute => whole(time.minute().into()),
        Function::Second => whole(time.second().into()),
        Function::FractionalSeconds => Some(Value::Number(f64::from(time.nanosecond()) / 1e9)),
        Function::Date => Some(Value::Date(date?)),
        Function::Time => Some(Value::Time(time)),
        _ => None,
    }
}

fn offset(at: OffsetDateTime) -> Value<'static> {
    Value::Integer(at.offset().whole_minutes().into())
}
