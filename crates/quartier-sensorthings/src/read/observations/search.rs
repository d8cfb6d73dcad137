use quartier_store::ObservationFilter;

use crate::{
    Result,
    entities::Row,
    evaluate::Condition,
    read::{Reader, Source, Wanted},
};

/// Which observations are looked for.
#[derive(Debug)]
pub(super) struct Search<'w> {
    /// What the store is asked for.
    pub(super) filter: ObservationFilter,
    /// What those must fulfil beside it.
    pub(super) residual: Option<&'w Condition>,
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

impl<'a> Reader<'a> {
    /// What is asked of the store for a set of observations; `None` where it is known that there are none.
    pub(super) fn search<'w>(
        &self,
        scope: &ObservationFilter,
        wanted: &'w Wanted<'_>,
    ) -> Result<Option<Search<'w>>> {
        let filter = scope.clone();
        Ok(Some(Search { filter, residual: wanted.condition.as_ref() }))
    }
}
