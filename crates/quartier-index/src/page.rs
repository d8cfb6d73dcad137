use std::cell::Cell;

use quartier_model::{Bbox, FeatureId, Filter};

use crate::{
    CollectionIndex, ObjectRef,
    matching::Matcher,
    segment::Segment,
    space::{FlatBox, Verdict},
};

/// Some of the objects that match a filter, in the order of their feature ids.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    pub objects: Vec<ObjectRef<'a>>,
    /// How many there are in all.
    pub matched: usize,
    /// The id after which the next page starts; `None` on the last page.
    pub next: Option<FeatureId>,
}

impl CollectionIndex {
    /// The first objects that match, after the given id; at most `limit`.
    ///
    /// Takes time by the number of objects that match, and none for those that do not where there is a condition on space.
    pub fn page(&self, filter: &Filter, after: Option<FeatureId>, limit: usize) -> Page<'_> {
        let first = after.map_or(0, |after| after.0.saturating_add(1));
        let chosen = if *filter == Filter::default() {
            self.everything_from(first, limit)
        } else {
            self.matching_from(filter, first, limit)
        };
        let Chosen { mut objects, matched } = chosen;
        if self.segments.len() > 1 {
            objects.sort_by_key(|object| object.fid());
        }
        let is_last = objects.len() <= limit;
        objects.truncate(limit);
        let next = objects.last().filter(|_| !is_last).map(|object| object.fid());
        Page { objects, matched, next }
    }

    /// How many objects match.
    pub fn count(&self, filter: &Filter) -> usize {
        if *filter == Filter::default() {
            return self.len();
        }
        let matcher = Matcher::new(filter, self.metric);
        self.segments.iter().map(|segment| matcher.rows(segment).len()).sum()
    }

    /// Tells every object whose box may touch the window, in no order: all that do, and some that only nearly do.
    pub fn visit_box<'a>(&'a self, window: &Bbox, mut see: impl FnMut(ObjectRef<'a>)) {
        for segment in self.segments.iter() {
            let is_current = |row: &u32| !segment.is_hidden(*row);
            segment.table.tree.visit_window(window, &mut |row| {
                Some(row).filter(is_current).into_iter().for_each(|row| see(segment.object(row)));
            });
        }
    }

    /// Whether at most so many objects have boxes that may touch the window; found out by looking at no more.
    pub fn has_few_in(&self, window: &Bbox, most: usize) -> bool {
        let found = Cell::new(0);
        for segment in self.segments.iter() {
            let tree = &segment.table.tree;
            let window = tree.frame().flat(window);
            let is_open = |flat: &FlatBox| found.get() <= most && flat.may_touch(&window);
            let judge =
                |flat: &FlatBox| if is_open(flat) { Verdict::Perhaps } else { Verdict::Outside };
            tree.visit(&mut { judge }, &mut |_, _| found.set(found.get() + 1));
        }
        found.get() <= most
    }

    fn everything_from(&self, first: u64, limit: usize) -> Chosen<'_> {
        let from = |segment: &Segment| segment.table.first_row_from(first);
        let each = self.segments.iter().flat_map(|segment| {
            let rows = segment.rows_from(from(segment)).take(limit.saturating_add(1));
            rows.map(|row| segment.object(row))
        });
        Chosen { objects: each.collect(), matched: self.len() }
    }

    fn matching_from(&self, filter: &Filter, first: u64, limit: usize) -> Chosen<'_> {
        let matcher = Matcher::new(filter, self.metric);
        let mut chosen = Chosen { objects: Vec::new(), matched: 0 };
        for segment in self.segments.iter() {
            let mut rows = matcher.rows(segment);
            chosen.matched += rows.len();
            let from = segment.table.first_row_from(first) as u32;
            rows.retain(|row| *row >= from);
            keep_lowest_in_order(&mut rows, limit.saturating_add(1));
            chosen.objects.extend(rows.into_iter().map(|row| segment.object(row)));
        }
        chosen
    }
}

/// Each segment's in order, and one more than the page takes where there are more.
struct Chosen<'a> {
    objects: Vec<ObjectRef<'a>>,
    matched: usize,
}

fn keep_lowest_in_order(rows: &mut Vec<u32>, count: usize) {
    if rows.len() > count {
        rows.select_nth_unstable(count);
        rows.truncate(count);
    }
    rows.sort_unstable();
}
