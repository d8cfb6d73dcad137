use std::{str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A fixed length of time, written as in ISO 8601: `PT1H`, `P30D`, `P1DT12H`, `PT0.5S`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub Duration);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    #[error("`{0}` is no duration: write it as `PT1H` (an hour), `PT10M` or `P30D`")]
    Form(String),
    #[error("months and years have no fixed length: write `{0}` in days (`P30D`)")]
    Calendar(String),
    #[error("`{0}` is too long")]
    Long(String),
}

const MINUTE_S: f64 = 60.0;
const HOUR_S: f64 = 60.0 * MINUTE_S;
const DAY_S: f64 = 24.0 * HOUR_S;
const WEEK_S: f64 = 7.0 * DAY_S;

/// Ten thousand years: a time so far from now still is one that the databases know.
const SECONDS_MAX: f64 = 10_000.0 * 365.0 * DAY_S;

/// More letters than any duration needs; what is shown of a wrong one is cut there.
const CHARACTERS_MAX: usize = 40;

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let shown = || text.chars().take(CHARACTERS_MAX).collect::<String>();
        let malformed = || SpanError::Form(shown());
        let body = text.strip_prefix('P').filter(|_| text.len() <= CHARACTERS_MAX);
        let (date, time) = match body.ok_or_else(malformed)?.split_once('T') {
            Some((_, "")) => return Err(malformed()),
            Some((date, time)) => (date, time),
            None => (body.unwrap_or_default(), ""),
        };
        if date.contains(['Y', 'M']) {
            return Err(SpanError::Calendar(shown()));
        }
        let days = seconds(date, &[('W', WEEK_S), ('D', DAY_S)]).ok_or_else(malformed)?;
        let rest = seconds(time, &[('H', HOUR_S), ('M', MINUTE_S), ('S', 1.0)]);
        let total = days + rest.ok_or_else(malformed)?;
        match total {
            _ if date.is_empty() && time.is_empty() => Err(malformed()),
            total if total > SECONDS_MAX => Err(SpanError::Long(shown())),
            total => Ok(Self(Duration::from_secs_f64(total))),
        }
    }
}

/// The sum of numbers with units, each unit at most once and in this order; `None` where it is no such sum.
fn seconds(mut text: &str, units: &[(char, f64)]) -> Option<f64> {
    let mut total = 0.0;
    for (unit, length_s) in units {
        let Some((number, rest)) = text.split_once(*unit) else { continue };
        let is_plain = number.starts_with(|first: char| first.is_ascii_digit())
            && number.chars().all(|it| it.is_ascii_digit() || it == '.');
        total += number.parse::<f64>().ok().filter(|_| is_plain)? * length_s;
        text = rest;
    }
    text.is_empty().then_some(total)
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("PT{}S", self.0.as_secs_f64()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_iso_8601_writes_them() {
        for (text, seconds) in [
            ("PT1H", 3_600.0),
            ("P30D", 2_592_000.0),
            ("P2W", 1_209_600.0),
            ("P1DT12H30M", 131_400.0),
            ("PT0.5S", 0.5),
            ("PT0S", 0.0),
        ] {
            assert_eq!(text.parse(), Ok(Span(Duration::from_secs_f64(seconds))), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused_with_an_example() {
        for text in ["", "P", "PT", "1H", "PT1", "P1H", "PT-1H", "PT1M1H", "PT1e9S", "P1D ", "PTH"]
        {
            assert_eq!(text.parse::<Span>(), Err(SpanError::Form(text.to_owned())), "{text}");
        }
        assert_eq!("P1M".parse::<Span>(), Err(SpanError::Calendar("P1M".to_owned())));
        assert!(matches!("P999999999999D".parse::<Span>(), Err(SpanError::Long(_))));
    }
}
