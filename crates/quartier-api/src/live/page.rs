use std::{
    ops::Bound::{Excluded, Unbounded},
    sync::Arc,
};

use quartier_model::EntityId;
use quartier_twin::sensors::Sensors;

use super::row::Row;
use crate::readings::Wholes;

/// Datastreams in one event of the snapshot: some 300 kB.
const DATASTREAMS: usize = 1_000;

/// A part of what is: the latest readings of some datastreams that follow one another. Made when a client has taken
/// the part before, so that none is kept for it.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) rows: Vec<Arc<Row>>,
    /// Where the next one goes on; `None` where there is no more.
    pub(super) last: Option<EntityId>,
}

impl Page {
    pub(super) fn after(after: EntityId, sensors: &Sensors) -> Self {
        let Some(catalogue) = sensors.catalogue() else { return Self::default() };
        let following = catalogue.datastreams.range((Excluded(after), Unbounded));
        let mut ids: Vec<EntityId> = following.map(|(id, _)| *id).take(DATASTREAMS + 1).collect();
        let is_more = ids.len() > DATASTREAMS;
        ids.truncate(DATASTREAMS);
        let last = ids.last().copied().filter(|_| is_more);
        Self { rows: Row::all(&sensors.latest_of(ids), Wholes::new(sensors)), last }
    }
}
