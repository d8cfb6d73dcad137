use std::collections::{HashMap, HashSet};

use sqlx::SqliteConnection;

use super::bulk::Bulk;
use crate::{
    Result,
    json::to_json,
    sensor::{Incoming, Key, Row},
};

const TAKE_NUMBERS: &str = "
    update quartier_number set next = next + ?1 where kind = 'observation' returning next - ?1";

const INSERT: Bulk = Bulk {
    start: "
        insert into quartier_observation (
            id, datastream, feature, phenomenon_start_us, phenomenon_end_us, result_time_us, copy,
            result, result_json, detail
        ) ",
    end: " on conflict do nothing",
};

/// Appends observations, but for those that were there before: their numbers are returned by those that their repeats
/// were given now.
pub(super) async fn append(
    connection: &mut SqliteConnection,
    incoming: &mut Incoming,
) -> Result<HashMap<i64, i64>> {
    let count = incoming.rows.len();
    if count == 0 {
        return Ok(HashMap::new());
    }
    let first: i64 = sqlx::query_scalar(TAKE_NUMBERS)
        .bind(count.cast_signed() as i64)
        .fetch_one(&mut *connection)
        .await?;
    incoming.number(first);
    if insert(connection, &incoming.rows).await? == count as u64 {
        return Ok(HashMap::new());
    }
    taken_before(connection, &incoming.rows, first).await
}

/// Says how many were new.
pub(super) async fn insert(connection: &mut SqliteConnection, rows: &[Row]) -> Result<u64> {
    INSERT
        .execute(connection, rows, |values, row| {
            values
                .push_bind(row.id)
                .push_bind(row.datastream)
                .push_bind(row.feature)
                .push_bind(row.start_us)
                .push_bind(row.end_us)
                .push_bind(row.result_us)
                .push_bind(row.copy)
                .push_bind(row.result)
                .push_bind(row.result_json.clone())
                .push_bind(row.detail.clone());
        })
        .await
}

const INSERTED: &str = "select id from quartier_observation where id >= ?";

const BY_KEY: &str = "
    select observation.datastream, observation.phenomenon_start_us, observation.phenomenon_end_us,
           observation.result_time_us, observation.id
    from json_each(?) as sent
    cross join quartier_observation as observation
    where observation.datastream = sent.value ->> 0
      and observation.phenomenon_start_us = sent.value ->> 1
      and observation.phenomenon_end_us = sent.value ->> 2
      and observation.result_time_us = sent.value ->> 3
      and observation.copy = 0";

async fn taken_before(
    connection: &mut SqliteConnection,
    rows: &[Row],
    first: i64,
) -> Result<HashMap<i64, i64>> {
    let inserted: HashSet<i64> = sqlx::query_scalar(INSERTED)
        .bind(first)
        .fetch_all(&mut *connection)
        .await?
        .into_iter()
        .collect();
    let repeats: Vec<&Row> = rows.iter().filter(|row| !inserted.contains(&row.id)).collect();
    let keys: Vec<Key> = repeats.iter().map(|row| row.key()).collect();
    let found: Vec<(i64, i64, i64, i64, i64)> =
        sqlx::query_as(BY_KEY).bind(to_json(&keys)).fetch_all(connection).await?;
    let by_key: HashMap<Key, i64> =
        found.into_iter().map(|(a, b, c, d, id)| ((a, b, c, d), id)).collect();
    Ok(repeats.iter().filter_map(|row| Some((row.id, *by_key.get(&row.key())?))).collect())
}
