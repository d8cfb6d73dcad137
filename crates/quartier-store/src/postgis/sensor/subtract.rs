//! What is kept of each datastream, when observations are gone.

use std::collections::{BTreeSet, HashMap};

use quartier_model::Step;
use sqlx::PgConnection;

use super::{
    blocks, column,
    kept::{add_rollups, hours},
    micros::Micros,
    rows,
};
use crate::{
    Result,
    sensor::{Deltas, NO_TIME_US, ObservedDelta, RollupDelta, Row, SummaryDelta, step_s},
};

/// Takes rows that are gone out of counts, extents and latest.
pub(super) async fn subtract(connection: &mut PgConnection, gone: &[Row]) -> Result<()> {
    let deltas = Deltas::of(gone);
    blocks::subtract(connection, gone).await?;
    subtract_observed(connection, &deltas.observed).await?;
    subtract_summaries(connection, &deltas.summaries).await?;
    renew_latest(connection, &deltas.summaries).await
}

const SUBTRACT_OBSERVED: &str = "
    update quartier.observed set count = observed.count - gone.count
    from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as gone (datastream, feature, count)
    where observed.datastream = gone.datastream and observed.feature = gone.feature";

const NOT_OBSERVED: &str = "
    delete from quartier.observed where datastream = any($1) and count = 0";

async fn subtract_observed(connection: &mut PgConnection, gone: &[ObservedDelta]) -> Result<()> {
    let numbers = |number: fn(&ObservedDelta) -> i64| column(gone, number);
    let datastreams = numbers(|delta| delta.datastream);
    sqlx::query(SUBTRACT_OBSERVED)
        .bind(&datastreams)
        .bind(numbers(|delta| delta.feature))
        .bind(numbers(|delta| delta.count))
        .execute(&mut *connection)
        .await?;
    sqlx::query(NOT_OBSERVED).bind(&datastreams).execute(connection).await?;
    Ok(())
}

const SUBTRACT_SUMMARIES: &str = "
    update quartier.summary set count = summary.count - gone.count
    from unnest($1::bigint[], $2::bigint[]) as gone (datastream, count)
    where summary.datastream = gone.datastream";

const NO_SUMMARIES: &str = "delete from quartier.summary where datastream = any($1) and count = 0";

/// What is gone from inside the extents leaves them as they are.
const EXTENTS: &str = "
    update quartier.summary as kept set
        phenomenon_start = case when gone.phenomenon_start > kept.phenomenon_start then kept.phenomenon_start else (
            select min(phenomenon_start) from quartier.observation where datastream = kept.datastream) end,
        phenomenon_end = case when gone.phenomenon_end < kept.phenomenon_end then kept.phenomenon_end else (
            select max(phenomenon_end) from quartier.observation where datastream = kept.datastream) end,
        result_start = case when gone.result_start > kept.result_start then kept.result_start else coalesce((
            select min(result_time) from quartier.observation
            where datastream = kept.datastream and result_time > '-infinity'), '-infinity') end,
        result_end = case when gone.result_end < kept.result_end then kept.result_end else (
            select max(result_time) from quartier.observation where datastream = kept.datastream) end
    from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
        as gone (datastream, phenomenon_start, phenomenon_end, result_start, result_end)
    where kept.datastream = gone.datastream";

async fn subtract_summaries(connection: &mut PgConnection, gone: &[SummaryDelta]) -> Result<()> {
    let times =
        |time: fn(&SummaryDelta) -> i64| gone.iter().map(time).map(Micros).collect::<Vec<_>>();
    let datastreams = column(gone, |delta| delta.datastream);
    sqlx::query(SUBTRACT_SUMMARIES)
        .bind(&datastreams)
        .bind(column(gone, |delta| delta.count))
        .execute(&mut *connection)
        .await?;
    sqlx::query(NO_SUMMARIES).bind(&datastreams).execute(&mut *connection).await?;
    sqlx::query(EXTENTS)
        .bind(&datastreams)
        .bind(times(|delta| delta.start_us))
        .bind(times(|delta| delta.end_us))
        .bind(times(|delta| delta.result_us.map_or(i64::MAX, |(first, _)| first)))
        .bind(times(|delta| delta.result_us.map_or(NO_TIME_US, |(_, last)| last)))
        .execute(connection)
        .await?;
    Ok(())
}

const NOT_LATEST: &str = "
    delete from quartier.latest
    using unnest($1::bigint[], $2::bigint[]) as gone (datastream, id)
    where latest.datastream = gone.datastream and latest.id = gone.id
    returning latest.datastream";

/// The summary already has the end of the latest one.
const NEWEST: &str = "
    insert into quartier.latest (
        id, datastream, feature, phenomenon_start, phenomenon_end, result_time, copy, result, result_json, detail
    )
    select newest.*
    from quartier.summary
    cross join lateral (
        select id, datastream, feature, phenomenon_start, phenomenon_end, result_time, copy, result, result_json,
               detail
        from quartier.observation
        where datastream = summary.datastream and phenomenon_end = summary.phenomenon_end
        order by result_time desc, id desc
        limit 1
    ) as newest
    where summary.datastream = any($1)";

async fn renew_latest(connection: &mut PgConnection, gone: &[SummaryDelta]) -> Result<()> {
    let without: Vec<i64> = sqlx::query_scalar(NOT_LATEST)
        .bind(column(gone, |delta| delta.datastream))
        .bind(column(gone, |delta| delta.latest.id))
        .fetch_all(&mut *connection)
        .await?;
    sqlx::query(NEWEST).bind(without).execute(connection).await?;
    Ok(())
}

/// Days of datastreams that are summed up anew at once: a million rows, where one comes every 30 seconds.
const DAYS_MAX: usize = 366;

/// Takes rows that are gone out of the sums. Least and greatest are found among what is left; where a part of that has
/// expired, they stay.
pub(super) async fn subtract_rollups(connection: &mut PgConnection, gone: &[Row]) -> Result<()> {
    let deltas = Deltas::of(gone).rollups;
    let day = |delta: &RollupDelta| (delta.datastream, day_us(delta.start_us));
    let days = deltas.iter().map(day).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    for days in days.chunks(DAYS_MAX) {
        let of_days = deltas.iter().filter(|delta| days.binary_search(&day(delta)).is_ok());
        renew_days(connection, days, &of_days.copied().collect::<Vec<_>>()).await?;
    }
    Ok(())
}

const fn day_us(start_us: i64) -> i64 {
    start_us - start_us.rem_euclid(step_s(Step::Day) * 1_000_000)
}

async fn renew_days(
    connection: &mut PgConnection,
    days: &[(i64, i64)],
    gone: &[RollupDelta],
) -> Result<()> {
    let left = Deltas::of(&left(connection, days).await?).rollups;
    let left: HashMap<_, _> = left.into_iter().map(|delta| (delta.key(), delta)).collect();
    let kept = kept_counts(connection, gone).await?;
    let is_whole = |delta: &&RollupDelta| {
        let count = left.get(&delta.key()).map_or(0, |it| it.count);
        kept.get(&delta.key()).is_none_or(|kept| kept - delta.count == count)
    };
    let (whole, partly): (Vec<&RollupDelta>, _) = gone.iter().partition(is_whole);
    delete(connection, &whole).await?;
    let renewed = whole.iter().filter_map(|delta| left.get(&delta.key()).copied());
    add_rollups(connection, &renewed.collect::<Vec<_>>()).await?;
    lessen(connection, &partly).await
}

const LEFT: &str = "
    select left_over.*
    from unnest($1::bigint[], $2::timestamptz[]) as day (datastream, start)
    cross join lateral (
        select id, datastream, feature, phenomenon_start, phenomenon_end, result_time, copy, result, null::text,
               null::text
        from quartier.observation
        where datastream = day.datastream
          and phenomenon_start >= day.start and phenomenon_start < day.start + interval '24 hours'
    ) as left_over";

async fn left(connection: &mut PgConnection, days: &[(i64, i64)]) -> Result<Vec<Row>> {
    let rows = sqlx::query(LEFT)
        .bind(column(days, |day| day.0))
        .bind(column(days, |day| Micros(day.1)))
        .fetch_all(connection)
        .await?;
    rows.iter().map(rows::read).collect()
}

const KEPT: &str = "
    select hours, rollup.start, datastream, count
    from unnest($1::bigint[], $2::smallint[], $3::timestamptz[]) as gone (datastream, hours, start)
    join quartier.rollup using (datastream, hours, start)";

async fn kept_counts(
    connection: &mut PgConnection,
    gone: &[RollupDelta],
) -> Result<HashMap<(i64, i64, i64), i64>> {
    let found: Vec<(i16, Micros, i64, i64)> = sqlx::query_as(KEPT)
        .bind(column(gone, |delta| delta.datastream))
        .bind(column(gone, |delta| hours(delta.step_s)))
        .bind(column(gone, |delta| Micros(delta.start_us)))
        .fetch_all(connection)
        .await?;
    let keyed = |(hours, Micros(start_us), datastream, count): (i16, Micros, i64, i64)| {
        ((i64::from(hours) * 3600, start_us, datastream), count)
    };
    Ok(found.into_iter().map(keyed).collect())
}

const DELETE: &str = "
    delete from quartier.rollup
    using unnest($1::bigint[], $2::smallint[], $3::timestamptz[]) as gone (datastream, hours, start)
    where rollup.datastream = gone.datastream and rollup.hours = gone.hours and rollup.start = gone.start";

async fn delete(connection: &mut PgConnection, gone: &[&RollupDelta]) -> Result<()> {
    sqlx::query(DELETE)
        .bind(column(gone, |delta| delta.datastream))
        .bind(column(gone, |delta| hours(delta.step_s)))
        .bind(column(gone, |delta| Micros(delta.start_us)))
        .execute(connection)
        .await?;
    Ok(())
}

const LESSEN: &str = "
    update quartier.rollup set
        count   = rollup.count - gone.count,
        sum     = quartier.bounded_sum(rollup.sum, -gone.sum),
        sines   = rollup.sines - gone.sines,
        cosines = rollup.cosines - gone.cosines
    from unnest($1::bigint[], $2::smallint[], $3::timestamptz[], $4::bigint[], $5::double precision[],
                $6::double precision[], $7::double precision[])
        as gone (datastream, hours, start, count, sum, sines, cosines)
    where rollup.datastream = gone.datastream and rollup.hours = gone.hours and rollup.start = gone.start";

async fn lessen(connection: &mut PgConnection, gone: &[&RollupDelta]) -> Result<()> {
    let values = |value: fn(&RollupDelta) -> f64| column(gone, |it| value(it));
    sqlx::query(LESSEN)
        .bind(column(gone, |delta| delta.datastream))
        .bind(column(gone, |delta| hours(delta.step_s)))
        .bind(column(gone, |delta| Micros(delta.start_us)))
        .bind(column(gone, |delta| delta.count))
        .bind(values(|delta| delta.sum))
        .bind(values(|delta| delta.sines))
        .bind(values(|delta| delta.cosines))
        .execute(connection)
        .await?;
    Ok(())
}
