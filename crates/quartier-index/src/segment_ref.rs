use std::sync::Arc;

use quartier_model::{Bbox, FeatureId, Filter};

use crate::{
    CollectionIndex, Metric, ObjectRef, ValueRef, column::Column, geometry::Shape,
    matching::Matcher, segment::Segment, table::Table,
};

/// A part of a collection, whose rows stay what they are from one index to the next; some may no longer be current.
#[derive(Debug, Clone, Copy)]
pub struct SegmentRef<'a>(pub(crate) &'a Segment);

/// One property of a part of a collection.
#[derive(Debug, Clone, Copy)]
pub struct ColumnRef<'a>(&'a Column);

/// Tells the rows of one part of a collection from those of all others, for what is kept beside them.
#[derive(Debug, Clone)]
pub struct SegmentKey(Arc<Table>);

impl PartialEq for SegmentKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for SegmentKey {}

impl CollectionIndex {
    /// The object with its segment, by number, and its row there.
    pub fn locate(&self, fid: FeatureId) -> Option<(usize, u32, ObjectRef<'_>)> {
        self.segments.iter().enumerate().rev().find_map(|(part, segment)| {
            let row = segment.table.row(fid).filter(|row| !segment.is_hidden(*row))?;
            Some((part, row, segment.object(row)))
        })
    }
}

impl<'a> SegmentRef<'a> {
    pub fn key(self) -> SegmentKey {
        SegmentKey(Arc::clone(&self.0.table))
    }

    /// How many rows there are, with those that are no longer current.
    pub fn rows(self) -> u32 {
        self.0.table.len() as u32
    }

    /// Its properties, in the order in which objects tell them.
    pub fn columns(self) -> impl Iterator<Item = ColumnRef<'a>> {
        self.0.table.columns.iter().map(ColumnRef)
    }

    /// The object of a row, current or not.
    pub fn object(self, row: u32) -> ObjectRef<'a> {
        self.0.object(row)
    }

    /// The current rows whose box may touch the window, of objects that match the filter exactly; in their order.
    pub fn rows_matching(self, window: &Bbox, filter: &Filter, metric: Metric) -> Vec<u32> {
        let mut rows = Vec::new();
        let tree = &self.0.table.tree;
        if *filter == Filter::default() {
            tree.visit_window(window, &mut |row| rows.push(row));
            rows.retain(|row| !self.0.is_hidden(*row));
        } else {
            let (matcher, mut shape) = (Matcher::new(filter, metric), Shape::default());
            let plain = matcher.plain(self.0);
            tree.visit_window(window, &mut |row| rows.push(row));
            rows.retain(|row| {
                plain.holds(*row) && matcher.holds(&mut shape, self.object(*row).bytes())
            });
        }
        rows.sort_unstable();
        rows
    }
}

impl<'a> ColumnRef<'a> {
    pub fn name(self) -> &'a str {
        &self.0.name
    }

    pub fn value(self, row: u32) -> ValueRef<'a> {
        self.0.value(row as usize)
    }

    /// A number that stands for the row's value among those of this column, the same for equal values; `None` where it
    /// is null, or the column has no such numbers.
    pub fn code(self, row: u32) -> Option<u64> {
        self.0.code(row as usize).filter(|code| *code > 0)
    }

    /// Whether its codes stand for texts.
    pub fn has_texts(self) -> bool {
        self.0.has_texts()
    }

    /// The greatest code, or one above it; `None` where the column has none.
    pub fn code_count(self) -> Option<u64> {
        self.0.code_count()
    }
}
