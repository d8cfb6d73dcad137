use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, serde::rfc3339};

/// From a first instant up to, but not including, a last one; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct TimeRange {
    #[serde(default, skip_serializing_if = "Option::is_none", with = "rfc3339::option")]
    start: Option<OffsetDateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "rfc3339::option")]
    end: Option<OffsetDateTime>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeRangeError {
    #[error("the time range starts at {start}, after its end {end}")]
    Reversed { start: OffsetDateTime, end: OffsetDateTime },
}

impl TimeRange {
    pub const ALWAYS: Self = Self { start: None, end: None };

    pub fn new(
        start: Option<OffsetDateTime>,
        end: Option<OffsetDateTime>,
    ) -> Result<Self, TimeRangeError> {
        match (start, end) {
            (Some(start), Some(end)) if start > end => Err(TimeRangeError::Reversed { start, end }),
            _ => Ok(Self { start, end }),
        }
    }

    pub fn start(&self) -> Option<OffsetDateTime> {
        self.start
    }

    pub fn end(&self) -> Option<OffsetDateTime> {
        self.end
    }

    /// Whether the instant lies in the range.
    pub fn contains(&self, instant: OffsetDateTime) -> bool {
        self.start.is_none_or(|start| start <= instant) && self.end.is_none_or(|end| instant < end)
    }

    /// Whether the two share an instant; a range that starts where it ends is that instant.
    pub fn overlaps(&self, other: &Self) -> bool {
        starts_before_end_of(self, other) && starts_before_end_of(other, self)
    }
}

fn starts_before_end_of(one: &TimeRange, other: &TimeRange) -> bool {
    match (one.start, other.end) {
        (Some(start), Some(end)) => start < end || (start == end && other.start == other.end),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn days(start: OffsetDateTime, end: OffsetDateTime) -> TimeRange {
        TimeRange::new(Some(start), Some(end)).unwrap()
    }

    #[test]
    fn ranges_that_only_meet_do_not_overlap() {
        let may = days(datetime!(2026-05-01 0:00 UTC), datetime!(2026-06-01 0:00 UTC));
        let june = days(datetime!(2026-06-01 0:00 UTC), datetime!(2026-07-01 0:00 UTC));
        assert!(!may.overlaps(&june));
        assert!(may.overlaps(&TimeRange::ALWAYS));
    }

    #[test]
    fn an_instant_overlaps_the_range_that_it_starts() {
        let noon = datetime!(2026-06-01 0:00 UTC);
        let june = days(noon, datetime!(2026-07-01 0:00 UTC));
        assert!(days(noon, noon).overlaps(&june));
        assert!(june.overlaps(&days(noon, noon)));
    }
}
