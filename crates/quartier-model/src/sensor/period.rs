use time::OffsetDateTime;

/// An instant, or an interval whose two ends belong to it. In whole microseconds: finer parts are cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    start: OffsetDateTime,
    end: Option<OffsetDateTime>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    #[error("the interval starts at {start}, after its end {end}")]
    Reversed { start: OffsetDateTime, end: OffsetDateTime },
}

impl Period {
    pub fn instant(at: OffsetDateTime) -> Self {
        Self { start: whole(at), end: None }
    }

    pub fn interval(start: OffsetDateTime, end: OffsetDateTime) -> Result<Self, PeriodError> {
        if start > end {
            return Err(PeriodError::Reversed { start, end });
        }
        Ok(Self { start: whole(start), end: Some(whole(end)) })
    }

    pub fn start(&self) -> OffsetDateTime {
        self.start
    }

    /// The start itself, for an instant.
    pub fn end(&self) -> OffsetDateTime {
        self.end.unwrap_or(self.start)
    }

    pub fn is_interval(&self) -> bool {
        self.end.is_some()
    }

    /// The shortest period that holds both.
    #[must_use]
    pub fn hull(&self, other: &Self) -> Self {
        let (start, end) = (self.start.min(other.start), self.end().max(other.end()));
        Self { start, end: Some(end) }
    }
}

/// In UTC and whole microseconds, as the databases keep it.
fn whole(at: OffsetDateTime) -> OffsetDateTime {
    let at = at.checked_to_offset(time::UtcOffset::UTC).unwrap_or(at);
    at.replace_nanosecond(at.nanosecond() / 1000 * 1000).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn an_instant_is_kept_in_utc_to_the_microsecond() {
        let period = Period::instant(datetime!(2026-05-01 2:00:00.123_456_789 +2));
        assert_eq!(period.start(), datetime!(2026-05-01 0:00:00.123_456 UTC));
        assert_eq!(period.start(), period.end());
    }

    #[test]
    fn an_interval_that_ends_before_it_starts_is_refused() {
        let (one, two) = (datetime!(2026-05-01 0:00 UTC), datetime!(2026-05-02 0:00 UTC));
        assert!(Period::interval(two, one).is_err());
        assert!(Period::interval(one, one).is_ok());
    }
}
