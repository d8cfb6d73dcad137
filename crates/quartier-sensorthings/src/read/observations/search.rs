use std::sync::Arc;

use quartier_model::{EntityId, Observation, Period, ResultValue};
use quartier_store::ObservationFilter;
use time::OffsetDateTime;

use crate::{
    Result,
    entities::Row,
    read::{
        Reader, Source, Wanted,
        wanted::{Asked, Choice, Narrow},
    },
};

/// Which observations are looked for.
#[derive(Debug)]
pub(super) struct Search<'w> {
    /// What the store is asked for.
    pub(super) filter: ObservationFilter,
    /// What those must fulfil beside it.
    pub(super) residual: Option<&'w Asked>,
}

/// The observations to which a link leads; all, where there is no link.
pub(super) fn scope(source: &Source<'_>) -> ObservationFilter {
    let mut filter = ObservationFilter::default();
    match &source.of {
        Some((Row::FeatureOfInterest(feature), _)) => filter.features = Some(vec![feature.id]),
        Some((row, _)) => filter.datastreams = Some(vec![row.id()]),
        None => {}
    }
    filter
}

impl Reader<'_> {
    /// What is asked of the store for a set of observations; `None` where it is known that there are none.
    pub(super) fn search<'w>(
        &self,
        scope: ObservationFilter,
        wanted: &'w Wanted<'_>,
    ) -> Result<Option<Search<'w>>> {
        let Choice::Observations(narrow) = &wanted.choice else {
            return Ok(Some(Search { filter: scope, residual: None }));
        };
        if narrow.is_impossible {
            return Ok(None);
        }
        let mut filter = self.chosen(narrow)?.clone();
        filter.datastreams = common(scope.datastreams, filter.datastreams);
        filter.features = common(scope.features, filter.features);
        let has_none = |ids: &Option<Vec<EntityId>>| ids.as_ref().is_some_and(Vec::is_empty);
        let is_empty = has_none(&filter.datastreams) || has_none(&filter.features);
        Ok((!is_empty).then_some(Search { filter, residual: narrow.residual.as_ref() }))
    }

    /// The filter with what only the catalogue knows: which datastreams and features fulfil their conditions.
    fn chosen<'w>(&self, narrow: &'w Narrow) -> Result<&'w ObservationFilter> {
        if let Some(chosen) = narrow.chosen.get() {
            return Ok(chosen);
        }
        let mut filter = narrow.filter.clone();
        if let Some(asked) = &narrow.of_datastream {
            let all = || self.view.catalogue.datastreams.keys().copied().collect();
            let mut ids = filter.datastreams.take().unwrap_or_else(all);
            self.retain(&mut ids, asked, |id| stand_in(id, EntityId::default()))?;
            filter.datastreams = Some(ids);
        }
        if let Some(asked) = &narrow.of_feature {
            let all = || self.view.catalogue.features.keys().copied().collect();
            let mut ids = filter.features.take().unwrap_or_else(all);
            self.retain(&mut ids, asked, |id| stand_in(EntityId::default(), id))?;
            filter.features = Some(ids);
        }
        Ok(narrow.chosen.get_or_init(|| filter))
    }

    fn retain(
        &self,
        ids: &mut Vec<EntityId>,
        asked: &Asked,
        stand_in: impl Fn(EntityId) -> Observation,
    ) -> Result<()> {
        let mut kept = Vec::new();
        for &id in ids.iter() {
            if self.holds(asked, &Row::Observation(Arc::new(stand_in(id))))? {
                kept.push(id);
            }
        }
        *ids = kept;
        Ok(())
    }
}

/// An observation of which nothing is asked but what it is linked to.
fn stand_in(datastream: EntityId, feature: EntityId) -> Observation {
    Observation {
        id: EntityId::default(),
        datastream,
        feature,
        phenomenon_time: Period::instant(OffsetDateTime::UNIX_EPOCH),
        result_time: None,
        result: ResultValue::Number(0.0),
        valid_time: None,
        quality: None,
        parameters: None,
    }
}

fn common(one: Option<Vec<EntityId>>, other: Option<Vec<EntityId>>) -> Option<Vec<EntityId>> {
    match (one, other) {
        (Some(mut one), Some(other)) => {
            one.retain(|id| other.contains(id));
            Some(one)
        }
        (one, other) => one.or(other),
    }
}
