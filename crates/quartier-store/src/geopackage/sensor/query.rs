use std::collections::HashSet;

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{
    condition::{push_after, push_filter, push_order},
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
    let mut sql = match &scope {
        Scope::Nothing => return Ok(Vec::new()),
        Scope::Everything => in_one_index(query, None)?,
        Scope::One(datastream) => in_one_index(query, Some(*datastream))?,
        Scope::Some(datastreams) => in_one_index_among(query, datastreams)?,
        Scope::Each(datastreams) => in_each(query, datastreams)?,
    };
    let rows = sql.build().fetch_all(connection).await?;
    rows_of(&rows)?.iter().map(Row::observation).collect()
}

const BY_ID: &str = " not indexed";
const BY_KEY: &str = " indexed by quartier_observation_key";
const BY_TIME: &str = " indexed by quartier_observation_time";

/// A page of the whole table or of one datastream.
fn in_one_index(query: &ObservationQuery, datastream: Option<i64>) -> Result<QueryBuilder<Sqlite>> {
    let index = match (datastream, query.order.by) {
        _ if query.filter.ids.is_some() => "",
        (Some(_), _) => BY_KEY,
        (None, OrderBy::PhenomenonTime) => BY_TIME,
        (None, _) => BY_ID,
    };
    let mut sql = page(index);
    if let Some(datastream) = datastream {
        sql.push(" and datastream = ").push_bind(datastream);
    }
    push_page(&mut sql, query)?;
    Ok(joined(sql, query))
}

/// A page of the whole table, past what is of other datastreams.
fn in_one_index_among(
    query: &ObservationQuery,
    datastreams: &[i64],
) -> Result<QueryBuilder<Sqlite>> {
    let index = match query.order.by {
        _ if query.filter.ids.is_some() => "",
        OrderBy::PhenomenonTime => BY_TIME,
        OrderBy::Id | OrderBy::ResultTime | OrderBy::Result => BY_ID,
    };
    let mut sql = page(index);
    sql.push(" and datastream in (select value from json_each(");
    sql.push_bind(to_json(&datastreams)).push("))");
    push_page(&mut sql, query)?;
    Ok(joined(sql, query))
}

/// Finds the page's keys first, so that what is passed over is read from the index alone.
fn page(index: &str) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new(COLUMNS);
    sql.push("from (select id from quartier_observation").push(index);
    sql.push(" where true");
    sql
}

fn push_page(sql: &mut QueryBuilder<Sqlite>, query: &ObservationQuery) -> Result<()> {
    push_filter(sql, &query.filter);
    if let Some(key) = &query.after {
        push_after(sql, query.order, key)?;
    }
    sql.push(" order by ");
    push_order(sql, query.order, "");
    sql.push(" limit ").push_bind(i64::from(query.limit));
    sql.push(" offset ").push_bind(query.skip.min(i64::MAX as u64).cast_signed());
    Ok(())
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
        sql.push(" limit ").push_bind(i64::from(query.limit));
        sql.push(" offset ").push_bind(query.skip.min(i64::MAX as u64).cast_signed());
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
