use std::collections::HashMap;

use sqlx::PgConnection;

use super::{column, kept, micros::Micros, rows};
use crate::{
    Appended, Result,
    sensor::{Incoming, Row},
};

/// Lines up those who write observations, and gives out numbers; those of repeats are lost.
const RESERVE: &str = "
    update quartier.number set next = next + $1 where kind = 'observation' returning next - $1";

/// Held from here to the end of the transaction.
pub(super) async fn reserve(connection: &mut PgConnection, count: usize) -> Result<i64> {
    Ok(sqlx::query_scalar(RESERVE).bind(count.cast_signed() as i64).fetch_one(connection).await?)
}

/// Writes what was not taken before. To be called by who holds [`reserve`]'s numbers, the first of which is given.
pub(super) async fn append(
    connection: &mut PgConnection,
    incoming: &mut Incoming,
    first: i64,
) -> Result<Vec<Appended>> {
    incoming.number(first);
    if incoming.rows.is_empty() {
        return Ok(Vec::new());
    }
    let inserted = rows::insert(connection, &incoming.rows).await?;
    let taken = if inserted == incoming.rows.len() as u64 {
        HashMap::new()
    } else {
        taken(connection, &incoming.rows).await?
    };
    let is_new = |row: &&Row| !taken.contains_key(&row.id);
    kept::add(connection, &incoming.rows.iter().filter(is_new).collect::<Vec<_>>()).await?;
    Ok(incoming.appended(&taken))
}

/// The bounds leave out whole months.
const TAKEN: &str = "
    select repeat.id, observation.id
    from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
        as repeat (id, datastream, phenomenon_start, phenomenon_end, result_time)
    join quartier.observation using (datastream, phenomenon_start, phenomenon_end, result_time)
    where observation.copy = 0 and observation.id <> repeat.id and observation.phenomenon_start between $6 and $7";

/// The ids of those that were taken before, by the ids that they were given now.
async fn taken(connection: &mut PgConnection, rows: &[Row]) -> Result<HashMap<i64, i64>> {
    let merged = rows.iter().filter(|row| row.copy == 0).collect::<Vec<_>>();
    let starts = || merged.iter().map(|row| row.start_us);
    let (Some(earliest), Some(latest)) = (starts().min(), starts().max()) else {
        return Ok(HashMap::new());
    };
    let times = |time: fn(&Row) -> i64| column(&merged, |row| Micros(time(row)));
    let pairs: Vec<(i64, i64)> = sqlx::query_as(TAKEN)
        .bind(column(&merged, |row| row.id))
        .bind(column(&merged, |row| row.datastream))
        .bind(times(|row| row.start_us))
        .bind(times(|row| row.end_us))
        .bind(times(|row| row.result_us))
        .bind(Micros(earliest))
        .bind(Micros(latest))
        .fetch_all(connection)
        .await?;
    Ok(pairs.into_iter().collect())
}
