use std::{collections::HashSet, ops::RangeInclusive};

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{
    blocks,
    condition::{push_after, push_filter, push_order},
    first_rows,
    put::number,
    read::{COLUMNS, rows_of},
    scope::Scope,
};
use crate::{ObservationFilter, ObservationQuery, OrderBy, Result, json::to_json, sensor::Row};
use quartier_model::Observation;

pub(super) async fn observations(
    connection: &mut SqliteConnection,
    query: &ObservationQuery,
) -> Result<Vec<Observation>> {
    let scope = Scope::of(connection, query).await?;
    if only_skips(query, &scope) {
        return match blocks::closer(connection, query).await? {
            Some(query) => fetch(connection, of_all(&query, None)?).await,
            None => Ok(Vec::new()),
        };
    }
    if let Scope::Each(datastreams) = &scope
        && let Some(rows) = first_rows::look(connection, query, datastreams).await?
    {
        let rows = of_all(query, Some((datastreams, Some(rows))))?;
        let page = fetch(connection, rows).await?;
        if page.len() == query.limit as usize {
            return Ok(page);
        }
    }
    let sql = match &scope {
        Scope::Nothing => return Ok(Vec::new()),
        Scope::Everything => of_all(query, None)?,
        Scope::One(datastream) => of_one(query, *datastream)?,
        Scope::Some(datastreams) => of_all(query, Some((datastreams, None)))?,
        Scope::Each(datastreams) => in_each(query, datastreams)?,
    };
    fetch(connection, sql).await
}

async fn fetch(
    connection: &mut SqliteConnection,
    mut sql: QueryBuilder<Sqlite>,
) -> Result<Vec<Observation>> {
    let rows = sql.build().fetch_all(connection).await?;
    rows_of(&rows)?.iter().map(Row::observation).collect()
}

/// Whether the page starts so many rows into the whole table, in the order in which that stands.
fn only_skips(query: &ObservationQuery, scope: &Scope) -> bool {
    *scope == Scope::Everything
        && query.order.by == OrderBy::Id
        && query.filter == ObservationFilter::default()
        && query.after.is_none()
        && query.skip > 0
}

/// A page of one datastream.
fn of_one(query: &ObservationQuery, datastream: i64) -> Result<QueryBuilder<Sqlite>> {
    let mut sql = start();
    sql.push("quartier_observation");
    // The plus keeps SQLite from looking through the datastream for what has a number.
    sql.push(if query.filter.ids.is_some() { " where +datastream = " } else { OF_DATASTREAM });
    sql.push_bind(datastream);
    push_page(&mut sql, query)?;
    Ok(joined(sql, query))
}

/// A page of the whole table, past what is of other datastreams where some are named, and within numbers where these
/// are bounded.
fn of_all(
    query: &ObservationQuery,
    some: Option<(&[i64], Option<RangeInclusive<i64>>)>,
) -> Result<QueryBuilder<Sqlite>> {
    let mut sql = start();
    let mut is_by_block = false;
    match (query.order.by, blocks::reach(&query.filter)) {
        _ if query.filter.ids.is_some() => drop(sql.push("quartier_observation where true")),
        (OrderBy::PhenomenonTime, _) => {
            sql.push("quartier_observation").push(BY_TIME).push(" where true");
        }
        (_, None) => drop(sql.push("quartier_observation not indexed where true")),
        (by, Some((from_us, to_us))) => {
            is_by_block = by == OrderBy::Id;
            sql.push(BLOCKS).push_bind(from_us);
            sql.push(" and block.earliest_us <= ").push_bind(to_us);
        }
    }
    if let Some((datastreams, numbers)) = some {
        sql.push(" and datastream in (select value from json_each(");
        sql.push_bind(to_json(&datastreams)).push("))");
        if let Some(numbers) = numbers {
            sql.push(" and id between ").push_bind(*numbers.start());
            sql.push(" and ").push_bind(*numbers.end());
        }
    }
    push_conditions(&mut sql, query)?;
    sql.push(" order by ");
    if is_by_block {
        // Says to SQLite that it need not sort.
        sql.push(if query.order.is_descending { "block.number desc, " } else { "block.number, " });
    }
    push_order(&mut sql, query.order, "");
    push_limit(&mut sql, query);
    Ok(joined(sql, query))
}

const OF_DATASTREAM: &str = " indexed by quartier_observation_key where datastream = ";
const BY_KEY: &str = " indexed by quartier_observation_key";
const BY_TIME: &str = " indexed by quartier_observation_time";

/// Rows of blocks that reach into a time.
const BLOCKS: &str = "
    quartier_block as block
    cross join quartier_observation not indexed
    where id >= block.number << 14 and id < (block.number + 1) << 14 and block.latest_us >= ";

/// Finds the page's numbers first, so that what is passed over is read from the index alone.
fn start() -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new(COLUMNS);
    sql.push("from (select id from ");
    sql
}

fn push_page(sql: &mut QueryBuilder<Sqlite>, query: &ObservationQuery) -> Result<()> {
    push_conditions(sql, query)?;
    sql.push(" order by ");
    push_order(sql, query.order, "");
    push_limit(sql, query);
    Ok(())
}

fn push_conditions(sql: &mut QueryBuilder<Sqlite>, query: &ObservationQuery) -> Result<()> {
    push_filter(sql, &query.filter);
    match &query.after {
        Some(key) => push_after(sql, query.order, key),
        None => Ok(()),
    }
}

fn push_limit(sql: &mut QueryBuilder<Sqlite>, query: &ObservationQuery) {
    sql.push(" limit ").push_bind(i64::from(query.limit));
    sql.push(" offset ").push_bind(i64::try_from(query.skip).unwrap_or(i64::MAX));
}

fn joined(mut sql: QueryBuilder<Sqlite>, query: &ObservationQuery) -> QueryBuilder<Sqlite> {
    sql.push(
        ") as page cross join quartier_observation as observation
        where observation.id = page.id
        order by ",
    );
    push_order(&mut sql, query.order, "observation.");
    sql
}

/// The first of each datastream; where one page of all was asked for, the page is among these.
fn in_each(query: &ObservationQuery, datastreams: &[i64]) -> Result<QueryBuilder<Sqlite>> {
    let inner = if query.for_each_datastream {
        query.clone()
    } else {
        let limit = u64::from(query.limit).saturating_add(query.skip);
        ObservationQuery {
            limit: u32::try_from(limit).unwrap_or(u32::MAX),
            skip: 0,
            ..query.clone()
        }
    };
    let mut sql = QueryBuilder::new(COLUMNS);
    sql.push("from json_each(").push_bind(to_json(&datastreams));
    sql.push(
        ") as chosen cross join quartier_observation as observation
        where observation.id in (
            select id from quartier_observation",
    );
    sql.push(BY_KEY).push(" where datastream = chosen.value");
    push_page(&mut sql, &inner)?;
    sql.push(") order by ");
    if query.for_each_datastream {
        sql.push("observation.datastream, ");
        push_order(&mut sql, query.order, "observation.");
    } else {
        push_order(&mut sql, query.order, "observation.");
        push_limit(&mut sql, query);
    }
    Ok(sql)
}

const KEPT: &str = "select coalesce(sum(count), 0) from quartier_summary";

pub(super) async fn count(
    connection: &mut SqliteConnection,
    filter: &ObservationFilter,
) -> Result<u64> {
    let needs_rows = ObservationFilter {
        datastreams: filter.datastreams.clone(),
        features: filter.features.clone(),
        ..ObservationFilter::default()
    } != *filter;
    let mut sql = if needs_rows {
        counted(filter)
    } else if filter.datastreams.is_none() && filter.features.is_none() {
        QueryBuilder::new(KEPT)
    } else {
        kept(filter)
    };
    let count: i64 = sql.build_query_scalar().fetch_one(connection).await?;
    Ok(count.cast_unsigned())
}

fn kept(filter: &ObservationFilter) -> QueryBuilder<Sqlite> {
    let mut sql =
        QueryBuilder::new("select coalesce(sum(count), 0) from quartier_observed where true");
    for (column, ids) in [("datastream", &filter.datastreams), ("feature", &filter.features)] {
        let Some(ids) = ids else { continue };
        let ids: Vec<i64> = ids.iter().copied().map(number).collect();
        sql.push(" and ").push(column).push(" in (select value from json_each(");
        sql.push_bind(to_json(&ids)).push("))");
    }
    sql
}

fn counted(filter: &ObservationFilter) -> QueryBuilder<Sqlite> {
    let Some(datastreams) = &filter.datastreams else {
        let mut sql = QueryBuilder::new("select count(*) from quartier_observation where true");
        push_filter(&mut sql, filter);
        return sql;
    };
    let distinct: HashSet<i64> = datastreams.iter().copied().map(number).collect();
    let mut sql = QueryBuilder::new(
        "select coalesce(sum((
            select count(*) from quartier_observation where datastream = chosen.value",
    );
    push_filter(&mut sql, filter);
    sql.push(")), 0) from json_each(").push_bind(to_json(&distinct)).push(") as chosen");
    sql
}
