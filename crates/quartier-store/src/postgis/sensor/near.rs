//! A page of all observations in the order of time, for which months have no index: a part of the time is looked at
//! first, which the block ranges of the months find.

use sqlx::PgPool;

use super::micros::Micros;
use crate::{
    Bounds, KeyValue, ObservationFilter, ObservationQuery, OrderBy, Result,
    sensor::{instant, micros},
};

/// Times as long as a page's part of all times, were observations spread evenly; the second for those that are not.
const SHARES: [f64; 2] = [4.0, 128.0];

/// The earliest start, the start of the newest, all of the time, and how many there are.
const EXTENT: &str = "
    select min(phenomenon_start),
           coalesce((select max(phenomenon_start) from quartier.latest), '-infinity'),
           extract(epoch from max(phenomenon_end) - min(phenomenon_start))::double precision,
           sum(count)::double precision
    from quartier.summary
    having count(*) > 0";

/// The page among what is near its place in time; there may be too little there.
pub(super) async fn near(
    reader: &PgPool,
    query: &ObservationQuery,
) -> Result<Vec<ObservationQuery>> {
    let is_by_time = query.order.by == OrderBy::PhenomenonTime && !query.for_each_datastream;
    if !is_by_time || query.filter != ObservationFilter::default() {
        return Ok(Vec::new());
    }
    let extent: Option<(Micros, Micros, f64, f64)> =
        sqlx::query_as(EXTENT).fetch_optional(reader).await?;
    let Some((Micros(first_us), Micros(newest_us), seconds, count)) = extent else {
        return Ok(Vec::new());
    };
    let from_us = match query.after.as_ref().map(|after| &after.value) {
        Some(KeyValue::Time(Some(time))) => micros(*time),
        Some(_) => return Ok(Vec::new()),
        None if query.order.is_descending => newest_us,
        None => first_us,
    };
    let part = query.skip.saturating_add(u64::from(query.limit)) as f64 / count;
    let shares = SHARES.into_iter().map(|share| share * part).filter(|share| *share < 1.0);
    Ok(shares.filter_map(|share| within(query, from_us, seconds * share)).collect())
}

/// `None` where the time is none that is.
fn within(query: &ObservationQuery, from_us: i64, seconds: f64) -> Option<ObservationQuery> {
    let span_us = (seconds.max(1.0) * 1e6) as i64;
    let phenomenon_start = if query.order.is_descending {
        Bounds { min: Some(instant(from_us.checked_sub(span_us)?).ok()?), max: None }
    } else {
        Bounds { min: None, max: Some(instant(from_us.checked_add(span_us)?).ok()?) }
    };
    let filter = ObservationFilter { phenomenon_start, ..query.filter.clone() };
    Some(ObservationQuery { filter, ..query.clone() })
}
