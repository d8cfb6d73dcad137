//! Observations of many callers, written together.
//!
//! One task commits groups: whatever came while the group before was being committed. A caller is answered when its
//! observations are in the store and shown; until then it holds its room in the queue, so that what waits has a bound
//! and nothing is ever dropped.

mod group;
mod queue;
mod writer;

use quartier_model::NewObservation;
use quartier_store::Appended;

pub(super) use queue::Queue;
pub(super) use writer::write_groups;

use super::{Sensors, Source, Tally};
use crate::Result;

/// Observations in one transaction: large enough that the commit itself does not count, small enough that the next
/// group waits for a tenth of a second at most.
pub(super) const GROUP_ROWS_MAX: usize = 5_000;

/// What a caller does when the store does not keep up or is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Answers [`crate::Error::Busy`] or [`crate::Error::Away`] soon: its sender comes back.
    Refuse,
    /// Waits until the store has taken them, however long that takes.
    Wait,
}

impl Sensors {
    /// Takes observations; when this returns, the store has committed them and memory shows them. Those of many
    /// callers are written together; those of one caller in one transaction, up to 5,000 of them.
    ///
    /// An observation without a feature of interest gets the one of its thing's place. Fails as a whole where a
    /// datastream or a feature is unknown, or the store cannot keep one of them.
    pub async fn observe(
        &self,
        mut observations: Vec<NewObservation>,
        source: &Source,
        patience: Patience,
    ) -> Result<Vec<Appended>> {
        let mut appended = Vec::with_capacity(observations.len());
        while !observations.is_empty() {
            let rest = observations.split_off(observations.len().min(GROUP_ROWS_MAX));
            let rows = observations.len() as u64;
            match self.queue.enqueue(observations, source, patience).await {
                Ok(written) => appended.extend(written),
                Err(error) => {
                    self.counters.of(source).add(&refused(&error, rows));
                    return Err(error);
                }
            }
            observations = rest;
        }
        Ok(appended)
    }

    /// Counts observations that were refused before they were any: a payload that says nothing, an unknown sensor.
    pub fn count_rejected(&self, source: &Source, rows: u64) {
        self.counters.of(source).add(&Tally { rejected: rows, ..Tally::default() });
    }
}

fn refused(error: &crate::Error, rows: u64) -> Tally {
    if error.is_temporary() {
        Tally { turned_away: rows, ..Tally::default() }
    } else {
        Tally { rejected: rows, ..Tally::default() }
    }
}
