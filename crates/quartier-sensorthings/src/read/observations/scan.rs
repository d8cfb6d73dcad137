use std::sync::Arc;

use quartier_model::Observation;
use quartier_store::{ObservationKey, ObservationOrder, ObservationQuery};

use super::{Search, order::place};
use crate::{Result, entities::Row, read::Reader};

/// How many observations the store is asked for at first, when not all of them may be wanted.
const CHUNK_FIRST: u32 = 1_000;

/// And at most: some megabytes.
const CHUNK_MAX: u32 = 20_000;

impl Reader<'_> {
    /// Shows what fulfils the search, in an order, until `see` has seen enough and says false.
    pub(super) fn scan(
        &self,
        search: &Search<'_>,
        order: ObservationOrder,
        mut after: Option<ObservationKey>,
        mut see: impl FnMut(Arc<Observation>) -> Result<bool>,
    ) -> Result<()> {
        let mut limit = CHUNK_FIRST;
        loop {
            let filter = search.filter.clone();
            let query =
                ObservationQuery { filter, order, after, limit, ..ObservationQuery::default() };
            let found = self.wait(self.view.sensors.observations(&query))?;
            let is_last = found.len() < limit as usize;
            after = found.last().map(|last| place(last, order));
            let is_enough = !self.show(search, found, &mut see)?;
            if is_last || is_enough {
                return Ok(());
            }
            limit = (limit * 2).min(CHUNK_MAX);
        }
    }

    /// Says whether there is interest in more.
    fn show(
        &self,
        search: &Search<'_>,
        found: Vec<Observation>,
        see: &mut impl FnMut(Arc<Observation>) -> Result<bool>,
    ) -> Result<bool> {
        for observation in found.into_iter().map(Arc::new) {
            let row = Row::Observation(Arc::clone(&observation));
            let is_match = search.residual.map_or(Ok(true), |it| self.holds(it, &row))?;
            if is_match && !see(observation)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
