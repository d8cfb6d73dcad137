use time::OffsetDateTime;

use crate::error::Cause;

/// Stands for "no time" where a column is part of a unique key, in which null would differ from null. Before every
/// time that can be written.
pub(crate) const NO_TIME_US: i64 = i64::MIN;

/// Microseconds since 1970; finer parts are cut off.
pub(crate) fn micros(at: OffsetDateTime) -> i64 {
    at.unix_timestamp_nanos().div_euclid(1000) as i64
}

pub(crate) fn instant(us: i64) -> Result<OffsetDateTime, Cause> {
    Ok(OffsetDateTime::from_unix_timestamp_nanos(i128::from(us) * 1000)?)
}

/// Of a column that has [`NO_TIME_US`] for none.
pub(crate) fn optional_instant(us: i64) -> Result<Option<OffsetDateTime>, Cause> {
    (us != NO_TIME_US).then(|| instant(us)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn times_from_year_1_to_9999_come_back_to_the_microsecond() {
        for at in [
            datetime!(0001-01-01 0:00 UTC),
            datetime!(1969-12-31 23:59:59.999_999 UTC),
            datetime!(9999-12-31 23:59:59.999_999 UTC),
        ] {
            assert_eq!(instant(micros(at)).unwrap(), at);
        }
        assert_eq!(optional_instant(NO_TIME_US).unwrap(), None);
    }

    #[test]
    fn finer_parts_are_cut_off_before_1970_too() {
        let odd = datetime!(1969-12-31 23:59:59.999_999_999 UTC);
        assert_eq!(instant(micros(odd)).unwrap(), datetime!(1969-12-31 23:59:59.999_999 UTC));
    }
}
