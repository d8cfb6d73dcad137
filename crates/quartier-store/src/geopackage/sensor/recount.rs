//! What is kept of observations, once some of them were deleted.

use std::collections::BTreeSet;

use quartier_model::Step;
use sqlx::{FromRow, SqliteConnection};

use super::{keep, read};
use crate::{
    Result,
    sensor::{Deltas, NO_TIME_US, RollupDelta, Row, SUM_MAX, SummaryDelta},
};

/// Takes deleted rows out of all that is kept.
pub(super) async fn after(connection: &mut SqliteConnection, deleted: &[Row]) -> Result<()> {
    let deltas = Deltas::of(deleted);
    summaries(connection, &deltas).await?;
    rollups(connection, deleted, &deltas).await
}

const OBSERVED: &str = "
    update quartier_observed set count = count - ? where datastream = ? and feature = ?";

const UNOBSERVED: &str = "
    delete from quartier_observed where datastream = ? and feature = ? and count <= 0";

/// Takes deleted rows out of counts, extents and the latest, but not out of the rollups.
pub(super) async fn summaries(connection: &mut SqliteConnection, deltas: &Deltas) -> Result<()> {
    for delta in &deltas.summaries {
        summary(connection, delta).await?;
    }
    for delta in &deltas.observed {
        sqlx::query(OBSERVED)
            .bind(delta.count)
            .bind(delta.datastream)
            .bind(delta.feature)
            .execute(&mut *connection)
            .await?;
        sqlx::query(UNOBSERVED)
            .bind(delta.datastream)
            .bind(delta.feature)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

#[derive(FromRow)]
struct Left {
    count: i64,
    phenomenon_end_us: i64,
    result_time_start_us: Option<i64>,
    result_time_end_us: Option<i64>,
    latest_end_us: i64,
    latest_result_time_us: i64,
    latest: i64,
}

const LESS: &str = "
    update quartier_summary set count = count - ? where datastream = ?
    returning count, phenomenon_end_us, result_time_start_us, result_time_end_us,
              latest_end_us, latest_result_time_us, latest";

const EMPTY: &str = "delete from quartier_summary where datastream = ?";

/// By the index, from its start.
const START: &str = "
    update quartier_summary
    set phenomenon_start_us = (
        select min(phenomenon_start_us) from quartier_observation
        where datastream = quartier_summary.datastream
    )
    where datastream = ?";

const ENDS: &str = "
    update quartier_summary
    set (phenomenon_end_us, result_time_start_us, result_time_end_us) = (
        select max(phenomenon_end_us), min(nullif(result_time_us, ?2)),
               max(nullif(result_time_us, ?2))
        from quartier_observation
        where datastream = ?1
    )
    where datastream = ?1";

const LATEST: &str = "
    update quartier_summary
    set (latest_end_us, latest_result_time_us, latest) = (
        select phenomenon_end_us, result_time_us, id
        from quartier_observation
        where datastream = ?1
        order by phenomenon_end_us desc, result_time_us desc, id desc
        limit 1
    )
    where datastream = ?1";

async fn summary(connection: &mut SqliteConnection, delta: &SummaryDelta) -> Result<()> {
    let left: Option<Left> = sqlx::query_as(LESS)
        .bind(delta.count)
        .bind(delta.datastream)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(left) = left else { return Ok(()) };
    if left.count <= 0 {
        sqlx::query(EMPTY).bind(delta.datastream).execute(connection).await?;
        return Ok(());
    }
    sqlx::query(START).bind(delta.datastream).execute(&mut *connection).await?;
    if left.may_end_elsewhere(delta) {
        sqlx::query(ENDS).bind(delta.datastream).bind(NO_TIME_US).execute(&mut *connection).await?;
    }
    if left.has_lost_latest(delta) {
        sqlx::query(LATEST).bind(delta.datastream).execute(connection).await?;
    }
    Ok(())
}

impl Left {
    fn may_end_elsewhere(&self, deleted: &SummaryDelta) -> bool {
        let (first, last) = deleted.result_us.unzip();
        self.phenomenon_end_us == deleted.end_us
            || (first.is_some() && first == self.result_time_start_us)
            || (last.is_some() && last == self.result_time_end_us)
    }

    fn has_lost_latest(&self, deleted: &SummaryDelta) -> bool {
        let deleted = deleted.latest;
        (deleted.end_us, deleted.result_us, deleted.id)
            == (self.latest_end_us, self.latest_result_time_us, self.latest)
    }
}

const OF_DAY: &str = "
    select datastream, id, feature, phenomenon_start_us, phenomenon_end_us, result_time_us, copy,
           result, result_json, detail
    from quartier_observation
    where datastream = ?1 and phenomenon_start_us >= ?2 and phenomenon_start_us < ?2 + 86400000000";

/// Sums the days anew in which something was deleted, and their hours.
async fn rollups(
    connection: &mut SqliteConnection,
    deleted: &[Row],
    deltas: &Deltas,
) -> Result<()> {
    let days: BTreeSet<(i64, i64)> = deleted
        .iter()
        .filter_map(|row| RollupDelta::of(row, Step::Day))
        .map(|day| (day.datastream, day.start_us))
        .collect();
    let mut fresh = Deltas::default();
    for (datastream, start_us) in days {
        let rows = sqlx::query(OF_DAY).bind(datastream).bind(start_us);
        let rows = read::rows_of(&rows.fetch_all(&mut *connection).await?)?;
        fresh.rollups.extend(Deltas::of(&rows).rollups);
    }
    fresh.rollups.sort_unstable_by_key(RollupDelta::key);
    for gone in &deltas.rollups {
        let left = fresh.rollups.binary_search_by_key(&gone.key(), RollupDelta::key);
        let left = left.ok().map(|place| fresh.rollups[place]);
        bucket(connection, gone, left).await?;
    }
    Ok(())
}

#[derive(FromRow)]
struct Bucket {
    count: i64,
    sum: f64,
    sines: f64,
    cosines: f64,
}

const BUCKET: &str = "
    delete from quartier_rollup where step_s = ? and start_us = ? and datastream = ?
    returning count, sum, min, max, sines, cosines, last_us, last_result_time_us, last";

/// Of a bucket, some rows are gone and some are left; there may have been others, which expired. Those can be told from
/// the deleted ones in counts and sums, but not in the least, the greatest and the last, which then stay.
async fn bucket(
    connection: &mut SqliteConnection,
    gone: &RollupDelta,
    left: Option<RollupDelta>,
) -> Result<()> {
    let row = sqlx::query(BUCKET)
        .bind(gone.step_s)
        .bind(gone.start_us)
        .bind(gone.datastream)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else { return Ok(()) };
    let kept = Bucket::from_row(&row)?;
    let is_whole = kept.count <= gone.count + left.map_or(0, |left| left.count);
    let new = match (is_whole, left) {
        (true, left) => left,
        (false, _) => Some(RollupDelta {
            count: kept.count - gone.count,
            sum: (kept.sum - gone.sum).clamp(-SUM_MAX, SUM_MAX),
            sines: kept.sines - gone.sines,
            cosines: kept.cosines - gone.cosines,
            ..super::rollups::delta(&row, gone)?
        }),
    };
    let rollups = new.into_iter().collect();
    keep::add_rollups(connection, &Deltas { rollups, ..Deltas::default() }).await
}
