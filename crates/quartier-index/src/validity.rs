use std::collections::HashMap;

use quartier_model::TimeRange;
use quartier_slab::{Misfit, Sectioned, Sections};

use crate::{moments, packed::Packed};

/// When objects are valid; there is one only where an object's time has a bound.
#[derive(Debug)]
pub(crate) struct Validity {
    codes: Packed,
    /// No two are the same.
    ranges: Vec<TimeRange>,
}

#[derive(Debug, Default)]
pub(crate) struct ValidityDraft {
    codes: Vec<u32>,
    ranges: Vec<TimeRange>,
    numbers: HashMap<TimeRange, u32>,
}

impl Validity {
    pub(crate) fn at(&self, row: usize) -> TimeRange {
        self.ranges[self.codes.at(row) as usize]
    }

    /// Whether each row's time overlaps the range; always, where it has no bound.
    pub(crate) fn overlapping(&self, range: &TimeRange) -> Overlapping<'_> {
        let fits = self.ranges.iter().map(|valid| valid.overlaps(range)).collect();
        Overlapping { codes: &self.codes, fits }
    }

    pub(crate) fn len(&self) -> usize {
        self.codes.len()
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.codes.memory_bytes() + self.ranges.len() * size_of::<TimeRange>()
    }
}

impl Sectioned for Validity {
    fn put_into(&self, sections: &mut Sections) {
        self.codes.put_into(sections);
        moments::put(sections, &self.ranges);
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        Ok(Self { codes: Packed::take_from(sections)?, ranges: moments::take(sections)? })
    }
}

/// A condition on the time, decided once for each range that there is.
#[derive(Debug)]
pub(crate) struct Overlapping<'a> {
    codes: &'a Packed,
    fits: Vec<bool>,
}

impl Overlapping<'_> {
    pub(crate) fn holds(&self, row: usize) -> bool {
        self.fits[self.codes.at(row) as usize]
    }
}

impl ValidityDraft {
    pub(crate) fn push(&mut self, valid: TimeRange) {
        let next = self.ranges.len() as u32;
        let number = *self.numbers.entry(valid).or_insert(next);
        if number == next {
            self.ranges.push(valid);
        }
        self.codes.push(number);
    }

    pub(crate) fn append(&mut self, other: &Self) {
        for code in &other.codes {
            self.push(other.ranges[*code as usize]);
        }
    }

    pub(crate) fn finish(self) -> Option<Validity> {
        if self.ranges.iter().all(|range| *range == TimeRange::ALWAYS) {
            return None;
        }
        let codes = Packed::pack(self.codes.iter().map(|code| (*code).into()));
        Some(Validity { codes, ranges: self.ranges })
    }
}
