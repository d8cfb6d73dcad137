use quartier_model::Datastream;
use time::{Duration, OffsetDateTime};

use crate::sensors::Span;

/// How long a datastream's readings are fresh (`properties.stale_after`), or what the settings say.
pub(crate) fn stale_after(datastream: &Datastream, default: Span) -> Duration {
    let said = datastream.properties.get("stale_after").and_then(serde_json::Value::as_str);
    let span = said.and_then(|text| text.parse().ok()).unwrap_or(default);
    Duration::try_from(span.0).unwrap_or(Duration::MAX)
}

/// Never negative: a clock that is ahead makes no reading younger than new.
pub(crate) fn age(time: OffsetDateTime, at: OffsetDateTime) -> Duration {
    (at - time).max(Duration::ZERO)
}
