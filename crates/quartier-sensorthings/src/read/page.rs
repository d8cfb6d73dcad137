use quartier_model::EntityKind;

use super::{Reader, Source, Wanted, wanted::Choice};
use crate::{Result, entities::Row};

/// How often a long walk looks at the clock.
const ROWS_BETWEEN_LOOKS: usize = 256;

/// A part of a set.
#[derive(Debug, Default)]
pub(crate) struct Page<'a> {
    pub(crate) rows: Vec<Row<'a>>,
    /// Of the whole set, where it was asked for.
    pub(crate) count: Option<u64>,
    pub(crate) next: Option<Next>,
}

/// Where the next part starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) skip: u64,
    pub(crate) token: Option<String>,
}

impl<'a> Reader<'a> {
    /// The part of a set that the options ask for.
    pub(crate) fn page(&self, source: &Source<'a>, wanted: &Wanted<'_>) -> Result<Page<'a>> {
        let page = match source.kind {
            EntityKind::Observation => self.observation_page(source, wanted)?,
            _ if wanted.options.order.is_empty() => self.page_by_id(source, wanted)?,
            _ => self.page_in_order(source, wanted)?,
        };
        self.take(page.rows.len())?;
        Ok(page)
    }

    fn page_by_id(&self, source: &Source<'a>, wanted: &Wanted<'_>) -> Result<Page<'a>> {
        let (paging, wants_count) = (&wanted.paging, wanted.wants_count());
        let first = usize::try_from(paging.skip).unwrap_or(usize::MAX);
        let end = first.saturating_add(paging.top);
        let mut rows = Vec::new();
        let mut seen = 0;
        for row in self.matching(source, wanted) {
            let row = row?;
            if (first..end).contains(&seen) {
                rows.push(row);
            }
            seen += 1;
            if seen > end && !wants_count {
                break;
            }
        }
        let next = paging.next(seen > end, rows.len(), None);
        Ok(Page { rows, count: wants_count.then_some(seen as u64), next })
    }

    fn page_in_order(&self, source: &Source<'a>, wanted: &Wanted<'_>) -> Result<Page<'a>> {
        let rows = self.matching(source, wanted).collect::<Result<Vec<_>>>()?;
        let page = self.sorted(rows, wanted)?;
        Ok(Page { count: page.count.filter(|_| wanted.wants_count()), ..page })
    }

    /// The part of all these that the options ask for.
    pub(crate) fn sorted(&self, rows: Vec<Row<'a>>, wanted: &Wanted<'_>) -> Result<Page<'a>> {
        let (paging, count) = (&wanted.paging, rows.len());
        let mut keyed = Vec::with_capacity(count);
        for (index, row) in rows.into_iter().enumerate() {
            if index % ROWS_BETWEEN_LOOKS == 0 {
                self.check_time()?;
            }
            keyed.push((self.sort_key(wanted, &row)?, row));
        }
        keyed.sort_by(|one, other| wanted.compare(&one.0, &other.0));
        let first = usize::try_from(paging.skip).unwrap_or(usize::MAX);
        let rows: Vec<_> =
            keyed.into_iter().skip(first).take(paging.top).map(|(_, row)| row).collect();
        let has_more = first.saturating_add(rows.len()) < count;
        let next = paging.next(has_more, rows.len(), None);
        Ok(Page { rows, count: Some(count as u64), next })
    }

    /// What of a set fulfils the filter, in the set's own order; no observations.
    fn matching(
        &self,
        source: &Source<'a>,
        wanted: &Wanted<'_>,
    ) -> impl Iterator<Item = Result<Row<'a>>> {
        let rows: Box<dyn Iterator<Item = Row<'a>>> = match &source.of {
            None => self.view.all(source.kind),
            Some((row, link)) => Box::new(self.view.linked(row, *link).into_iter()),
        };
        rows.enumerate().filter_map(move |(index, row)| {
            if index % ROWS_BETWEEN_LOOKS == 0
                && let Err(error) = self.check_time()
            {
                return Some(Err(error));
            }
            let Choice::Entities(asked) = &wanted.choice else { return Some(Ok(row)) };
            match self.holds(asked, &row) {
                Ok(true) => Some(Ok(row)),
                Ok(false) => None,
                Err(error) => Some(Err(error)),
            }
        })
    }
}
