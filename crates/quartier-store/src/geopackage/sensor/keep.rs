//! What is kept of observations as they are added: counts, extents, the latest, and sums.

use sqlx::SqliteConnection;

use super::bulk::Bulk;
use crate::{Result, sensor::Deltas};

const SUMMARIES: Bulk = Bulk {
    start: "
        insert into quartier_summary (
            datastream, count, phenomenon_start_us, phenomenon_end_us,
            result_time_start_us, result_time_end_us, latest_end_us, latest_result_time_us, latest
        ) ",
    end: "
        on conflict (datastream) do update set
            count = count + excluded.count,
            phenomenon_start_us = min(phenomenon_start_us, excluded.phenomenon_start_us),
            phenomenon_end_us = max(phenomenon_end_us, excluded.phenomenon_end_us),
            result_time_start_us = coalesce(
                min(result_time_start_us, excluded.result_time_start_us),
                result_time_start_us, excluded.result_time_start_us
            ),
            result_time_end_us = coalesce(
                max(result_time_end_us, excluded.result_time_end_us),
                result_time_end_us, excluded.result_time_end_us
            ),
            latest_end_us = case
                when (excluded.latest_end_us, excluded.latest_result_time_us, excluded.latest)
                     > (latest_end_us, latest_result_time_us, latest)
                then excluded.latest_end_us else latest_end_us end,
            latest_result_time_us = case
                when (excluded.latest_end_us, excluded.latest_result_time_us, excluded.latest)
                     > (latest_end_us, latest_result_time_us, latest)
                then excluded.latest_result_time_us else latest_result_time_us end,
            latest = case
                when (excluded.latest_end_us, excluded.latest_result_time_us, excluded.latest)
                     > (latest_end_us, latest_result_time_us, latest)
                then excluded.latest else latest end",
};

const OBSERVED: Bulk = Bulk {
    start: "insert into quartier_observed (datastream, feature, count) ",
    end: " on conflict (datastream, feature) do update set count = count + excluded.count",
};

/// Sums stop at what a double holds: past that, plus and minus infinity would make no number.
const ROLLUPS: Bulk = Bulk {
    start: "
        insert into quartier_rollup (
            step_s, start_us, datastream, count, sum, min, max, sines, cosines,
            last_us, last_result_time_us, last
        ) ",
    end: "
        on conflict (step_s, start_us, datastream) do update set
            count = count + excluded.count,
            sum = max(-1.7976931348623157e308, min(1.7976931348623157e308, sum + excluded.sum)),
            min = min(min, excluded.min),
            max = max(max, excluded.max),
            sines = sines + excluded.sines,
            cosines = cosines + excluded.cosines,
            last_us = case
                when (excluded.last_us, excluded.last_result_time_us, excluded.last)
                     > (last_us, last_result_time_us, last)
                then excluded.last_us else last_us end,
            last_result_time_us = case
                when (excluded.last_us, excluded.last_result_time_us, excluded.last)
                     > (last_us, last_result_time_us, last)
                then excluded.last_result_time_us else last_result_time_us end,
            last = case
                when (excluded.last_us, excluded.last_result_time_us, excluded.last)
                     > (last_us, last_result_time_us, last)
                then excluded.last else last end",
};

/// Adds to what is kept.
pub(super) async fn add(connection: &mut SqliteConnection, deltas: &Deltas) -> Result<()> {
    SUMMARIES
        .execute(connection, &deltas.summaries, |values, it| {
            values
                .push_bind(it.datastream)
                .push_bind(it.count)
                .push_bind(it.start_us)
                .push_bind(it.end_us)
                .push_bind(it.result_us.map(|(first, _)| first))
                .push_bind(it.result_us.map(|(_, last)| last))
                .push_bind(it.latest.end_us)
                .push_bind(it.latest.result_us)
                .push_bind(it.latest.id);
        })
        .await?;
    OBSERVED
        .execute(connection, &deltas.observed, |values, it| {
            values.push_bind(it.datastream).push_bind(it.feature).push_bind(it.count);
        })
        .await?;
    add_rollups(connection, deltas).await
}

pub(super) async fn add_rollups(connection: &mut SqliteConnection, deltas: &Deltas) -> Result<()> {
    ROLLUPS
        .execute(connection, &deltas.rollups, |values, it| {
            values
                .push_bind(it.step_s)
                .push_bind(it.start_us)
                .push_bind(it.datastream)
                .push_bind(it.count)
                .push_bind(it.sum)
                .push_bind(it.min)
                .push_bind(it.max)
                .push_bind(it.sines)
                .push_bind(it.cosines)
                .push_bind(it.last.start_us)
                .push_bind(it.last.result_us)
                .push_bind(it.last.value);
        })
        .await?;
    Ok(())
}
