//! Values of several kinds in one dictionary: a letter for the kind, then the value as text.

use std::fmt::Write as _;

use crate::value::ValueRef;

/// Writes a value; nothing for null.
pub(super) fn write(value: ValueRef<'_>, text: &mut String) {
    text.clear();
    let _infallible = match value {
        ValueRef::Null => Ok(()),
        ValueRef::Boolean(is_true) => write!(text, "b{is_true}"),
        ValueRef::Integer(number) => write!(text, "i{number}"),
        ValueRef::Number(number) => write!(text, "n{number:?}"),
        ValueRef::Text(words) => write!(text, "t{words}"),
        ValueRef::Json(json) => write!(text, "j{json}"),
    };
}

pub(super) fn read(text: &str) -> ValueRef<'_> {
    let mut letters = text.chars();
    let kind = letters.next();
    let rest = letters.as_str();
    let read = match kind {
        Some('b') => rest.parse().ok().map(ValueRef::Boolean),
        Some('i') => rest.parse().ok().map(ValueRef::Integer),
        Some('n') => rest.parse().ok().map(ValueRef::Number),
        Some('t') => Some(ValueRef::Text(rest)),
        Some('j') => Some(ValueRef::Json(rest)),
        _ => None,
    };
    read.unwrap_or(ValueRef::Null)
}
