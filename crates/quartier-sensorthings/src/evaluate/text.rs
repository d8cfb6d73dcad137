use std::borrow::Cow;

use super::Value;
use crate::expression::Function;

/// A function of one text.
pub(super) fn of_one(function: Function, text: Cow<'_, str>) -> Value<'_> {
    match function {
        Function::Length => Value::Integer(count(&text)),
        Function::ToLower => Value::Text(Cow::Owned(text.to_lowercase())),
        Function::ToUpper => Value::Text(Cow::Owned(text.to_uppercase())),
        Function::Trim => Value::Text(match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }),
        _ => Value::Null,
    }
}

/// A function of two texts.
pub(super) fn of_two(function: Function, one: &str, other: &str) -> Value<'static> {
    match function {
        Function::SubstringOf => Value::Bool(other.contains(one)),
        Function::Contains => Value::Bool(one.contains(other)),
        Function::StartsWith => Value::Bool(one.starts_with(other)),
        Function::EndsWith => Value::Bool(one.ends_with(other)),
        Function::IndexOf => Value::Integer(index(one, other)),
        Function::Concat => Value::Text(Cow::Owned([one, other].concat())),
        _ => Value::Null,
    }
}

/// In characters, from 0; -1 where it is not in it.
fn index(text: &str, part: &str) -> i64 {
    let before = text.find(part).and_then(|at| text.get(..at));
    before.map_or(-1, count)
}

fn count(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

/// The characters from a place, counted from 0, to the end or so many.
pub(super) fn substring(text: Cow<'_, str>, start: i64, length: Option<i64>) -> Value<'_> {
    let start = usize::try_from(start).unwrap_or(0);
    let length = length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(0));
    let place = |text: &str, count: usize| {
        text.char_indices().nth(count).map_or(text.len(), |(place, _)| place)
    };
    let from = place(&text, start);
    let to = place(&text, start.saturating_add(length));
    Value::Text(match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(from..to).unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.get(from..to).unwrap_or_default().to_owned()),
    })
}
