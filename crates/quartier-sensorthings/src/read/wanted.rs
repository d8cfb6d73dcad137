use std::cmp::Ordering;

use quartier_store::ObservationFilter;

use super::{Paging, Reader, known::Known};
use crate::{
    Result,
    entities::Row,
    evaluate::{Condition, SortKey, Sorting},
    options::Options,
};

/// The options of a set or of an expanded link, made ready for all that they are asked about.
#[derive(Debug)]
pub(super) struct Wanted<'o> {
    pub(super) options: &'o Options,
    pub(super) paging: Paging,
    pub(super) condition: Option<Condition>,
    sorting: Sorting,
    /// Which observations matter to a condition on other entities.
    pub(super) glimpsed: ObservationFilter,
}

impl Wanted<'_> {
    pub(super) fn wants_count(&self) -> bool {
        self.options.count == Some(true)
    }

    pub(super) fn compare(&self, one: &SortKey, other: &SortKey) -> Ordering {
        self.sorting.compare(one, other)
    }
}

impl<'a> Reader<'a> {
    pub(super) fn wanted<'o>(&self, options: &'o Options) -> Wanted<'o> {
        let filter = options.filter.as_ref();
        Wanted {
            options,
            paging: Paging::new(options),
            condition: filter.map(|filter| Condition::new(filter, self.now)),
            sorting: Sorting::new(&options.order, self.now),
            glimpsed: ObservationFilter::default(),
        }
    }

    /// Whether an entity fulfils a condition; every one fulfils none.
    pub(super) fn holds(&self, condition: Option<&Condition>, row: &Row<'a>) -> Result<bool> {
        let Some(condition) = condition else { return Ok(true) };
        let truth = condition.holds(&Known { reader: self, row: row.clone() });
        self.check_failure()?;
        Ok(truth.is_true())
    }

    pub(super) fn sort_key(&self, wanted: &Wanted<'_>, row: &Row<'a>) -> Result<SortKey> {
        let key = wanted.sorting.key(&Known { reader: self, row: row.clone() });
        self.check_failure()?;
        Ok(key)
    }
}
