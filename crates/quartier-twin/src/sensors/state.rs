use std::{collections::BTreeSet, sync::Arc};

use arc_swap::ArcSwap;
use imbl::OrdMap;
use quartier_model::{EntityId, Observation};
use quartier_store::{ObservationFilter, ObservationOrder, ObservationQuery, OrderBy, Summary};

/// What is kept of each datastream's observations; of those that have any.
pub type Summaries = OrdMap<EntityId, Arc<Summary>>;

/// The summaries as the newest commit left them. Readers take them all at once and never wait; one writer at a time.
#[derive(Debug, Default)]
pub(super) struct State {
    summaries: ArcSwap<Summaries>,
}

impl State {
    pub(super) fn all(&self) -> Arc<Summaries> {
        self.summaries.load_full()
    }

    pub(super) fn of(&self, datastream: EntityId) -> Option<Arc<Summary>> {
        self.summaries.load().get(&datastream).cloned()
    }

    pub(super) fn replace(&self, summaries: impl IntoIterator<Item = Summary>) {
        let all = summaries.into_iter().map(|it| (it.datastream, Arc::new(it)));
        self.summaries.store(Arc::new(all.collect()));
    }

    /// Takes in new summaries, and drops those of datastreams that are gone.
    pub(super) fn change(&self, new: Vec<Summary>, gone: impl IntoIterator<Item = EntityId>) {
        let mut all = Summaries::clone(&self.summaries.load());
        for summary in new {
            all.insert(summary.datastream, Arc::new(summary));
        }
        for datastream in gone {
            all.remove(&datastream);
        }
        self.summaries.store(Arc::new(all));
    }

    /// The observations that the query asks for, where they are the latest of datastreams.
    pub(super) fn latest(&self, query: &ObservationQuery) -> Option<Vec<Observation>> {
        if !asks_for_latest(query) {
            return None;
        }
        let all = self.all();
        let latest = |summary: &Arc<Summary>| summary.latest.clone();
        Some(match &query.filter.datastreams {
            None => all.values().filter_map(latest).collect(),
            Some(ids) => {
                let ids: BTreeSet<EntityId> = ids.iter().copied().collect();
                ids.iter().filter_map(|id| all.get(id)).filter_map(latest).collect()
            }
        })
    }

    /// How many observations fulfil a filter by datastreams alone.
    pub(super) fn count(&self, filter: &ObservationFilter) -> Option<u64> {
        if !is_by_datastream(filter) {
            return None;
        }
        let all = self.all();
        Some(match &filter.datastreams {
            None => all.values().map(|it| it.count).sum(),
            Some(ids) => {
                let ids: BTreeSet<EntityId> = ids.iter().copied().collect();
                ids.iter().filter_map(|id| all.get(id)).map(|it| it.count).sum()
            }
        })
    }
}

fn asks_for_latest(query: &ObservationQuery) -> bool {
    let newest_first = ObservationOrder { by: OrderBy::PhenomenonTime, is_descending: true };
    query.for_each_datastream
        && query.limit == 1
        && query.skip == 0
        && query.after.is_none()
        && query.order == newest_first
        && is_by_datastream(&query.filter)
}

fn is_by_datastream(filter: &ObservationFilter) -> bool {
    let datastreams = filter.datastreams.clone();
    *filter == ObservationFilter { datastreams, ..ObservationFilter::default() }
}
