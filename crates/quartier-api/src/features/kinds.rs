use quartier_model::{Properties, PropertyKind, Schema};
use serde_json::Value;

use crate::{
    error::{ApiError, Result, shown},
    params::datetime::read_instant,
};

/// Properties in one object: beyond what any register of a city has.
const PROPERTIES_MAX: usize = 1_000;

/// Refuses a value that is not of the kind that the schema declares; null is of every kind.
pub(super) fn check(schema: &Schema, properties: &Properties) -> Result<()> {
    if properties.len() > PROPERTIES_MAX {
        let said = format!("the object has more than {PROPERTIES_MAX} properties");
        return Err(ApiError::Unprocessable(said));
    }
    for (name, value) in properties {
        let Some(property) = schema.property(name) else { continue };
        if !value.is_null() && !fits(property.kind, value) {
            let wanted = words(property.kind);
            let said = format!(
                "property `{}` is {wanted}, not {}",
                shown(name),
                shown(&value.to_string())
            );
            return Err(ApiError::Unprocessable(said));
        }
    }
    Ok(())
}

fn fits(kind: PropertyKind, value: &Value) -> bool {
    match kind {
        PropertyKind::Boolean => value.is_boolean(),
        PropertyKind::Integer => value.is_i64(),
        PropertyKind::Number => value.is_number(),
        PropertyKind::Text => value.is_string(),
        PropertyKind::Date => is_time(value, |text| text.len() == "2026-05-01".len()),
        PropertyKind::DateTime => is_time(value, |text| text.contains(['T', 't', ' '])),
        PropertyKind::Json => true,
    }
}

fn is_time(value: &Value, is_of_form: impl Fn(&str) -> bool) -> bool {
    value.as_str().is_some_and(|text| is_of_form(text) && read_instant(text).is_ok())
}

fn words(kind: PropertyKind) -> &'static str {
    match kind {
        PropertyKind::Boolean => "true or false",
        PropertyKind::Integer => "a whole number",
        PropertyKind::Number => "a number",
        PropertyKind::Text => "a text",
        PropertyKind::Date => "a date",
        PropertyKind::DateTime => "an RFC 3339 date-time",
        PropertyKind::Json => "anything",
    }
}
