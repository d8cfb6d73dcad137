use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

/// Why a time cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    #[error("{0} is neither RFC 3339, nor a local time, nor seconds or milliseconds since 1970")]
    NotATime(String),
    #[error("{0} has no offset; give the rule a `time_zone`, or the time a `Z`")]
    NoZone(String),
    #[error("{0} is more than a day in the future")]
    Future(String),
}

/// Clocks of sensors run fast, and some tell local time as UTC; beyond that it is no reading.
const AHEAD: Duration = Duration::DAY;
/// Numbers from here on are milliseconds: as seconds they would be in the year 5138, as milliseconds it is 1973.
const MILLISECONDS_FROM: f64 = 1e11;
/// In the hour that autumn has twice, a message that comes so soon after the second one is of that one.
const PROMPT: Duration = Duration::HOUR;

pub(super) fn reading_time(
    value: &Value,
    zone: Option<&TimeZone>,
    arrived: OffsetDateTime,
) -> Result<OffsetDateTime, TimeError> {
    let time = match value {
        Value::String(text) => of_text(text.trim(), zone, arrived)?,
        Value::Number(number) => {
            number.as_f64().and_then(of_number).ok_or_else(|| not_a_time(value))?
        }
        _ => return Err(not_a_time(value)),
    };
    if time - arrived > AHEAD { Err(TimeError::Future(shown(value))) } else { Ok(time) }
}

fn of_text(
    text: &str,
    zone: Option<&TimeZone>,
    arrived: OffsetDateTime,
) -> Result<OffsetDateTime, TimeError> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return moment(timestamp).ok_or_else(|| TimeError::NotATime(text.to_owned()));
    }
    if let Ok(local) = text.parse::<DateTime>() {
        let zone = zone.ok_or_else(|| TimeError::NoZone(text.to_owned()))?;
        return of_local(local, zone, arrived).ok_or_else(|| TimeError::NotATime(text.to_owned()));
    }
    text.parse().ok().and_then(of_number).ok_or_else(|| TimeError::NotATime(text.to_owned()))
}

fn of_local(local: DateTime, zone: &TimeZone, arrived: OffsetDateTime) -> Option<OffsetDateTime> {
    match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Gap { before: offset, .. } => {
            moment(offset.to_timestamp(local).ok()?)
        }
        AmbiguousOffset::Fold { before, after } => {
            let first = moment(before.to_timestamp(local).ok()?)?;
            let second = moment(after.to_timestamp(local).ok()?)?;
            let nearer = (arrived - second).abs() < (arrived - first).abs();
            Some(if nearer && arrived - second < PROMPT { second } else { first })
        }
    }
}

fn of_number(number: f64) -> Option<OffsetDateTime> {
    let seconds = if number.abs() < MILLISECONDS_FROM { number } else { number / 1_000.0 };
    // To the microsecond: that is what is left in the number.
    let microseconds = (seconds * 1e6).round();
    let timestamp = Timestamp::from_microsecond(microseconds as i64).ok()?;
    number.is_finite().then(|| moment(timestamp)).flatten()
}

fn moment(timestamp: Timestamp) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(timestamp.as_nanosecond()).ok()
}

fn not_a_time(value: &Value) -> TimeError {
    TimeError::NotATime(shown(value))
}

/// As much of the value as a message needs.
fn shown(value: &Value) -> String {
    const SHOWN: usize = 60;
    value.to_string().chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn read(value: &Value, arrived: OffsetDateTime) -> Result<OffsetDateTime, TimeError> {
        reading_time(value, Some(&berlin()), arrived)
    }

    #[test]
    fn times_are_read_in_every_way_that_sensors_write_them() {
        let arrived = datetime!(2024-06-01 12:00 UTC);
        let moment = datetime!(2024-06-01 10:30 UTC);
        let ways = [
            json!("2024-06-01T10:30:00Z"),
            json!("2024-06-01T12:30:00+02:00"),
            json!("2024-06-01T12:30:00.000+0200"),
            json!("2024-06-01T12:30:00"),
            json!("2024-06-01 12:30:00"),
            json!("2024-06-01 12:30"),
            json!(1_717_237_800),
            json!("1717237800"),
            json!(1_717_237_800_000_i64),
            json!(1_717_237_800.0),
        ];
        for way in ways {
            assert_eq!(read(&way, arrived), Ok(moment), "{way}");
        }
        assert_eq!(read(&json!(1_717_237_800.25), arrived).unwrap().millisecond(), 250);
        assert_eq!(read(&json!("2024-01-01 12:00"), arrived), Ok(datetime!(2024-01-01 11:00 UTC)));
    }

    #[test]
    fn the_hour_that_spring_skips_is_read_as_the_next_one() {
        let arrived = datetime!(2024-03-31 06:00 UTC);
        assert_eq!(read(&json!("2024-03-31 01:30"), arrived), Ok(datetime!(2024-03-31 00:30 UTC)));
        assert_eq!(read(&json!("2024-03-31 02:30"), arrived), Ok(datetime!(2024-03-31 01:30 UTC)));
        assert_eq!(read(&json!("2024-03-31 03:30"), arrived), Ok(datetime!(2024-03-31 01:30 UTC)));
    }

    #[test]
    fn the_hour_that_autumn_has_twice_is_the_one_in_which_the_message_came() {
        let local = json!("2024-10-27 02:30");
        let (first, second) = (datetime!(2024-10-27 00:30 UTC), datetime!(2024-10-27 01:30 UTC));
        assert_eq!(read(&local, datetime!(2024-10-27 00:30:10 UTC)), Ok(first));
        assert_eq!(read(&local, datetime!(2024-10-27 01:30:10 UTC)), Ok(second));
        assert_eq!(read(&local, datetime!(2024-10-27 02:29 UTC)), Ok(second));
        assert_eq!(
            read(&local, datetime!(2024-10-28 12:00 UTC)),
            Ok(first),
            "late, so nobody knows"
        );
    }

    #[test]
    fn what_is_no_time_is_named() {
        let arrived = datetime!(2024-06-01 12:00 UTC);
        for bad in [
            json!("soon"),
            json!("2024-13-01T00:00:00Z"),
            json!(true),
            json!(1e300),
            json!("NaN"),
            json!([1]),
        ] {
            assert!(matches!(read(&bad, arrived), Err(TimeError::NotATime(_))), "{bad}");
        }
        assert!(matches!(read(&json!("9999-01-01T00:00:00Z"), arrived), Err(TimeError::Future(_))));
        let local = json!("2024-06-01T12:30:00");
        assert!(matches!(reading_time(&local, None, arrived), Err(TimeError::NoZone(_))));
    }
}
