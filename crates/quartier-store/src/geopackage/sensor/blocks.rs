//! What is kept of each 16,384 numbers, so that a query passes over those that have nothing for it.

use std::collections::BTreeMap;

use quartier_model::EntityId;
use sqlx::SqliteConnection;

use super::bulk::Bulk;
use crate::{
    KeyValue, ObservationFilter, ObservationKey, ObservationQuery, Result,
    sensor::{Row, micros},
};

/// Few enough to be passed over in a millisecond, and so many that 50 million observations have 3,000 blocks.
const BLOCK_BITS: u32 = 14;

struct Block {
    number: i64,
    count: i64,
    earliest_us: i64,
    latest_us: i64,
}

fn blocks<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Vec<Block> {
    let mut blocks: BTreeMap<i64, Block> = BTreeMap::new();
    for row in rows {
        let number = row.id >> BLOCK_BITS;
        let block = blocks.entry(number).or_insert(Block {
            number,
            count: 0,
            earliest_us: row.start_us,
            latest_us: row.end_us,
        });
        block.count += 1;
        block.earliest_us = block.earliest_us.min(row.start_us);
        block.latest_us = block.latest_us.max(row.end_us);
    }
    blocks.into_values().collect()
}

const ADD: Bulk = Bulk {
    start: "insert into quartier_block (number, count, earliest_us, latest_us) ",
    end: "
        on conflict (number) do update set
            count = count + excluded.count,
            earliest_us = min(earliest_us, excluded.earliest_us),
            latest_us = max(latest_us, excluded.latest_us)",
};

pub(super) async fn add<'a>(
    connection: &mut SqliteConnection,
    rows: impl IntoIterator<Item = &'a Row>,
) -> Result<()> {
    change(connection, &blocks(rows)).await
}

/// Counts rows out.
pub(super) async fn subtract(connection: &mut SqliteConnection, rows: &[Row]) -> Result<()> {
    let mut blocks = blocks(rows);
    for block in &mut blocks {
        block.count = -block.count;
    }
    change(connection, &blocks).await
}

async fn change(connection: &mut SqliteConnection, blocks: &[Block]) -> Result<()> {
    ADD.execute(connection, blocks, |values, block| {
        values
            .push_bind(block.number)
            .push_bind(block.count)
            .push_bind(block.earliest_us)
            .push_bind(block.latest_us);
    })
    .await?;
    Ok(())
}

const SUBTRACT_DATASTREAM: &str = "
    update quartier_block
    set count = quartier_block.count - gone.count
    from (
        select id >> 14 as number, count(*) as count
        from quartier_observation
        where datastream = ?
        group by id >> 14
    ) as gone
    where quartier_block.number = gone.number";

/// Counts out all that a datastream has.
pub(super) async fn subtract_datastream(
    connection: &mut SqliteConnection,
    datastream: i64,
) -> Result<()> {
    sqlx::query(SUBTRACT_DATASTREAM).bind(datastream).execute(connection).await?;
    Ok(())
}

const PASS_UP: &str = "
    select number, passed
    from (
        select number, count, sum(count) over (order by number) - count as passed
        from quartier_block
    )
    where passed + count > ?
    order by number
    limit 1";

const PASS_DOWN: &str = "
    select number, passed
    from (
        select number, count, sum(count) over (order by number desc) - count as passed
        from quartier_block
    )
    where passed + count > ?
    order by number desc
    limit 1";

/// The same page of all observations by number, from a place close before it; `None` where it is past the last one.
pub(super) async fn closer(
    connection: &mut SqliteConnection,
    query: &ObservationQuery,
) -> Result<Option<ObservationQuery>> {
    let is_descending = query.order.is_descending;
    let found: Option<(i64, i64)> = sqlx::query_as(if is_descending { PASS_DOWN } else { PASS_UP })
        .bind(i64::try_from(query.skip).unwrap_or(i64::MAX))
        .fetch_optional(connection)
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

/// The latest end and the earliest start that a block must have to hold what fulfils the filter, where the filter says
/// anything of the phenomenon time.
pub(super) fn reach(filter: &ObservationFilter) -> Option<(i64, i64)> {
    let (start, end) = (filter.phenomenon_start, filter.phenomenon_end);
    let from = start.min.max(end.min);
    let to = [start.max, end.max].into_iter().flatten().min();
    (from.is_some() || to.is_some())
        .then(|| (from.map_or(i64::MIN, micros), to.map_or(i64::MAX, micros)))
}
