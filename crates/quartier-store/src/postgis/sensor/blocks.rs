//! How many observations there are of each 8,192 numbers, so that a page far into all of them is found at once.

use std::collections::BTreeMap;

use quartier_model::EntityId;
use sqlx::{PgConnection, PgPool};

use crate::{
    KeyValue, ObservationFilter, ObservationKey, ObservationQuery, OrderBy, Result, sensor::Row,
};

/// Few enough to be passed over in a millisecond or two, and so many that 50 million observations have 6,000 blocks.
const BLOCK_BITS: u32 = 13;

const ADD: &str = "
    insert into quartier.block as kept (number, count)
    select * from unnest($1::bigint[], $2::bigint[])
    on conflict (number) do update set count = kept.count + excluded.count";

/// To be called by who has lined up with other writers of observations.
pub(super) async fn add(connection: &mut PgConnection, rows: &[&Row]) -> Result<()> {
    change(connection, rows.iter().copied(), 1).await
}

/// Counts rows out.
pub(super) async fn subtract(connection: &mut PgConnection, gone: &[Row]) -> Result<()> {
    change(connection, gone, -1).await
}

async fn change<'a>(
    connection: &mut PgConnection,
    rows: impl IntoIterator<Item = &'a Row>,
    by: i64,
) -> Result<()> {
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    for row in rows {
        *counts.entry(row.id >> BLOCK_BITS).or_default() += by;
    }
    let (numbers, counts): (Vec<i64>, Vec<i64>) = counts.into_iter().unzip();
    sqlx::query(ADD).bind(numbers).bind(counts).execute(connection).await?;
    Ok(())
}

const SUBTRACT_DATASTREAMS: &str = "
    update quartier.block
    set count = block.count - gone.count
    from (
        select id >> $2 as number, count(*) as count
        from quartier.observation
        where datastream = any($1)
        group by id >> $2
    ) as gone
    where block.number = gone.number";

/// Counts out all that datastreams have.
pub(super) async fn subtract_datastreams(
    connection: &mut PgConnection,
    datastreams: &[i64],
) -> Result<()> {
    sqlx::query(SUBTRACT_DATASTREAMS)
        .bind(datastreams)
        .bind(BLOCK_BITS.cast_signed())
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether the page starts so many rows into all observations, in the order of their numbers.
pub(super) fn only_skips(query: &ObservationQuery) -> bool {
    query.order.by == OrderBy::Id
        && query.filter == ObservationFilter::default()
        && query.after.is_none()
        && !query.for_each_datastream
        && query.skip > 0
}

const PASS_UP: &str = "
    select number, passed
    from (
        select number, count, (sum(count) over (order by number))::bigint - count as passed from quartier.block
    ) as block
    where passed + count > $1
    order by number
    limit 1";

const PASS_DOWN: &str = "
    select number, passed
    from (
        select number, count, (sum(count) over (order by number desc))::bigint - count as passed from quartier.block
    ) as block
    where passed + count > $1
    order by number desc
    limit 1";

/// The same page, from a place close before it; `None` where it is past the last one.
pub(super) async fn closer(
    reader: &PgPool,
    query: &ObservationQuery,
) -> Result<Option<ObservationQuery>> {
    let is_descending = query.order.is_descending;
    let found: Option<(i64, i64)> = sqlx::query_as(if is_descending { PASS_DOWN } else { PASS_UP })
        .bind(i64::try_from(query.skip).unwrap_or(i64::MAX))
        .fetch_optional(reader)
        .await?;
    let Some((number, passed)) = found else { return Ok(None) };
    let before =
        if is_descending { (number + 1) << BLOCK_BITS } else { (number << BLOCK_BITS) - 1 };
    let id = u64::try_from(before).ok().map(EntityId);
    Ok(Some(ObservationQuery {
        after: id.map(|id| ObservationKey { value: KeyValue::Id, id }),
        skip: query.skip - passed.unsigned_abs(),
        ..query.clone()
    }))
}

const REACH: &str = "
    select coalesce(min(number) << $1, 0), coalesce(((max(number) + 1) << $1) - 1, 0)
    from quartier.block
    where count > 0";

/// The least and the greatest number that an observation can have.
pub(super) async fn reach(reader: &PgPool) -> Result<(i64, i64)> {
    Ok(sqlx::query_as(REACH).bind(BLOCK_BITS.cast_signed()).fetch_one(reader).await?)
}
