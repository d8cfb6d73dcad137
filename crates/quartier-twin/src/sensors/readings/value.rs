use quartier_model::{Datastream, ResultValue};

/// What an observation says of one channel of its datastream; `None` where a multi-datastream's result has no such part.
pub(crate) fn channel_value(
    datastream: &Datastream,
    channel: usize,
    result: &ResultValue,
) -> Option<ResultValue> {
    if !datastream.is_multi {
        return Some(result.clone());
    }
    match result {
        ResultValue::Other(parts) => parts.get(channel).cloned().map(ResultValue::new),
        ResultValue::Number(_) => None,
    }
}
