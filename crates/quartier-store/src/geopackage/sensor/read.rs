use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use crate::{Result, json::to_json, sensor::Row};

/// The columns that [`row_of`] reads, in its order, of a table that is called `observation`.
pub(super) const COLUMNS: &str = "
    select observation.datastream, observation.id, observation.feature,
           observation.phenomenon_start_us, observation.phenomenon_end_us,
           observation.result_time_us, observation.copy,
           observation.result, observation.result_json, observation.detail ";

pub(super) fn row_of(row: &SqliteRow) -> Result<Row> {
    Ok(Row {
        datastream: row.try_get(0)?,
        id: row.try_get(1)?,
        feature: row.try_get(2)?,
        start_us: row.try_get(3)?,
        end_us: row.try_get(4)?,
        result_us: row.try_get(5)?,
        copy: row.try_get(6)?,
        result: row.try_get(7)?,
        result_json: row.try_get(8)?,
        detail: row.try_get(9)?,
    })
}

pub(super) fn rows_of(rows: &[SqliteRow]) -> Result<Vec<Row>> {
    rows.iter().map(row_of).collect()
}

const BY_IDS: &str = "
    select datastream, id, feature, phenomenon_start_us, phenomenon_end_us, result_time_us, copy,
           result, result_json, detail
    from quartier_observation
    where id in (select value from json_each(?))
    order by id";

/// Those that are there, by id.
pub(super) async fn by_ids(connection: &mut SqliteConnection, ids: &[i64]) -> Result<Vec<Row>> {
    rows_of(&sqlx::query(BY_IDS).bind(to_json(&ids)).fetch_all(connection).await?)
}
