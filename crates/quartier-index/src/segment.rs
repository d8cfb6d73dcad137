use std::sync::Arc;

use quartier_model::{Bbox, FeatureId, TimeRange};
use quartier_slab::{Misfit, Sectioned, Sections, Slab};

use crate::{
    ObjectRef,
    geometry::Shape,
    moments,
    space::{FlatBox, Verdict},
    table::Table,
};

/// Part of a collection: a table, and which of its objects are no longer current.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    pub(crate) table: Arc<Table>,
    hidden: Option<Arc<Hidden>>,
    pub(crate) summary: Summary,
}

/// A bit for each row that was changed or removed since.
#[derive(Debug, Clone)]
struct Hidden {
    bits: Slab<u64>,
    count: usize,
}

/// What is said of all current objects.
#[derive(Debug, Clone, Default)]
pub(crate) struct Summary {
    pub(crate) extent: Option<Bbox>,
    pub(crate) times: Option<TimeRange>,
    /// Counts by the kind's number.
    pub(crate) kinds: [u32; 7],
    pub(crate) with_heights: u32,
}

impl Segment {
    pub(crate) fn new(table: Table) -> Self {
        let mut segment =
            Self { table: Arc::new(table), hidden: None, summary: Summary::default() };
        segment.summary.extent = segment.extent();
        segment.summary.times = segment.times();
        for row in 0..segment.table.len() as u32 {
            segment.summary.count(&segment.table, row, |count| *count += 1);
        }
        segment
    }

    /// The same without some of its objects.
    pub(crate) fn without(&self, fids: &[FeatureId]) -> Self {
        let is_current = |row: &u32| !self.is_hidden(*row);
        let rows: Vec<_> =
            fids.iter().filter_map(|fid| self.table.row(*fid)).filter(is_current).collect();
        if rows.is_empty() {
            return self.clone();
        }
        let mut segment = self.clone();
        let mut bits = self
            .hidden
            .as_ref()
            .map_or_else(|| vec![0; self.table.len().div_ceil(64)], |hidden| hidden.bits.to_vec());
        let mut count = self.hidden_count();
        for row in rows {
            if hide(&mut bits, row) {
                segment.summary.count(&self.table, row, |count| *count -= 1);
                count += 1;
            }
        }
        segment.hidden = Some(Arc::new(Hidden { bits: bits.into(), count }));
        segment.summary.extent = segment.extent();
        segment.summary.times = segment.times();
        segment
    }

    /// How many objects are current.
    pub(crate) fn len(&self) -> usize {
        self.table.len() - self.hidden_count()
    }

    pub(crate) fn hidden_count(&self) -> usize {
        self.hidden.as_ref().map_or(0, |hidden| hidden.count)
    }

    pub(crate) fn is_hidden(&self, row: u32) -> bool {
        self.hidden.as_ref().is_some_and(|hidden| hidden.has(row))
    }

    /// Rows of the table that are no longer current.
    pub(crate) fn hidden_rows(&self) -> impl Iterator<Item = u32> + '_ {
        self.hidden.iter().flat_map(|hidden| hidden.rows())
    }

    pub(crate) fn rows_from(&self, first: usize) -> impl Iterator<Item = u32> + '_ {
        (first as u32..self.table.len() as u32).filter(|row| !self.is_hidden(*row))
    }

    pub(crate) fn object(&self, row: u32) -> ObjectRef<'_> {
        ObjectRef { table: &self.table, row }
    }

    pub(crate) fn by_fid(&self, fid: FeatureId) -> Option<ObjectRef<'_>> {
        let row = self.table.row(fid).filter(|row| !self.is_hidden(*row))?;
        Some(self.object(row))
    }

    pub(crate) fn by_id<'a>(&'a self, id: &'a str) -> Option<ObjectRef<'a>> {
        let row = self.table.ids.rows(id).find(|row| !self.is_hidden(*row))?;
        Some(self.object(row))
    }

    pub(crate) fn by_source_id<'a>(&'a self, id: &'a str) -> impl Iterator<Item = ObjectRef<'a>> {
        let rows = self.table.source_ids.iter().flat_map(|ids| ids.rows(id));
        rows.filter(|row| !self.is_hidden(*row)).map(|row| self.object(row))
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let hidden = self.hidden.as_ref().map_or(0, |hidden| hidden.bits.memory_bytes());
        self.table.memory_bytes() + hidden
    }

    /// Only boxes that reach out of what has been seen are looked into.
    fn extent(&self) -> Option<Bbox> {
        let frame = self.table.tree.frame();
        let seen = std::cell::Cell::new(None::<(Bbox, FlatBox)>);
        let mut shape = Shape::default();
        self.table.tree.visit(
            &mut |flat| match seen.get() {
                Some((_, around)) if flat.is_surely_in(&around) => Verdict::Outside,
                _ => Verdict::Perhaps,
            },
            &mut |row, _| {
                if !self.is_hidden(row) && shape.read(self.object(row).bytes()) {
                    let own = shape.bbox().map(|bbox| Bbox { heights: None, ..bbox });
                    let both = seen.get().map(|(extent, _)| extent).into_iter().chain(own);
                    seen.set(both.reduce(Bbox::union).map(|extent| (extent, frame.flat(&extent))));
                }
            },
        );
        seen.get().map(|(extent, _)| extent)
    }

    fn times(&self) -> Option<TimeRange> {
        let validity = self.table.validity.as_ref()?;
        self.rows_from(0)
            .map(|row| validity.at(row as usize))
            .filter(|valid| *valid != TimeRange::ALWAYS)
            .reduce(around)
    }
}

impl Summary {
    #[must_use]
    pub(crate) fn merged(mut self, other: &Self) -> Self {
        self.extent = self.extent.into_iter().chain(other.extent).reduce(Bbox::union);
        self.times = self.times.into_iter().chain(other.times).reduce(around);
        self.with_heights += other.with_heights;
        self.kinds.iter_mut().zip(other.kinds).for_each(|(count, more)| *count += more);
        self
    }

    fn count(&mut self, table: &Table, row: u32, change: impl Fn(&mut u32)) {
        let Some(head) = table.head(row) else { return };
        change(&mut self.kinds[head.kind as usize]);
        if head.has_heights {
            change(&mut self.with_heights);
        }
    }
}

/// The smallest range that holds both.
fn around(one: TimeRange, other: TimeRange) -> TimeRange {
    let start = one.start().zip(other.start()).map(|(one, other)| one.min(other));
    let end = one.end().zip(other.end()).map(|(one, other)| one.max(other));
    TimeRange::new(start, end).unwrap_or(TimeRange::ALWAYS)
}

impl Hidden {
    fn has(&self, row: u32) -> bool {
        self.bits[row as usize / 64] >> (row % 64) & 1 == 1
    }

    fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        let words = self.bits.iter().enumerate().filter(|(_, word)| **word != 0);
        words.flat_map(|(at, word)| {
            let bits = (0..64).filter(move |bit| word >> bit & 1 == 1);
            bits.map(move |bit| at as u32 * 64 + bit)
        })
    }
}

/// False where it was hidden already.
fn hide(bits: &mut [u64], row: u32) -> bool {
    let (word, bit) = (&mut bits[row as usize / 64], 1 << (row % 64));
    let is_new = *word & bit == 0;
    *word |= bit;
    is_new
}

impl Sectioned for Segment {
    fn put_into(&self, sections: &mut Sections) {
        let hidden = self.hidden.as_ref();
        let bits = hidden.map_or_else(Slab::default, |hidden| hidden.bits.clone());
        sections.put_few("hidden", &[self.hidden_count() as u64]);
        sections.put("bits", &bits);
        self.summary.put_into(sections);
        self.table.put_into(sections);
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        let [count] = sections.take_few::<u64, 1>("hidden")?;
        let bits: Slab<u64> = sections.take("bits")?;
        let summary = Summary::take_from(sections)?;
        let table = Arc::new(Table::take_from(sections)?);
        if !bits.is_empty() && bits.len() != table.len().div_ceil(64) {
            return Err(Misfit::content("bits", &"they are not one for each object"));
        }
        let hidden = Hidden { bits, count: count as usize };
        let hidden = (!hidden.bits.is_empty()).then(|| Arc::new(hidden));
        Ok(Self { table, hidden, summary })
    }
}

impl Sectioned for Summary {
    fn put_into(&self, sections: &mut Sections) {
        let corners = |extent: Bbox| vec![extent.min_x, extent.min_y, extent.max_x, extent.max_y];
        let times: Vec<_> = self.times.into_iter().collect();
        sections.put_few("extent", &self.extent.map_or_else(Vec::new, corners));
        moments::put(sections, &times);
        sections.put_few("kinds", &self.kinds);
        sections.put_few("with heights", &[self.with_heights]);
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        let extent = sections.take::<f64>("extent")?;
        let extent = match extent[..] {
            [min_x, min_y, max_x, max_y] => {
                Some(Bbox { min_x, min_y, max_x, max_y, heights: None })
            }
            _ => None,
        };
        let times = moments::take(sections)?.first().copied();
        let kinds = sections.take_few("kinds")?;
        let [with_heights] = sections.take_few("with heights")?;
        Ok(Self { extent, times, kinds, with_heights })
    }
}
