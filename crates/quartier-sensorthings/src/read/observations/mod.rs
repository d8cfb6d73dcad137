//! Observations, which are in the store: it is asked for no more than a page needs, and for what the filter lets it
//! know; the rest of the filter is looked at here.

mod count;
mod each;
mod order;
mod scan;
mod search;
mod several;

use std::sync::Arc;

use quartier_model::Observation;
use quartier_store::{ObservationOrder, ObservationQuery};

pub(super) use each::Glimpses;

use self::{
    order::{place, store_order},
    search::{Search, scope},
};
use super::{
    Page, Reader, Source, Wanted,
    token::{self, Seal},
};
use crate::{Error, Result, entities::Row};

/// How many observations are brought into an order that the store does not know; some 100 MB.
const SORTED_MAX: usize = 200_000;

impl<'a> Reader<'a> {
    /// The part of a set of observations that the options ask for.
    pub(super) fn observation_page(
        &self,
        source: &Source<'a>,
        wanted: &Wanted<'_>,
    ) -> Result<Page<'a>> {
        let search = self.search(scope(source), wanted)?;
        let wants_count = wanted.wants_count();
        let Some(search) = search else {
            return Ok(Page { count: wants_count.then_some(0), ..Page::default() });
        };
        let order = store_order(&wanted.options.order);
        let mut page = match order {
            _ if wanted.paging.top == 0 => Page::default(),
            Some(order) => self.page_in_store_order(source, &search, order, wanted)?,
            None => self.sorted(self.all_matches(&search)?, wanted)?,
        };
        page.count = match (wants_count, page.count) {
            (true, None) => Some(self.count_matches(&search)?),
            (true, count) => count,
            (false, _) => None,
        };
        Ok(page)
    }

    fn page_in_store_order(
        &self,
        source: &Source<'a>,
        search: &Search<'_>,
        order: ObservationOrder,
        wanted: &Wanted<'_>,
    ) -> Result<Page<'a>> {
        let paging = &wanted.paging;
        let seal = |skip| Seal::new(&source.path(), &paging.query, skip);
        let token = wanted.options.skip_token.as_deref();
        let after = token.map(|token| token::key(token, seal(paging.skip))).transpose()?;
        let skip = if after.is_some() { 0 } else { paging.skip };
        let limit = paging.top as u32 + 1;
        let query = ObservationQuery { order, after, skip, limit, ..ObservationQuery::default() };
        let mut rows = self.matches(search, query)?;
        let has_more = rows.len() > paging.top;
        rows.truncate(paging.top);
        let end = paging.skip.saturating_add(rows.len() as u64);
        let token = rows
            .last()
            .filter(|_| has_more)
            .and_then(|last| token::token(&place(last, order), seal(end)));
        let next = paging.next(has_more, rows.len(), token);
        Ok(Page { rows: rows.into_iter().map(Row::Observation).collect(), count: None, next })
    }

    /// What fulfils the search, as far as the query goes, whose own filter does not count.
    fn matches(
        &self,
        search: &Search<'_>,
        query: ObservationQuery,
    ) -> Result<Vec<Arc<Observation>>> {
        if search.residual.is_none() {
            let query = ObservationQuery { filter: search.filter.clone(), ..query };
            let found = self.wait(self.view.sensors.observations(&query))?;
            return Ok(found.into_iter().map(Arc::new).collect());
        }
        let mut passed = 0;
        let mut rows = Vec::new();
        self.scan(search, query.order, query.after, |observation| {
            if passed < query.skip {
                passed += 1;
            } else {
                rows.push(observation);
            }
            Ok(rows.len() < query.limit as usize)
        })?;
        Ok(rows)
    }

    fn all_matches(&self, search: &Search) -> Result<Vec<Row<'a>>> {
        let mut rows = Vec::new();
        self.scan(search, ObservationOrder::default(), None, |observation| {
            if rows.len() == SORTED_MAX {
                return Err(Error::bad(format!(
                    "`$orderby`: more than {SORTED_MAX} observations would have to be sorted; narrow the \
                     filter, or order by `phenomenonTime`, `resultTime`, `result` or `id` alone"
                )));
            }
            rows.push(Row::Observation(observation));
            Ok(true)
        })?;
        Ok(rows)
    }
}
