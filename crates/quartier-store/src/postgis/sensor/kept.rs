//! What is kept of each datastream beside its observations: counts, extents, the latest one, and sums.

use quartier_model::{EntityId, Observation};
use sqlx::{PgConnection, Row as _, postgres::PgRow};

use super::{blocks, column, micros::Micros, rows};
use crate::{
    Error, Result, Summary,
    sensor::{Deltas, Extents, NO_TIME_US, ObservedDelta, RollupDelta, Row, SummaryDelta},
};

/// Adds new rows to what is kept of their datastreams.
pub(super) async fn add(connection: &mut PgConnection, rows: &[&Row]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let deltas = Deltas::of(rows.iter().copied());
    add_summaries(connection, &deltas.summaries).await?;
    advance_latest(connection, &deltas.summaries, rows).await?;
    add_observed(connection, &deltas.observed).await?;
    blocks::add(connection, rows).await?;
    add_rollups(connection, &deltas.rollups).await
}

const ADD_SUMMARIES: &str = "
    insert into quartier.summary as kept (
        datastream, count, phenomenon_start, phenomenon_end, result_start, result_end
    )
    select * from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[],
                         $6::timestamptz[])
    on conflict (datastream) do update set
        count            = kept.count + excluded.count,
        phenomenon_start = least(kept.phenomenon_start, excluded.phenomenon_start),
        phenomenon_end   = greatest(kept.phenomenon_end, excluded.phenomenon_end),
        result_start     = coalesce(
                               least(nullif(kept.result_start, '-infinity'), nullif(excluded.result_start, '-infinity')),
                               '-infinity'),
        result_end       = greatest(kept.result_end, excluded.result_end)";

async fn add_summaries(connection: &mut PgConnection, deltas: &[SummaryDelta]) -> Result<()> {
    let times =
        |time: fn(&SummaryDelta) -> i64| deltas.iter().map(time).map(Micros).collect::<Vec<_>>();
    sqlx::query(ADD_SUMMARIES)
        .bind(column(deltas, |delta| delta.datastream))
        .bind(column(deltas, |delta| delta.count))
        .bind(times(|delta| delta.start_us))
        .bind(times(|delta| delta.end_us))
        .bind(times(|delta| delta.result_us.map_or(NO_TIME_US, |(first, _)| first)))
        .bind(times(|delta| delta.result_us.map_or(NO_TIME_US, |(_, last)| last)))
        .execute(connection)
        .await?;
    Ok(())
}

const ADVANCE_LATEST: &str = "
    insert into quartier.latest as kept (
        id, datastream, feature, phenomenon_start, phenomenon_end, result_time, copy, result, result_json, detail
    )
    select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[],
                         $6::timestamptz[], $7::bigint[], $8::double precision[], $9::text[], $10::text[])
    on conflict (datastream) do update set
        id = excluded.id, feature = excluded.feature, phenomenon_start = excluded.phenomenon_start,
        phenomenon_end = excluded.phenomenon_end, result_time = excluded.result_time, copy = excluded.copy,
        result = excluded.result, result_json = excluded.result_json, detail = excluded.detail
    where (excluded.phenomenon_end, excluded.result_time, excluded.id)
        > (kept.phenomenon_end, kept.result_time, kept.id)";

/// The latest only moves forward.
async fn advance_latest(
    connection: &mut PgConnection,
    deltas: &[SummaryDelta],
    rows: &[&Row],
) -> Result<()> {
    let mut latest = rows
        .iter()
        .copied()
        .filter(|row| {
            let place = deltas.binary_search_by_key(&row.datastream, |delta| delta.datastream);
            place.is_ok_and(|place| deltas[place].latest.id == row.id)
        })
        .collect::<Vec<_>>();
    latest.sort_unstable_by_key(|row| row.datastream);
    put_latest(connection, &latest).await
}

/// Takes each row as its datastream's latest, unless a later one is kept.
pub(super) async fn put_latest(connection: &mut PgConnection, latest: &[&Row]) -> Result<()> {
    let numbers = |number: fn(&Row) -> i64| column(latest, |row| number(row));
    let times = |time: fn(&Row) -> i64| column(latest, |row| Micros(time(row)));
    sqlx::query(ADVANCE_LATEST)
        .bind(numbers(|row| row.id))
        .bind(numbers(|row| row.datastream))
        .bind(numbers(|row| row.feature))
        .bind(times(|row| row.start_us))
        .bind(times(|row| row.end_us))
        .bind(times(|row| row.result_us))
        .bind(numbers(|row| row.copy))
        .bind(column(latest, |row| row.result))
        .bind(column(latest, |row| row.result_json.as_deref()))
        .bind(column(latest, |row| row.detail.as_deref()))
        .execute(connection)
        .await?;
    Ok(())
}

const ADD_OBSERVED: &str = "
    insert into quartier.observed as kept (datastream, feature, count)
    select * from unnest($1::bigint[], $2::bigint[], $3::bigint[])
    on conflict (datastream, feature) do update set count = kept.count + excluded.count";

async fn add_observed(connection: &mut PgConnection, deltas: &[ObservedDelta]) -> Result<()> {
    let numbers = |number: fn(&ObservedDelta) -> i64| column(deltas, number);
    sqlx::query(ADD_OBSERVED)
        .bind(numbers(|delta| delta.datastream))
        .bind(numbers(|delta| delta.feature))
        .bind(numbers(|delta| delta.count))
        .execute(connection)
        .await?;
    Ok(())
}

const ADD_ROLLUPS: &str = "
    insert into quartier.rollup as kept (
        datastream, hours, start, count, sum, min, max, sines, cosines, last_time, last_result_time, last
    )
    select * from unnest($1::bigint[], $2::smallint[], $3::timestamptz[], $4::bigint[], $5::double precision[],
                         $6::double precision[], $7::double precision[], $8::double precision[],
                         $9::double precision[], $10::timestamptz[], $11::timestamptz[], $12::double precision[])
    on conflict (datastream, hours, start) do update set
        count   = kept.count + excluded.count,
        sum     = quartier.bounded_sum(kept.sum, excluded.sum),
        min     = least(kept.min, excluded.min),
        max     = greatest(kept.max, excluded.max),
        sines   = kept.sines + excluded.sines,
        cosines = kept.cosines + excluded.cosines,
        last_time = greatest(kept.last_time, excluded.last_time),
        last_result_time = case
            when (excluded.last_time, excluded.last_result_time) > (kept.last_time, kept.last_result_time)
            then excluded.last_result_time else kept.last_result_time end,
        last = case
            when (excluded.last_time, excluded.last_result_time, excluded.last)
               > (kept.last_time, kept.last_result_time, kept.last)
            then excluded.last else kept.last end";

pub(super) async fn add_rollups(
    connection: &mut PgConnection,
    deltas: &[RollupDelta],
) -> Result<()> {
    if deltas.is_empty() {
        return Ok(());
    }
    let values = |value: fn(&RollupDelta) -> f64| column(deltas, value);
    let times =
        |time: fn(&RollupDelta) -> i64| deltas.iter().map(time).map(Micros).collect::<Vec<_>>();
    sqlx::query(ADD_ROLLUPS)
        .bind(column(deltas, |delta| delta.datastream))
        .bind(column(deltas, |delta| hours(delta.step_s)))
        .bind(times(|delta| delta.start_us))
        .bind(column(deltas, |delta| delta.count))
        .bind(values(|delta| delta.sum))
        .bind(values(|delta| delta.min))
        .bind(values(|delta| delta.max))
        .bind(values(|delta| delta.sines))
        .bind(values(|delta| delta.cosines))
        .bind(times(|delta| delta.last.start_us))
        .bind(times(|delta| delta.last.result_us))
        .bind(values(|delta| delta.last.value))
        .execute(connection)
        .await?;
    Ok(())
}

/// What the table says for a step.
pub(super) fn hours(step_s: i64) -> i16 {
    (step_s / 3600) as i16
}

const SUMMARIES: &str = "
    select latest.id, datastream, latest.feature, latest.phenomenon_start, latest.phenomenon_end,
           latest.result_time, latest.copy, latest.result, latest.result_json, latest.detail,
           summary.count, summary.phenomenon_start, summary.phenomenon_end, summary.result_start, summary.result_end,
           observed.features, observed.counts
    from quartier.summary
    join quartier.latest using (datastream)
    join (
        select datastream, array_agg(feature order by feature) as features, array_agg(count order by feature) as counts
        from quartier.observed
        group by datastream
    ) as observed using (datastream)
    order by datastream";

/// Of every datastream that has observations.
pub(super) async fn summaries(connection: &mut PgConnection) -> Result<Vec<Summary>> {
    sqlx::query(SUMMARIES).fetch_all(connection).await?.iter().map(summary).collect()
}

const SUMMARIES_OF: &str = "
    select latest.id, datastream, latest.feature, latest.phenomenon_start, latest.phenomenon_end,
           latest.result_time, latest.copy, latest.result, latest.result_json, latest.detail,
           summary.count, summary.phenomenon_start, summary.phenomenon_end, summary.result_start, summary.result_end,
           observed.features, observed.counts
    from unnest($1::bigint[]) as datastream
    join quartier.summary using (datastream)
    join quartier.latest using (datastream)
    cross join lateral (
        select array_agg(feature order by feature) as features, array_agg(count order by feature) as counts
        from quartier.observed
        where observed.datastream = summary.datastream
    ) as observed
    order by datastream";

fn summary(row: &PgRow) -> Result<Summary> {
    let latest: Observation = rows::read(row)?.observation()?;
    let time = |column: usize| row.try_get(column).map(|Micros(us)| us);
    let extents = Extents {
        datastream: latest.datastream.0.cast_signed(),
        count: row.try_get(10)?,
        start_us: time(11)?,
        end_us: time(12)?,
        result_start_us: time(13)?,
        result_end_us: time(14)?,
    };
    let (features, counts): (Vec<i64>, Vec<i64>) = (row.try_get(15)?, row.try_get(16)?);
    let number = |feature: i64| EntityId(feature.cast_unsigned());
    let features = features.into_iter().map(number).zip(counts.into_iter().map(i64::cast_unsigned));
    extents.summary(features.collect(), Some(latest))
}

/// The state of each, those without observations too.
pub(super) async fn states(
    connection: &mut PgConnection,
    datastreams: &[i64],
) -> Result<Vec<Summary>> {
    if datastreams.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(SUMMARIES_OF).bind(datastreams).fetch_all(connection).await?;
    let mut known = rows.iter().map(summary).collect::<Result<Vec<_>>>()?;
    let none = |datastream: &i64| {
        let id = EntityId(datastream.cast_unsigned());
        known.binary_search_by_key(&id, |summary| summary.datastream).is_err()
    };
    let empty: Vec<_> = datastreams
        .iter()
        .filter(|it| none(it))
        .map(|&datastream| Extents::none(datastream).summary(Vec::new(), None))
        .collect::<Result<_, Error>>()?;
    known.extend(empty);
    known.sort_unstable_by_key(|summary| summary.datastream);
    Ok(known)
}
