use quartier_model::{Properties, ResultValue};
use serde_json::Value;

/// What a value takes beside its content: the value itself, and its share of an allocation.
const VALUE_BYTES: usize = 48;

/// About how much memory a JSON value takes: a bound counts in bytes where clients send whatever they like.
fn json_bytes(value: &Value) -> usize {
    VALUE_BYTES
        + match value {
            Value::String(text) => text.len(),
            Value::Array(values) => values.iter().map(json_bytes).sum(),
            Value::Object(members) => properties_bytes(members),
            _ => 0,
        }
}

fn properties_bytes(members: &Properties) -> usize {
    members.iter().map(|(name, value)| VALUE_BYTES + name.len() + json_bytes(value)).sum()
}

/// About how much memory the free parts of an observation take beside its numbers.
pub(super) fn free_bytes(
    result: &ResultValue,
    quality: Option<&Value>,
    parameters: Option<&Properties>,
) -> usize {
    let result = match result {
        ResultValue::Number(_) => 0,
        ResultValue::Other(value) => json_bytes(value),
    };
    result + quality.map_or(0, json_bytes) + parameters.map_or(0, properties_bytes)
}
