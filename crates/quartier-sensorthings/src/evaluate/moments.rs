use time::{OffsetDateTime, UtcOffset};

use super::Value;
use crate::expression::{Comparison, Function, parse_instant};

/// From its start to its end; the two are one for an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moments {
    pub(super) start: OffsetDateTime,
    pub(super) end: OffsetDateTime,
}

impl Moments {
    /// Of an instant, an interval, or a date (its midnight in UTC).
    pub(super) fn of(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Instant(at) => Some(Self { start: *at, end: *at }),
            Value::Interval(period) => Some(Self { start: period.start(), end: period.end() }),
            Value::Date(date) => {
                let midnight = date.midnight().assume_utc();
                Some(Self { start: midnight, end: midnight })
            }
            _ => None,
        }
    }

    /// As [`Moments::of`]; also of a text, which is how JSON has times.
    pub(super) fn read(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => {
                let at = parse_instant(text).ok()?;
                Some(Self { start: at, end: at })
            }
            other => Self::of(other),
        }
    }

    /// Compares as FROST does: greater is what starts after the other has ended.
    pub(super) fn compare(self, comparison: Comparison, other: Self) -> bool {
        match comparison {
            Comparison::Equal => self == other,
            Comparison::NotEqual => self != other,
            Comparison::Greater => self.start >= other.end && self.start > other.start,
            Comparison::GreaterOrEqual => self.start >= other.start && self.end >= other.end,
            Comparison::Less => other.compare(Comparison::Greater, self),
            Comparison::LessOrEqual => other.compare(Comparison::GreaterOrEqual, self),
        }
    }

    /// Whether a relation between intervals holds; ends belong to no interval, an instant does to one that starts
    /// with it.
    pub(super) fn relate(self, function: Function, other: Self) -> Option<bool> {
        Some(match function {
            Function::Before => self.compare(Comparison::Less, other),
            Function::After => self.compare(Comparison::Greater, other),
            Function::Meets => self.start == other.end || self.end == other.start,
            Function::During => {
                other.start <= self.start && self.start < other.end && self.end <= other.end
            }
            Function::Overlaps => {
                self.start == other.start || (self.start < other.end && other.start < self.end)
            }
            Function::Starts => self.start == other.start,
            Function::Finishes => self.end == other.end,
            _ => return None,
        })
    }

    /// Its start in UTC.
    pub(super) fn utc(self) -> OffsetDateTime {
        self.start.checked_to_offset(UtcOffset::UTC).unwrap_or(self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn hours(start: u8, end: u8) -> Moments {
        let at = |hour| datetime!(2026-05-01 0:00 UTC).replace_hour(hour).unwrap();
        Moments { start: at(start), end: at(end) }
    }

    #[test]
    fn an_interval_is_less_than_what_starts_at_its_end() {
        use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
        assert!(hours(1, 2).compare(Less, hours(2, 3)));
        assert!(hours(2, 3).compare(Greater, hours(1, 2)));
        assert!(hours(1, 2).compare(Less, hours(2, 2)));
        assert!(!hours(2, 2).compare(Less, hours(2, 2)));
        assert!(!hours(1, 3).compare(Less, hours(2, 2)));
        assert!(hours(1, 3).compare(LessOrEqual, hours(2, 3)));
        assert!(hours(2, 2).compare(GreaterOrEqual, hours(2, 2)));
        assert!(!hours(1, 2).compare(Equal, hours(1, 3)));
    }

    #[test]
    fn relations_between_intervals_are_those_of_allen_as_frost_has_them() {
        use Function as F;
        for (one, function, other, holds) in [
            (hours(1, 2), F::Before, hours(2, 3), true),
            (hours(2, 3), F::After, hours(1, 2), true),
            (hours(1, 2), F::Meets, hours(2, 3), true),
            (hours(2, 3), F::Meets, hours(1, 2), true),
            (hours(1, 2), F::Meets, hours(3, 4), false),
            (hours(2, 3), F::During, hours(1, 4), true),
            (hours(1, 1), F::During, hours(1, 4), true),
            (hours(4, 4), F::During, hours(1, 4), false),
            (hours(1, 3), F::Overlaps, hours(2, 4), true),
            (hours(1, 2), F::Overlaps, hours(2, 4), false),
            (hours(2, 2), F::Overlaps, hours(2, 4), true),
            (hours(1, 2), F::Starts, hours(1, 4), true),
            (hours(3, 4), F::Finishes, hours(1, 4), true),
        ] {
            assert_eq!(one.relate(function, other), Some(holds), "{one:?} {function:?} {other:?}");
        }
    }
}
