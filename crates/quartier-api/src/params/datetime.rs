use quartier_model::TimeRange;
use time::{
    Date, Duration, OffsetDateTime,
    format_description::well_known::{Iso8601, Rfc3339},
};

use crate::error::shown;

const FORMS: &str = "write an RFC 3339 date-time such as 2026-05-01T12:00:00Z, a date, or two of them with `/` between, `..` for an open end";

/// `datetime` of OGC API - Features Part 1, 7.15.4: an instant, or an interval that takes in both of its ends.
/// `None` for all of time.
pub(crate) fn read_datetime(text: &str) -> Result<Option<TimeRange>, String> {
    let (start, end) = match text.split('/').collect::<Vec<_>>().as_slice() {
        [instant] => {
            let (start, end) = read_period(instant)?;
            (Some(start), Some(end))
        }
        [start, end] => {
            let start = bounded(start).map(read_period).transpose()?.map(|(start, _)| start);
            let end = bounded(end).map(read_period).transpose()?.map(|(_, end)| end);
            if start.zip(end).is_some_and(|(start, end)| start > end) {
                return Err(format!("`{}` starts after its end", shown(text)));
            }
            // A range leaves out its end; the standard's intervals take it in.
            (start, end.map(|end| end.saturating_add(Duration::NANOSECOND)))
        }
        _ => return Err(refused(text)),
    };
    if start.is_none() && end.is_none() {
        return Ok(None);
    }
    TimeRange::new(start, end).map(Some).map_err(|error| error.to_string())
}

/// A date-time, or a date's first instant in UTC.
pub(crate) fn read_instant(text: &str) -> Result<OffsetDateTime, String> {
    read_period(text).map(|(start, _)| start)
}

/// An instant from itself to itself, a day to its last nanosecond.
fn read_period(text: &str) -> Result<(OffsetDateTime, OffsetDateTime), String> {
    if let Ok(instant) = OffsetDateTime::parse(text, &Rfc3339) {
        return Ok((instant, instant));
    }
    let date = Date::parse(text, &Iso8601::DATE).ok();
    let date = date.filter(|date| (0..=9999).contains(&date.year()) && text.len() == 10);
    let start = date.ok_or_else(|| refused(text))?.midnight().assume_utc();
    Ok((start, start.saturating_add(Duration::DAY - Duration::NANOSECOND)))
}

fn bounded(text: &str) -> Option<&str> {
    Some(text).filter(|text| !matches!(*text, "" | ".."))
}

fn refused(text: &str) -> String {
    format!("`{}` is no time: {FORMS}", shown(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn contains(text: &str, instant: OffsetDateTime) -> bool {
        let range = read_datetime(text).unwrap().unwrap();
        range.overlaps(&TimeRange::new(Some(instant), Some(instant)).unwrap())
    }

    #[test]
    fn an_interval_takes_in_both_of_its_ends() {
        let noon = datetime!(2026-05-01 12:00 UTC);
        for text in [
            "2026-05-01T12:00:00Z",
            "2026-05-01T14:00:00+02:00",
            "2026-05-01",
            "../2026-05-01T12:00:00Z",
            "2026-05-01T12:00:00Z/..",
            "/2026-05-01",
            "2026-04-01/2026-05-01",
        ] {
            assert!(contains(text, noon), "{text}");
        }
        assert!(!contains("2026-05-01T12:00:01Z/..", noon));
    }

    #[test]
    fn an_interval_that_is_open_at_both_ends_is_no_condition() {
        assert_eq!(read_datetime("../.."), Ok(None));
    }

    #[test]
    fn a_time_that_is_none_is_refused() {
        for text in ["yesterday", "2026-13-01", "2026-05-02/2026-05-01", "a/b/c", "", "2026"] {
            let read = read_datetime(text);
            assert!(read.is_err(), "{text}: {read:?}");
        }
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_trap() {
        for text in ["9999-12-31", "../9999-12-31T23:59:59.999999999Z", "0000-01-01/.."] {
            assert!(read_datetime(text).is_ok(), "{text}");
        }
    }
}
