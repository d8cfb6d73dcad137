//! A page by number of several datastreams: it is often among the first rows of the table, where the rows of each have
//! no index by number.

use std::ops::RangeInclusive;

use sqlx::SqliteConnection;

use super::put::number;
use crate::{ObservationQuery, OrderBy, Result, json::to_json};

/// Rows that are looked through one after the other, which takes some milliseconds.
const LOOKED_THROUGH: i64 = 20_000;

/// What the datastreams say, and all of them.
const COUNTS: &str = "
    select coalesce(sum(count) filter (where datastream in (select value from json_each(?))), 0),
           coalesce(sum(count), 0)
    from quartier_summary";

const ENDS: &str = "
    select (select min(id) from quartier_observation), (select max(id) from quartier_observation)";

/// The numbers among which the page probably is; `None` where each datastream is rather asked.
pub(super) async fn look(
    connection: &mut SqliteConnection,
    query: &ObservationQuery,
    datastreams: &[i64],
) -> Result<Option<RangeInclusive<i64>>> {
    if query.for_each_datastream || query.order.by != OrderBy::Id {
        return Ok(None);
    }
    let (theirs, all): (i64, i64) =
        sqlx::query_as(COUNTS).bind(to_json(&datastreams)).fetch_one(&mut *connection).await?;
    let wanted = query.skip.saturating_add(u64::from(query.limit)) as f64;
    let expected = LOOKED_THROUGH.min(all) as f64 * theirs as f64 / all as f64;
    if all == 0 || expected < wanted {
        return Ok(None);
    }
    let (first, last): (i64, i64) = sqlx::query_as(ENDS).fetch_one(connection).await?;
    let after = query.after.as_ref().map(|after| number(after.id));
    Ok(Some(if query.order.is_descending {
        let end = after.unwrap_or(last);
        end.saturating_sub(LOOKED_THROUGH)..=end
    } else {
        let start = after.unwrap_or(first);
        start..=start.saturating_add(LOOKED_THROUGH)
    }))
}
