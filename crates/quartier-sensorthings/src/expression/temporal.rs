use quartier_model::Period;
use time::{
    Date, OffsetDateTime, Time, UtcOffset,
    format_description::well_known::{Iso8601, Rfc3339},
    macros::format_description,
};

use super::{Literal, Span, error::shown, span::parse_span};

/// The years that a date-time can be written in.
const YEARS: std::ops::RangeInclusive<i32> = 0..=9999;

/// An instant, interval, date or time of day.
pub(super) fn parse_temporal(text: &str) -> Result<Literal, String> {
    if let Some((start, end)) = text.split_once('/') {
        return parse_interval(start, end).map(Literal::Interval);
    }
    if text.contains(['T', 't']) {
        return parse_instant(text).map(Literal::Instant);
    }
    let date = format_description!("[year]-[month]-[day]");
    if let Ok(date) = Date::parse(text, date) {
        return Ok(Literal::Date(date));
    }
    parse_time(text).map(Literal::Time).ok_or_else(|| {
        format!("`{}` is no number, no date (2026-05-01) and no date-time", shown(text))
    })
}

/// An instant in ISO 8601 with its zone.
pub(crate) fn parse_instant(text: &str) -> Result<OffsetDateTime, String> {
    if is_without_zone(text) {
        return Err(format!("`{}` has no time zone: write Z or +01:00 behind it", shown(text)));
    }
    OffsetDateTime::parse(&text.to_ascii_uppercase(), &Iso8601::DEFAULT)
        .ok()
        .filter(|at| {
            at.checked_to_offset(UtcOffset::UTC).is_some_and(|utc| YEARS.contains(&utc.year()))
        })
        .ok_or_else(|| format!("`{}` is no date-time such as 2026-05-01T12:00:00Z", shown(text)))
}

fn parse_interval(start: &str, end: &str) -> Result<Period, String> {
    let is_duration = |text: &str| text.starts_with(['P', 'p']);
    let (start, end) = match (is_duration(start), is_duration(end)) {
        (false, false) => (parse_instant(start)?, parse_instant(end)?),
        (false, true) => {
            let start = parse_instant(start)?;
            (start, shifted(start, parse_span(end)?)?)
        }
        (true, false) => {
            let end = parse_instant(end)?;
            (shifted(end, parse_span(start)?.negated())?, end)
        }
        (true, true) => return Err("an interval needs an instant".to_owned()),
    };
    Period::interval(start, end).map_err(|error| error.to_string())
}

fn shifted(at: OffsetDateTime, span: Span) -> Result<OffsetDateTime, String> {
    let inside = span.after(at).filter(|at| YEARS.contains(&at.year()));
    inside.ok_or_else(|| "the interval leaves the calendar".to_owned())
}

fn parse_time(text: &str) -> Option<Time> {
    let forms = [
        Time::parse(text, format_description!("[hour]:[minute]:[second].[subsecond]")),
        Time::parse(text, format_description!("[hour]:[minute]:[second]")),
        Time::parse(text, format_description!("[hour]:[minute]")),
    ];
    forms.into_iter().find_map(Result::ok)
}

fn is_without_zone(text: &str) -> bool {
    let Some((_, clock)) = text.split_once(['T', 't']) else { return false };
    let is_clock = |it: char| it.is_ascii_digit() || ":.,".contains(it);
    !clock.is_empty() && clock.chars().all(is_clock)
}

/// How long the zone is that follows a date-time without one: a client sent `+02:00` as it is, and in a query string
/// a plus is a space.
pub(super) fn lost_plus(before: &str, rest: &str) -> Option<usize> {
    let last = before.rsplit('/').next().filter(|last| is_without_zone(last))?;
    let zone = rest.strip_prefix(' ')?.get(..5).filter(|_| !last.is_empty())?;
    let shape =
        |(at, byte): (usize, u8)| if at == 2 { byte == b':' } else { byte.is_ascii_digit() };
    zone.bytes().enumerate().all(shape).then_some(1 + zone.len())
}

/// In RFC 3339, as [`parse_instant`] reads it.
pub(crate) fn instant_text(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).expect("a date-time is read only with a year that RFC 3339 can write")
}

pub(super) fn date_text(date: Date) -> String {
    let format = format_description!("[year]-[month]-[day]");
    date.format(format).expect("a date has a year, a month and a day")
}

pub(super) fn time_text(time: Time) -> String {
    let format = format_description!("[hour]:[minute]:[second].[subsecond digits:9]");
    time.format(format).expect("a time has an hour, a minute and a second")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime, time};

    #[test]
    fn date_times_are_read_in_their_usual_forms() {
        let noon = datetime!(2026-05-01 12:00 UTC);
        for text in [
            "2026-05-01T12:00:00Z",
            "2026-05-01T12:00:00.000Z",
            "2026-05-01T14:00:00+02:00",
            "2026-05-01T14:00+02",
            "2026-05-01t12:00z",
            "20260501T120000Z",
        ] {
            assert_eq!(parse_temporal(text), Ok(Literal::Instant(noon)), "{text}");
        }
        assert_eq!(parse_temporal("2026-05-01"), Ok(Literal::Date(date!(2026 - 05 - 01))));
        assert_eq!(parse_temporal("12:30:01.5"), Ok(Literal::Time(time!(12:30:01.5))));
    }

    #[test]
    fn a_date_time_without_a_zone_is_refused_with_advice() {
        let error = parse_temporal("2026-05-01T12:00:00").unwrap_err();
        assert_eq!(error, "`2026-05-01T12:00:00` has no time zone: write Z or +01:00 behind it");
    }

    #[test]
    fn what_leaves_the_calendar_is_refused() {
        for text in
            ["0000-01-01T00:00:00+02:00", "9999-12-31T23:00:00-02:00", "2026-02-30T00:00:00Z"]
        {
            assert!(parse_temporal(text).is_err(), "{text}");
        }
        assert!(parse_temporal("9999-12-31T00:00:00Z/P1D").is_err());
        assert!(parse_temporal("2026-05-01T00:00:00Z/2026-04-01T00:00:00Z").is_err());
    }

    #[test]
    fn an_interval_may_have_a_duration_at_either_end() {
        let may = parse_temporal("2026-05-01T00:00:00Z/2026-06-01T00:00:00Z").unwrap();
        assert_eq!(parse_temporal("2026-05-01T00:00:00Z/P1M").unwrap(), may);
        assert_eq!(parse_temporal("P31D/2026-06-01T00:00:00Z").unwrap(), may);
    }
}
