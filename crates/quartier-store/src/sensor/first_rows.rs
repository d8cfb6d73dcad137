use std::ops::RangeInclusive;

use quartier_model::EntityId;

use crate::{ObservationQuery, OrderBy};

/// Rows that are looked through one after the other, which takes some milliseconds.
const LOOKED_THROUGH: i64 = 20_000;

/// What is kept of several datastreams, and of all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shares {
    pub(crate) theirs: i64,
    pub(crate) all: i64,
    /// The least and the greatest number that an observation can have.
    pub(crate) numbers: (i64, i64),
}

/// Whether a page of several datastreams is one by number, which is often among the first rows of the table, whereas
/// all rows of each would have to be sorted.
pub(crate) fn is_by_number(query: &ObservationQuery) -> bool {
    query.order.by == OrderBy::Id && query.filter.ids.is_none() && !query.for_each_datastream
}

/// The numbers among which such a page probably is; `None` where the datastreams say too little for that.
pub(crate) fn first_rows(query: &ObservationQuery, of: Shares) -> Option<RangeInclusive<i64>> {
    let wanted = query.skip.saturating_add(u64::from(query.limit)) as f64;
    let expected = LOOKED_THROUGH.min(of.all) as f64 * of.theirs as f64 / of.all.max(1) as f64;
    if expected < wanted {
        return None;
    }
    let number = |id: EntityId| id.0.cast_signed();
    let after = query.after.as_ref().map(|after| number(after.id));
    let (first, last) = of.numbers;
    Some(if query.order.is_descending {
        let end = after.unwrap_or(last);
        end.saturating_sub(LOOKED_THROUGH)..=end
    } else {
        let start = after.unwrap_or(first);
        start..=start.saturating_add(LOOKED_THROUGH)
    })
}
