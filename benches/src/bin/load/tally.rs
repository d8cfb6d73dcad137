use std::time::Duration;

use serde_json::{Value, json};

/// Durations, to be said in milliseconds.
pub(crate) fn milliseconds(mut durations: Vec<Duration>) -> Value {
    durations.sort_unstable();
    let at = |share: f64| {
        let place =
            ((durations.len() as f64 * share) as usize).min(durations.len().saturating_sub(1));
        durations.get(place).map(|duration| duration.as_secs_f64() * 1000.0)
    };
    json!({ "count": durations.len(), "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99), "max_ms": at(1.0) })
}

pub(crate) fn rate(count: u64, took: Duration) -> Value {
    let per_second = count as f64 / took.as_secs_f64();
    json!({ "count": count, "seconds": took.as_secs_f64(), "per_second": per_second.round() })
}
