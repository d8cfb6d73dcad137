//! Time ranges as plain numbers.

use quartier_model::TimeRange;
use quartier_slab::{Misfit, Sections, Slab};
use time::OffsetDateTime;

/// Seconds since 1970 and nanoseconds, of the start and of the end.
type Numbers = [i64; 4];

/// Nanoseconds where there is no instant.
const OPEN: i64 = -1;

pub(crate) fn put(sections: &mut Sections, ranges: &[TimeRange]) {
    let numbers = ranges.iter().map(|range| {
        let ([start_s, start_ns], [end_s, end_ns]) = (numbers(range.start()), numbers(range.end()));
        [start_s, start_ns, end_s, end_ns]
    });
    sections.put("times", &numbers.collect::<Slab<Numbers>>());
}

pub(crate) fn take(sections: &mut Sections) -> Result<Vec<TimeRange>, Misfit> {
    let numbers = sections.take::<Numbers>("times")?;
    let range = |[start_s, start_ns, end_s, end_ns]: &Numbers| {
        let (start, end) = (instant(*start_s, *start_ns)?, instant(*end_s, *end_ns)?);
        TimeRange::new(start, end).map_err(|error| Misfit::content("times", &error))
    };
    numbers.iter().map(range).collect()
}

fn numbers(instant: Option<OffsetDateTime>) -> [i64; 2] {
    instant.map_or([0, OPEN], |it| [it.unix_timestamp(), it.nanosecond().into()])
}

fn instant(seconds: i64, nanoseconds: i64) -> Result<Option<OffsetDateTime>, Misfit> {
    if nanoseconds == OPEN {
        return Ok(None);
    }
    let whole = OffsetDateTime::from_unix_timestamp(seconds);
    let instant = whole.and_then(|it| it.replace_nanosecond(nanoseconds as u32));
    instant.map(Some).map_err(|error| Misfit::content("times", &error))
}
