use std::{sync::Weak, time::Duration};

use quartier_model::{Datastream, EntityId};
use time::OffsetDateTime;

use super::{Sensors, Span, recent::Recent};
use crate::Result;

/// How often the rules are looked at: a reading that is kept for days may stay some minutes longer.
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// Observations that one step deletes, so that writers wait for some hundredths of a second at most.
const STEP: u32 = 2_000;

/// Deletes observations that are older than their datastream's rule, for as long as somebody holds the sensors.
pub(super) async fn keep(sensors: Weak<Sensors>) {
    loop {
        let Some(held) = sensors.upgrade() else { return };
        if let Err(error) = held.sweep(OffsetDateTime::now_utc()).await {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(error, "old observations are not deleted yet");
        }
        drop(held);
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

impl Sensors {
    /// Applies every datastream's rule as of an instant; says how many observations were deleted.
    pub async fn sweep(&self, now: OffsetDateTime) -> Result<u64> {
        let mut deleted = 0;
        for (datastream, span) in self.rules() {
            let Some(before) =
                time::Duration::try_from(span.0).ok().and_then(|span| now.checked_sub(span))
            else {
                continue;
            };
            deleted += self.expire(datastream, before).await?;
        }
        if deleted > 0 {
            tracing::info!(deleted, "observations older than their retention are deleted");
        }
        Ok(deleted)
    }

    /// Datastreams that have something to delete, and how long they keep it.
    fn rules(&self) -> Vec<(EntityId, Span)> {
        let Some(catalogue) = self.catalogue() else { return Vec::new() };
        let measured = self.summaries();
        let ruled = catalogue.datastreams.iter().filter_map(|(&id, datastream)| {
            let span = retention(datastream).or(self.settings.retention)?;
            measured.contains_key(&id).then_some((id, span))
        });
        ruled.collect()
    }

    async fn expire(&self, datastream: EntityId, before: OffsetDateTime) -> Result<u64> {
        let mut total = 0;
        while self.is_overdue(datastream, before) {
            let mut writing = self.begin().await?;
            let expired = self.store.expire(datastream, before, STEP);
            let receipt = self.certain(&mut writing, expired).await?;
            if Recent::is_beyond(before, OffsetDateTime::now_utc()) {
                // Nothing of it is in memory, which then need not be read anew.
                self.state.change(receipt.summaries, []);
            } else {
                self.show_rewritten(receipt.summaries);
            }
            total += receipt.deleted_observations;
            if receipt.deleted_observations < u64::from(STEP) {
                break;
            }
        }
        Ok(total)
    }

    /// Whether the datastream may have observations from before the instant, beside its latest.
    fn is_overdue(&self, datastream: EntityId, before: OffsetDateTime) -> bool {
        let summary = self.summary(datastream);
        let earliest = summary.filter(|it| it.count > 1).and_then(|it| it.phenomenon_time);
        earliest.is_some_and(|times| times.start() < before)
    }
}

/// What the datastream itself says (`properties.retention`).
fn retention(datastream: &Datastream) -> Option<Span> {
    let said = datastream.properties.get("retention")?.as_str()?;
    let span = said.parse().inspect_err(|error| {
        tracing::warn!(datastream = datastream.id.0, %error, "a retention rule cannot be read");
    });
    span.ok()
}
