use std::{cell::OnceCell, cmp::Ordering};

use quartier_model::EntityKind;
use quartier_store::ObservationFilter;

use super::{Paging, Reader, known::Known};
use crate::{
    Result,
    entities::Row,
    evaluate::{Condition, Narrowed, SortKey, Sorting},
    options::Options,
};

/// The options of a set or of an expanded link, made ready for all that they are asked about.
#[derive(Debug)]
pub(super) struct Wanted<'o> {
    pub(super) options: &'o Options,
    pub(super) paging: Paging,
    pub(super) choice: Choice,
    sorting: Sorting,
}

/// How a filter chooses.
#[derive(Debug)]
pub(super) enum Choice {
    All,
    Entities(Box<Asked>),
    Observations(Box<Narrow>),
}

/// A filter of observations, by who decides its parts.
#[derive(Debug)]
pub(super) struct Narrow {
    /// What the store is asked for.
    pub(super) filter: ObservationFilter,
    pub(super) of_datastream: Option<Asked>,
    pub(super) of_feature: Option<Asked>,
    /// What is asked of each observation.
    pub(super) residual: Option<Asked>,
    pub(super) is_impossible: bool,
    /// The filter with the datastreams and the features that fulfil their conditions; found once.
    pub(super) chosen: OnceCell<ObservationFilter>,
}

/// A condition, and which observations behind links can matter to it.
#[derive(Debug)]
pub(super) struct Asked {
    condition: Condition,
    glimpse: ObservationFilter,
}

impl Wanted<'_> {
    pub(super) fn wants_count(&self) -> bool {
        self.options.count == Some(true)
    }

    pub(super) fn compare(&self, one: &SortKey, other: &SortKey) -> Ordering {
        self.sorting.compare(one, other)
    }
}

impl Asked {
    fn new(condition: Condition) -> Self {
        Self { glimpse: condition.glimpse(), condition }
    }
}

impl Narrow {
    fn new(narrowed: Narrowed) -> Self {
        Self {
            filter: narrowed.filter,
            of_datastream: narrowed.of_datastream.map(Asked::new),
            of_feature: narrowed.of_feature.map(Asked::new),
            residual: narrowed.residual.map(Asked::new),
            is_impossible: narrowed.is_impossible,
            chosen: OnceCell::new(),
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn wanted<'o>(&self, kind: EntityKind, options: &'o Options) -> Wanted<'o> {
        let choice = match &options.filter {
            None => Choice::All,
            Some(filter) if kind == EntityKind::Observation => {
                Choice::Observations(Box::new(Narrow::new(Narrowed::new(filter, self.now))))
            }
            Some(filter) => {
                Choice::Entities(Box::new(Asked::new(Condition::new(filter, self.now))))
            }
        };
        let sorting = Sorting::new(&options.order, self.now);
        Wanted { options, paging: Paging::new(options), choice, sorting }
    }

    /// Whether an entity fulfils a condition.
    pub(super) fn holds(&self, asked: &Asked, row: &Row<'a>) -> Result<bool> {
        self.glimpses.restart(&asked.glimpse);
        let truth = asked.condition.holds(&Known { reader: self, row: row.clone() });
        self.check_failure()?;
        Ok(truth.is_true())
    }

    pub(super) fn sort_key(&self, wanted: &Wanted<'_>, row: &Row<'a>) -> Result<SortKey> {
        self.glimpses.restart(&ObservationFilter::default());
        let key = wanted.sorting.key(&Known { reader: self, row: row.clone() });
        self.check_failure()?;
        Ok(key)
    }
}
