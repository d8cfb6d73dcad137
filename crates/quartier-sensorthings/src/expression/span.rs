use std::fmt;

use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime};

use super::{Span, error::shown};

/// An ISO 8601 duration, such as `PT24H`, `P1M` or `-P1DT2.5S`.
pub(crate) fn parse_span(text: &str) -> Result<Span, String> {
    let upper = text.trim().to_ascii_uppercase();
    let (is_negative, body) = match upper.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, upper.strip_prefix('+').unwrap_or(&upper)),
    };
    let span = body.strip_prefix('P').and_then(parts);
    let span = span.ok_or_else(|| format!("`{}` is no duration such as PT24H", shown(text)))?;
    Ok(if is_negative { span.negated() } else { span })
}

fn parts(body: &str) -> Option<Span> {
    let (days, clock) = match body.split_once('T') {
        Some((_, "")) => return None,
        Some((days, clock)) => (days, clock),
        None => (body, ""),
    };
    if body.is_empty() {
        return None;
    }
    let day = Duration::DAY.whole_seconds();
    let mut months = 0_i64;
    let mut seconds = 0_i64;
    let mut rest = days;
    for (unit, to_months, to_seconds) in
        [('Y', 12, 0), ('M', 1, 0), ('W', 0, 7 * day), ('D', 0, day)]
    {
        let count;
        (count, rest) = whole(rest, unit)?;
        months = months.checked_add(count.checked_mul(to_months)?)?;
        seconds = seconds.checked_add(count.checked_mul(to_seconds)?)?;
    }
    let clock = clock_parts(clock)?;
    let total = Duration::seconds(seconds).checked_add(clock)?;
    rest.is_empty().then_some(Span { months: months.try_into().ok()?, rest: total })
}

fn clock_parts(clock: &str) -> Option<Duration> {
    let (hours, rest) = whole(clock, 'H')?;
    let (minutes, rest) = whole(rest, 'M')?;
    let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
    Duration::seconds(seconds).checked_add(fraction(rest)?)
}

/// The count before a unit, and what follows it; zero where the unit is not there.
fn whole(text: &str, unit: char) -> Option<(i64, &str)> {
    let digits = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    let (count, rest) = text.split_at(digits);
    match rest.strip_prefix(unit) {
        Some(rest) => Some((count.parse().ok()?, rest)),
        None => Some((0, text)),
    }
}

/// `12.5S`, to the nanosecond.
fn fraction(text: &str) -> Option<Duration> {
    if text.is_empty() {
        return Some(Duration::ZERO);
    }
    let text = text.strip_suffix('S')?;
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(part) {
        return None;
    }
    let nanoseconds: String = part.chars().chain("000000000".chars()).take(9).collect();
    Some(Duration::new(whole.parse().ok()?, nanoseconds.parse().ok()?))
}

impl Span {
    #[must_use]
    pub fn negated(self) -> Self {
        let rest = Duration::ZERO.checked_sub(self.rest).unwrap_or(Duration::MAX);
        Self { months: self.months.saturating_neg(), rest }
    }

    /// The instant this long after another; the last of the month where the month is too short. `None` beyond the
    /// calendar.
    pub fn after(self, at: OffsetDateTime) -> Option<OffsetDateTime> {
        let months = i64::from(at.year()) * 12 + i64::from(u8::from(at.month())) - 1;
        let months = months + i64::from(self.months);
        let year = months.div_euclid(12).try_into().ok()?;
        let month = Month::try_from(u8::try_from(months.rem_euclid(12)).ok()? + 1).ok()?;
        let day = at.day().min(month.length(year));
        let date = Date::from_calendar_date(year, month, day).ok()?;
        PrimitiveDateTime::new(date, at.time()).assume_offset(at.offset()).checked_add(self.rest)
    }

    /// How long it is, with months of 30.436875 days (a 400th of the calendar's 400 years and 12).
    pub fn seconds(self) -> f64 {
        const MONTH_SECONDS: f64 = 30.436_875 * 86_400.0;
        f64::from(self.months) * MONTH_SECONDS + self.rest.as_seconds_f64()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_negative = self.months < 0 || self.rest.is_negative();
        let sign = if is_negative { "-" } else { "" };
        let (months, rest) = (self.months.unsigned_abs(), self.rest.unsigned_abs());
        write!(formatter, "{sign}P{months}MT{}.{:09}S", rest.as_secs(), rest.subsec_nanos())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn durations_are_read_as_iso_8601_writes_them() {
        let day = Span { months: 0, rest: Duration::DAY };
        assert_eq!(parse_span("PT24H"), Ok(day));
        assert_eq!(parse_span("P1D"), Ok(day));
        assert_eq!(parse_span("pt1440m"), Ok(day));
        assert_eq!(parse_span("-P1D"), Ok(day.negated()));
        assert_eq!(parse_span("P1Y2M"), Ok(Span { months: 14, rest: Duration::ZERO }));
        assert_eq!(parse_span("PT0.25S").unwrap().rest, Duration::milliseconds(250));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "P", "PT", "24H", "P1H", "PT1D", "P1.5D", "PTS", "P99999999999999999999D"]
        {
            assert!(parse_span(text).is_err(), "{text}");
        }
        assert!(parse_span("PT9223372036854775807H").is_err());
    }

    #[test]
    fn a_month_is_as_long_as_the_calendar_says() {
        let month = parse_span("P1M").unwrap();
        let end_of_january = datetime!(2026-01-31 10:00 UTC);
        assert_eq!(month.after(end_of_january), Some(datetime!(2026-02-28 10:00 UTC)));
        assert_eq!(
            month.negated().after(datetime!(2024-03-31 0:00 UTC)),
            Some(datetime!(2024-02-29 0:00 UTC))
        );
        assert_eq!(month.after(datetime!(9999-12-31 0:00 UTC)), None);
    }
}
