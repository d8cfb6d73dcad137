use sqlx::{PgConnection, Row as _, postgres::PgRow};

use super::micros::Micros;
use crate::{
    Result,
    postgis::binary::{copy_rows, field, optional, timestamp},
    sensor::Row,
};

/// An observation's columns, in the order in which [`read`] finds them.
pub(super) const COLUMNS: &str = "
    id, datastream, feature, phenomenon_start, phenomenon_end, result_time, copy, result, result_json, detail";

const COPY: &str = "
    copy quartier.observation (
        id, datastream, feature, phenomenon_start, phenomenon_end, result_time, copy, result, result_json, detail
    ) from stdin (format binary)";
const COLUMN_COUNT: i16 = 10;

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

/// Appends rows whose partitions are there and whose keys are not.
pub(super) async fn copy(connection: &mut PgConnection, rows: &[&Row]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    Ok(copy_rows(connection, COPY, rows, |row, out| write(row, out)).await?)
}

fn write(row: &Row, out: &mut Vec<u8>) {
    out.extend(COLUMN_COUNT.to_be_bytes());
    for number in [row.id, row.datastream, row.feature] {
        field(out, &number.to_be_bytes());
    }
    for time_us in [row.start_us, row.end_us, row.result_us] {
        field(out, &timestamp(time_us));
    }
    field(out, &row.copy.to_be_bytes());
    optional(out, row.result.map(f64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    optional(out, row.result_json.as_deref().map(str::as_bytes));
    optional(out, row.detail.as_deref().map(str::as_bytes));
}
