use std::time::Duration;

use serde::Deserialize;

use super::Span;

/// What the configuration says of sensors (`[sensors]`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SensorSettings {
    /// A reading older than this is stale, where its datastream says nothing else (`properties.stale_after`).
    pub stale_after: Span,
    /// How long observations are kept one by one, where their datastream says nothing else (`properties.retention`);
    /// for ever where it is left out. Hourly and daily sums stay for ever.
    pub retention: Option<Span>,
}

impl Default for SensorSettings {
    fn default() -> Self {
        // Most city sensors report every few minutes; an hour without a word is no pause.
        Self { stale_after: Span(Duration::from_hours(1)), retention: None }
    }
}
