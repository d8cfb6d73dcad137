use std::{collections::HashMap, sync::Arc};

use quartier_model::{EntityId, Observation};
use quartier_store::{ObservationFilter, ObservationOrder, ObservationQuery, OrderBy};

use super::{Search, place, scope, store_order};
use crate::{
    Result,
    entities::Row,
    path::Navigation,
    read::{
        Page, Paging, Reader, Source, Wanted,
        token::{Seal, token},
    },
};

/// How many observations the store is asked for at once, for many datastreams: some 50 MB.
const ROWS_AT_ONCE: usize = 100_000;

/// How the observations of each of many datastreams are asked for.
struct Each<'e> {
    order: ObservationOrder,
    search: &'e Search<'e>,
    paging: &'e Paging,
}

impl<'a> Reader<'a> {
    /// The part of the observations of each parent that the options ask for.
    pub(in crate::read) fn observation_pages(
        &self,
        parents: &[Row<'a>],
        link: Navigation,
        wanted: &Wanted<'_>,
    ) -> Result<Vec<Page<'a>>> {
        let are_datastreams = parents.iter().all(|row| matches!(row, Row::Datastream(_)));
        let (true, Some(order)) = (are_datastreams, store_order(&wanted.options.order)) else {
            return self.pages(parents, link, wanted);
        };
        let all = ObservationFilter::default();
        let Some(search) = self.search(all, wanted)? else {
            return self.pages(parents, link, wanted);
        };
        if search.residual.is_some() || search.filter.datastreams.is_some() {
            return self.pages(parents, link, wanted);
        }
        let each = Each { order, search: &search, paging: &wanted.paging };
        let mut pages = match self.latest_of_each(parents, &each) {
            Some(pages) => pages,
            None => self.first_of_each(parents, &each)?,
        };
        self.take(pages.iter().map(|page| page.rows.len()).sum())?;
        add_tokens(parents, link, &each, &mut pages);
        if wanted.wants_count() {
            self.add_counts(parents, link, &each, &mut pages)?;
        }
        Ok(pages)
    }

    /// Where the newest alone is wanted, it is in memory.
    fn latest_of_each(&self, parents: &[Row<'a>], each: &Each<'_>) -> Option<Vec<Page<'a>>> {
        let newest = ObservationOrder { by: OrderBy::PhenomenonTime, is_descending: true };
        let is_newest = each.order == newest
            && (each.paging.skip, each.paging.top) == (0, 1)
            && each.search.filter == ObservationFilter::default();
        let latest = |row: &Row<'a>| {
            let Some(summary) = self.view.summary(row.id()) else { return Page::default() };
            let rows: Vec<_> = summary.latest.iter().cloned().map(observed).collect();
            let next = each.paging.next(summary.count > 1, rows.len(), None);
            Page { rows, count: None, next }
        };
        is_newest.then(|| parents.iter().map(latest).collect())
    }

    fn first_of_each(&self, parents: &[Row<'a>], each: &Each<'_>) -> Result<Vec<Page<'a>>> {
        let mut found: HashMap<EntityId, Vec<Row<'a>>> = HashMap::new();
        let limit = if each.paging.top == 0 { 0 } else { each.paging.top + 1 };
        let mut ids: Vec<_> = parents.iter().map(Row::id).collect();
        ids.retain(|&id| limit > 0 && self.view.summary(id).is_some());
        ids.sort_unstable();
        ids.dedup();
        for some in ids.chunks((ROWS_AT_ONCE / limit.max(1)).max(1)) {
            let query = ObservationQuery {
                filter: ObservationFilter {
                    datastreams: Some(some.to_vec()),
                    ..each.search.filter.clone()
                },
                order: each.order,
                after: None,
                skip: each.paging.skip,
                limit: limit as u32,
                for_each_datastream: true,
            };
            for observation in self.wait(self.view.sensors.observations(&query))? {
                found.entry(observation.datastream).or_default().push(observed(observation));
            }
        }
        let page = |row: &Row<'a>| {
            let mut rows = found.get(&row.id()).cloned().unwrap_or_default();
            let has_more = rows.len() > each.paging.top;
            rows.truncate(each.paging.top);
            let next = each.paging.next(has_more, rows.len(), None);
            Page { rows, count: None, next }
        };
        Ok(parents.iter().map(page).collect())
    }

    fn add_counts(
        &self,
        parents: &[Row<'a>],
        link: Navigation,
        each: &Each<'_>,
        pages: &mut [Page<'a>],
    ) -> Result<()> {
        for (row, page) in parents.iter().zip(pages) {
            let of_this = scope(&Source::linked(row.clone(), link));
            let filter = ObservationFilter {
                datastreams: of_this.datastreams,
                ..each.search.filter.clone()
            };
            page.count = Some(self.count_matches(&Search { filter, residual: None })?);
        }
        Ok(())
    }
}

fn observed<'a>(observation: Observation) -> Row<'a> {
    Row::Observation(Arc::new(observation))
}

/// Lets each next page start at its place.
fn add_tokens(parents: &[Row<'_>], link: Navigation, each: &Each<'_>, pages: &mut [Page<'_>]) {
    for (row, page) in parents.iter().zip(pages) {
        let (Some(next), Some(Row::Observation(last))) = (&mut page.next, page.rows.last()) else {
            continue;
        };
        let path = Source::linked(row.clone(), link).path();
        let seal = Seal::new(&path, &each.paging.query, next.skip);
        next.token = token(&place(last, each.order), seal);
    }
}
