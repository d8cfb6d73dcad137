use std::ops::RangeInclusive;

use sqlx::SqliteConnection;

use crate::{
    ObservationQuery, Result,
    json::to_json,
    sensor::{Shares, first_rows, is_by_number},
};

const SHARES: &str = "
    select coalesce(sum(count) filter (where datastream in (select value from json_each(?))), 0),
           coalesce(sum(count), 0),
           coalesce((select min(id) from quartier_observation), 0),
           coalesce((select max(id) from quartier_observation), 0)
    from quartier_summary";

/// The numbers among which a page of several datastreams probably is; `None` where each datastream is rather asked.
pub(super) async fn look(
    connection: &mut SqliteConnection,
    query: &ObservationQuery,
    datastreams: &[i64],
) -> Result<Option<RangeInclusive<i64>>> {
    if !is_by_number(query) {
        return Ok(None);
    }
    let (theirs, all, first, last): (i64, i64, i64, i64) =
        sqlx::query_as(SHARES).bind(to_json(&datastreams)).fetch_one(connection).await?;
    Ok(first_rows(query, Shares { theirs, all, numbers: (first, last) }))
}
