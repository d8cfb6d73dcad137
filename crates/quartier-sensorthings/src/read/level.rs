use std::ops::Range;

use quartier_model::EntityKind;

use super::{Next, Page, Paging, Reader, Source, Wanted};
use crate::{
    Result,
    entities::{Row, Shape},
    options::{Expand, Options},
    path::Navigation,
};

/// Entities of one kind, each with what hangs on it: all of one depth stand together, so that what the store knows is
/// asked for at once.
#[derive(Debug)]
pub(crate) struct Level<'a> {
    pub(crate) rows: Vec<Row<'a>>,
    pub(crate) shape: Shape,
    pub(crate) branches: Vec<Branch<'a>>,
}

/// One expanded link of all entities of a level.
#[derive(Debug)]
pub(crate) struct Branch<'a> {
    pub(crate) link: Navigation,
    pub(crate) paging: Paging,
    /// One for each entity of the level above.
    pub(crate) parts: Vec<Part>,
    pub(crate) level: Level<'a>,
}

/// Which of a branch's entities hang on one above.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) rows: Range<usize>,
    pub(crate) count: Option<u64>,
    pub(crate) next: Option<Next>,
}

impl<'a> Reader<'a> {
    /// These entities with what the options select and expand.
    pub(crate) fn level(
        &self,
        kind: EntityKind,
        rows: Vec<Row<'a>>,
        options: &Options,
    ) -> Result<Level<'a>> {
        let expanded: Vec<_> = options.expand.iter().map(|expand| expand.link).collect();
        let shape = Shape::new(kind, &options.select, &expanded, self.version);
        let branch = |expand| self.branch(&rows, expand);
        let branches = options.expand.iter().map(branch).collect::<Result<_>>()?;
        Ok(Level { rows, shape, branches })
    }

    fn branch(&self, parents: &[Row<'a>], expand: &Expand) -> Result<Branch<'a>> {
        let Expand { link, options } = expand;
        let wanted = self.wanted(link.to, options);
        let pages = match link.to {
            EntityKind::Observation => self.observation_pages(parents, *link, &wanted)?,
            _ => self.pages(parents, *link, &wanted)?,
        };
        let mut rows = Vec::with_capacity(pages.iter().map(|page| page.rows.len()).sum());
        let mut parts = Vec::with_capacity(pages.len());
        for page in pages {
            let start = rows.len();
            rows.extend(page.rows);
            parts.push(Part { rows: start..rows.len(), count: page.count, next: page.next });
        }
        let level = self.level(link.to, rows, options)?;
        Ok(Branch { link: *link, paging: wanted.paging, parts, level })
    }

    /// One page for each of the parents.
    pub(crate) fn pages(
        &self,
        parents: &[Row<'a>],
        link: Navigation,
        wanted: &Wanted<'_>,
    ) -> Result<Vec<Page<'a>>> {
        let page = |row: &Row<'a>| self.page(&Source::linked(row.clone(), link), wanted);
        parents.iter().map(page).collect()
    }
}
