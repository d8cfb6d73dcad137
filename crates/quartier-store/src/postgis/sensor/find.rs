use std::ops::RangeInclusive;

use quartier_model::EntityId;
use sqlx::{Postgres, QueryBuilder};
use time::OffsetDateTime;

use super::{micros::Micros, rows::COLUMNS};
use crate::{
    Bounds, Error, KeyValue, ObservationFilter, ObservationKey, ObservationOrder, ObservationQuery,
    OrderBy, Result, sensor::micros,
};

pub(super) type Sql = QueryBuilder<Postgres>;

/// Up to so many datastreams are read one by one from the index of each, and merged; more are looked for in the order
/// of the whole.
const MERGED_MAX: usize = 64;

/// As a time that comes last: the order of those without one.
const RESULT_TIME: &str = "coalesce(nullif(result_time, '-infinity'), 'infinity')";

/// The statement for a page. Features have been made a condition on datastreams too.
pub(super) fn page(query: &ObservationQuery) -> Result<Sql> {
    let several = query.filter.datastreams.as_deref().filter(|them| them.len() > 1);
    match several {
        _ if query.for_each_datastream => page_of_each(query),
        Some(them) if them.len() <= MERGED_MAX && query.filter.ids.is_none() => merged(query, them),
        _ => {
            let mut sql = Sql::new("select");
            select(&mut sql, query, None)?;
            window(&mut sql, query.skip, query.limit);
            Ok(sql)
        }
    }
}

/// The same, but only within numbers.
pub(super) fn page_within(query: &ObservationQuery, numbers: &RangeInclusive<i64>) -> Result<Sql> {
    let mut sql = Sql::new("select");
    columns(&mut sql, query, None);
    sql.push(" and id between ").push_bind(*numbers.start());
    sql.push(" and ").push_bind(*numbers.end());
    rest(&mut sql, query)?;
    window(&mut sql, query.skip, query.limit);
    Ok(sql)
}

fn page_of_each(query: &ObservationQuery) -> Result<Sql> {
    let mut sql = of_each(query.filter.datastreams.as_deref());
    select(&mut sql, query, Some("wanted.datastream"))?;
    window(&mut sql, query.skip, query.limit);
    sql.push(") as page order by page.datastream");
    for key in keys(query.order) {
        sql.push(", ").push(key).push(direction(query.order));
    }
    Ok(sql)
}

/// The first of each datastream in the order, and of these the first.
fn merged(query: &ObservationQuery, datastreams: &[EntityId]) -> Result<Sql> {
    let mut sql = of_each(Some(datastreams));
    select(&mut sql, query, Some("wanted.datastream"))?;
    let reach = query.skip.saturating_add(u64::from(query.limit));
    sql.push(" limit ").push_bind(clamped(reach)).push(") as page");
    order(&mut sql, query.order);
    window(&mut sql, query.skip, query.limit);
    Ok(sql)
}

fn of_each(datastreams: Option<&[EntityId]>) -> Sql {
    let mut sql = Sql::new("select page.* from ");
    match datastreams {
        Some(them) => {
            sql.push("(select distinct unnest(").push_bind(numbers(them)).push(") as datastream)")
        }
        None => sql.push("(select datastream from quartier.summary)"),
    };
    sql.push(" as wanted cross join lateral (select");
    sql
}

/// From the columns to the order; `datastream` is an expression for the only one.
fn select(sql: &mut Sql, query: &ObservationQuery, datastream: Option<&str>) -> Result<()> {
    columns(sql, query, datastream);
    rest(sql, query)
}

fn columns(sql: &mut Sql, query: &ObservationQuery, datastream: Option<&str>) {
    sql.push(COLUMNS).push(" from quartier.observation where true");
    match (datastream, query.filter.datastreams.as_deref()) {
        (Some(expression), _) => {
            sql.push(" and datastream = ").push(expression);
        }
        (None, Some([one])) => {
            sql.push(" and datastream = ").push_bind(one.0.cast_signed());
        }
        (None, Some(several)) => {
            sql.push(" and datastream = any(").push_bind(numbers(several)).push(")");
        }
        (None, None) => {}
    }
}

fn rest(sql: &mut Sql, query: &ObservationQuery) -> Result<()> {
    conditions(sql, &query.filter);
    if let Some(after) = &query.after {
        start_after(sql, query.order, after)?;
    }
    order(sql, query.order);
    Ok(())
}

/// How many fulfil a filter by datastreams and features alone; from what is kept.
pub(super) fn kept_count(filter: &ObservationFilter) -> Sql {
    let table = if filter.features.is_some() { "quartier.observed" } else { "quartier.summary" };
    let mut sql = Sql::new("select coalesce(sum(count), 0)::bigint from ");
    sql.push(table).push(" where true");
    for (column, numbers) in [
        ("datastream", ids(filter.datastreams.as_ref())),
        ("feature", ids(filter.features.as_ref())),
    ] {
        if let Some(numbers) = numbers {
            sql.push(" and ").push(column).push(" = any(").push_bind(numbers).push(")");
        }
    }
    sql
}

/// How many fulfil the filter.
pub(super) fn count(filter: &ObservationFilter) -> Sql {
    let mut sql = Sql::new("select count(*) from quartier.observation where true");
    if let Some(datastreams) = &filter.datastreams {
        sql.push(" and datastream = any(").push_bind(numbers(datastreams)).push(")");
    }
    conditions(&mut sql, filter);
    sql
}

/// Every condition but that on datastreams.
fn conditions(sql: &mut Sql, filter: &ObservationFilter) {
    for (column, numbers) in
        [("id", ids(filter.ids.as_ref())), ("feature", ids(filter.features.as_ref()))]
    {
        if let Some(numbers) = numbers {
            sql.push(" and ").push(column).push(" = any(").push_bind(numbers).push(")");
        }
    }
    times(sql, "phenomenon_start", filter.phenomenon_start);
    times(sql, "phenomenon_end", filter.phenomenon_end);
    if filter.phenomenon_end.max.is_some() {
        // Follows from the condition on the end, and leaves out whole months.
        let max = filter.phenomenon_end.max;
        times(sql, "phenomenon_start", Bounds { min: None, max });
    }
    times(sql, "result_time", filter.result_time);
    if filter.result_time.max.is_some() && filter.result_time.min.is_none() {
        sql.push(" and result_time > '-infinity'");
    }
    let Bounds { min, max } = filter.result;
    for (bound, operator) in [(min, ">="), (max, "<=")] {
        if let Some(bound) = bound {
            sql.push(" and result ").push(operator).push_bind(bound);
        }
    }
}

fn times(sql: &mut Sql, column: &str, bounds: Bounds<OffsetDateTime>) {
    for (bound, operator) in [(bounds.min, ">="), (bounds.max, "<=")] {
        if let Some(bound) = bound {
            sql.push(" and ").push(column).push(" ").push(operator).push(" ");
            sql.push_bind(Micros(micros(bound)));
        }
    }
}

/// Only what comes after the key, told so that an index in the order starts there.
fn start_after(sql: &mut Sql, by: ObservationOrder, after: &ObservationKey) -> Result<()> {
    let (id, operator) = (after.id.0.cast_signed(), if by.is_descending { "<" } else { ">" });
    match (by.by, &after.value) {
        (OrderBy::PhenomenonTime, KeyValue::Time(Some(time))) => {
            let time = Micros(micros(*time));
            // Leaves out whole months, which a comparison of rows does not.
            sql.push(" and phenomenon_start ").push(operator).push("= ").push_bind(time);
            sql.push(" and (phenomenon_start, id) ").push(operator);
            sql.push(" (").push_bind(time).push(", ").push_bind(id).push(")");
        }
        (OrderBy::ResultTime, KeyValue::Time(time)) => {
            sql.push(" and (").push(RESULT_TIME).push(", id) ").push(operator).push(" (");
            match time {
                Some(time) => sql.push_bind(Micros(micros(*time))),
                None => sql.push("'infinity'"),
            };
            sql.push(", ").push_bind(id).push(")");
        }
        (OrderBy::Result, KeyValue::Number(number)) => {
            sql.push(" and ((result, id) ").push(operator);
            sql.push(" (").push_bind(*number).push(", ").push_bind(id).push(")");
            sql.push(if by.is_descending { ")" } else { " or result is null)" });
        }
        (OrderBy::Result, KeyValue::Text(text)) => {
            sql.push(" and (result is null and (result_json, id) ").push(operator);
            sql.push(" (").push_bind(text.clone()).push(", ").push_bind(id).push(")");
            sql.push(if by.is_descending { " or result is not null)" } else { ")" });
        }
        (OrderBy::Id, KeyValue::Id) => {
            sql.push(" and id ").push(operator).push(" ").push_bind(id);
        }
        _ => return Err(Error::WrongPlace),
    }
    Ok(())
}

/// Numbers stand before what is none, since nulls come last.
fn keys(order: ObservationOrder) -> &'static [&'static str] {
    match order.by {
        OrderBy::Id => &["id"],
        OrderBy::PhenomenonTime => &["phenomenon_start", "id"],
        OrderBy::ResultTime => &[RESULT_TIME, "id"],
        OrderBy::Result => &["result", "result_json", "id"],
    }
}

fn order(sql: &mut Sql, order: ObservationOrder) {
    for (key, word) in keys(order).iter().zip([" order by ", ", ", ", "]) {
        sql.push(word).push(key).push(direction(order));
    }
}

fn direction(order: ObservationOrder) -> &'static str {
    if order.is_descending { " desc" } else { "" }
}

fn window(sql: &mut Sql, skip: u64, limit: u32) {
    sql.push(" limit ").push_bind(i64::from(limit));
    if skip > 0 {
        sql.push(" offset ").push_bind(clamped(skip));
    }
}

fn clamped(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn ids(ids: Option<&Vec<EntityId>>) -> Option<Vec<i64>> {
    ids.map(|ids| numbers(ids))
}

pub(super) fn numbers(ids: &[EntityId]) -> Vec<i64> {
    ids.iter().map(|id| id.0.cast_signed()).collect()
}
