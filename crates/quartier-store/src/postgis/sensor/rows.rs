use sqlx::{PgConnection, Row as _, postgres::PgRow};

use super::{column, micros::Micros};
use crate::{Result, sensor::Row};

/// An observation's columns, in the order in which [`read`] finds them.
pub(super) const COLUMNS: &str = "
    id, datastream, feature, phenomenon_start, phenomenon_end, result_time, copy, result, result_json, detail";

pub(super) fn read(row: &PgRow) -> Result<Row> {
    let time = |column: usize| row.try_get(column).map(|Micros(us)| us);
    Ok(Row {
        id: row.try_get(0)?,
        datastream: row.try_get(1)?,
        feature: row.try_get(2)?,
        start_us: time(3)?,
        end_us: time(4)?,
        result_us: time(5)?,
        copy: row.try_get(6)?,
        result: row.try_get(7)?,
        result_json: row.try_get(8)?,
        detail: row.try_get(9)?,
    })
}

/// Not by `copy`: it ends in a small packet of its own, for which the driver's sockets wait for an acknowledgement of
/// the one before, and that takes 40 ms.
const INSERT: &str = "
    insert into quartier.observation (
        id, datastream, feature, phenomenon_start, phenomenon_end, result_time, copy, result, result_json, detail
    )
    select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[],
                         $6::timestamptz[], $7::bigint[], $8::double precision[], $9::text[], $10::text[])
    on conflict (datastream, phenomenon_start, phenomenon_end, result_time, copy) do nothing";

/// Inserts rows whose partitions are there, but for those whose keys are there too; says how many were new.
pub(super) async fn insert(connection: &mut PgConnection, rows: &[Row]) -> Result<u64> {
    let numbers = |number: fn(&Row) -> i64| column(rows, number);
    let times = |time: fn(&Row) -> i64| rows.iter().map(time).map(Micros).collect::<Vec<_>>();
    let inserted = sqlx::query(INSERT)
        .bind(numbers(|row| row.id))
        .bind(numbers(|row| row.datastream))
        .bind(numbers(|row| row.feature))
        .bind(times(|row| row.start_us))
        .bind(times(|row| row.end_us))
        .bind(times(|row| row.result_us))
        .bind(numbers(|row| row.copy))
        .bind(column(rows, |row| row.result))
        .bind(column(rows, |row| row.result_json.as_deref()))
        .bind(column(rows, |row| row.detail.as_deref()))
        .execute(connection)
        .await?;
    Ok(inserted.rows_affected())
}
