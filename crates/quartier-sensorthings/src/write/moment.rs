use quartier_model::Period;
use time::{
    OffsetDateTime, PrimitiveDateTime, UtcOffset,
    format_description::well_known::{Iso8601, Rfc3339},
};

const NO_TIME: &str =
    "is no time: write it as `2026-05-01T12:00:00Z`, in the years from 0001 to 9999";
const NO_ZONE: &str = "has no time zone: add `Z` or an offset such as `+02:00`";

/// A time of ISO 8601 with its zone.
pub(super) fn instant(text: &str) -> Result<OffsetDateTime, &'static str> {
    let parsed = OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_other_form| OffsetDateTime::parse(text, &Iso8601::DEFAULT));
    let Ok(at) = parsed else {
        let is_local = PrimitiveDateTime::parse(text, &Iso8601::DEFAULT).is_ok();
        return Err(if is_local { NO_ZONE } else { NO_TIME });
    };
    let at = at.checked_to_offset(UtcOffset::UTC).filter(|at| at.year() >= 1);
    at.ok_or(NO_TIME)
}

/// A time, or two with a slash between them.
pub(super) fn period(text: &str) -> Result<Period, &'static str> {
    let Some((start, end)) = text.split_once('/') else {
        return instant(text).map(Period::instant);
    };
    Period::interval(instant(start)?, instant(end)?)
        .map_err(|_reversed| "is an interval that starts after its end: exchange the two")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn times_are_read_in_the_forms_that_clients_send() {
        let noon = datetime!(2026-05-01 12:00 UTC);
        for text in [
            "2026-05-01T12:00:00Z",
            "2026-05-01T12:00:00.000Z",
            "2026-05-01T14:00:00+02:00",
            "2026-05-01T14:00:00+0200",
            "2026-05-01T12:00Z",
        ] {
            assert_eq!(instant(text), Ok(noon), "{text}");
        }
        assert_eq!(instant("9999-12-31T23:59:59Z"), Ok(datetime!(9999-12-31 23:59:59 UTC)));
    }

    #[test]
    fn a_time_without_zone_is_refused_with_advice() {
        assert_eq!(instant("2026-05-01T12:00:00"), Err(NO_ZONE));
        for text in ["", "noon", "2026-13-01T00:00:00Z", "10000-01-01T00:00:00Z", "2026-05-01"] {
            assert_eq!(instant(text), Err(NO_TIME), "{text}");
        }
        assert_eq!(instant("9999-12-31T23:59:59-05:00"), Err(NO_TIME));
    }

    #[test]
    fn an_interval_keeps_both_ends() {
        let read = period("2026-05-01T12:00:00Z/2026-05-01T15:00:00+02:00").unwrap();
        assert_eq!((read.start().hour(), read.end().hour()), (12, 13));
        assert!(period("2026-05-02T12:00:00Z/2026-05-01T12:00:00Z").is_err());
    }
}
