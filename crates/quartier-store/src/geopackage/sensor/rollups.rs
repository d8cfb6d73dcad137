use quartier_model::{EntityId, Rollup, Step};
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::put::number;
use crate::{
    Error, Result,
    error::Cause,
    json::to_json,
    sensor::{Last, RollupDelta, instant, micros, step_s},
};

/// Many buckets of few datastreams, as a chart asks: each is a look-up. SQLite would read everyone's buckets.
const ROLLUPS: &str = "
    select rollup.datastream, rollup.start_us, rollup.count, rollup.sum, rollup.min, rollup.max,
           rollup.sines, rollup.cosines, rollup.last_us, rollup.last
    from json_each(?1) as chosen
    cross join quartier_rollup as rollup indexed by quartier_rollup_datastream
    where rollup.datastream = chosen.value
      and rollup.step_s = ?2 and rollup.start_us >= ?3 and rollup.start_us < ?4
    order by rollup.datastream, rollup.start_us";

pub(super) async fn rollups(
    connection: &mut SqliteConnection,
    datastreams: &[EntityId],
    step: Step,
    from: OffsetDateTime,
    to: OffsetDateTime,
) -> Result<Vec<Rollup>> {
    let mut datastreams: Vec<i64> = datastreams.iter().copied().map(number).collect();
    datastreams.sort_unstable();
    datastreams.dedup();
    let rows = sqlx::query(ROLLUPS)
        .bind(to_json(&datastreams))
        .bind(step_s(step))
        .bind(micros(from))
        .bind(micros(to))
        .fetch_all(connection)
        .await?;
    rows.iter().map(rollup).collect()
}

fn rollup(row: &SqliteRow) -> Result<Rollup> {
    let datastream: i64 = row.try_get("datastream")?;
    let read = || -> Result<Rollup, Cause> {
        Ok(Rollup {
            datastream: EntityId(datastream.cast_unsigned()),
            start: instant(row.try_get("start_us")?)?,
            count: row.try_get::<i64, _>("count")?.cast_unsigned(),
            sum: row.try_get("sum")?,
            min: row.try_get("min")?,
            max: row.try_get("max")?,
            sines: row.try_get("sines")?,
            cosines: row.try_get("cosines")?,
            last_time: instant(row.try_get("last_us")?)?,
            last: row.try_get("last")?,
        })
    };
    read().map_err(|error| Error::corrupt(format!("a sum of datastream {datastream}"), error))
}

/// A bucket as it stands, of the same key as another.
pub(super) fn delta(row: &SqliteRow, key: &RollupDelta) -> Result<RollupDelta> {
    Ok(RollupDelta {
        count: row.try_get("count")?,
        sum: row.try_get("sum")?,
        min: row.try_get("min")?,
        max: row.try_get("max")?,
        sines: row.try_get("sines")?,
        cosines: row.try_get("cosines")?,
        last: Last {
            start_us: row.try_get("last_us")?,
            result_us: row.try_get("last_result_time_us")?,
            value: row.try_get("last")?,
        },
        ..*key
    })
}
