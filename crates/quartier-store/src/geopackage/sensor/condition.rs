use sqlx::{QueryBuilder, Sqlite};

use super::put::number;
use crate::{
    Bounds, Error, KeyValue, ObservationFilter, ObservationKey, ObservationOrder, OrderBy, Result,
    json::to_json,
    sensor::{NO_TIME_US, micros},
};

/// Appends the filter's conditions, each after an `and`, but for the one on datastreams.
pub(super) fn push_filter(sql: &mut QueryBuilder<Sqlite>, filter: &ObservationFilter) {
    for (column, ids) in [("id", &filter.ids), ("feature", &filter.features)] {
        let Some(ids) = ids else { continue };
        let ids: Vec<i64> = ids.iter().copied().map(number).collect();
        sql.push(" and ").push(column).push(" in (select value from json_each(");
        sql.push_bind(to_json(&ids)).push("))");
    }
    let time =
        |bounds: &Bounds<_>| Bounds { min: bounds.min.map(micros), max: bounds.max.map(micros) };
    let (mut start, end) = (time(&filter.phenomenon_start), time(&filter.phenomenon_end));
    // What has ended by then has started by then, of which there are indexes.
    start.max = [start.max, end.max].into_iter().flatten().min();
    push_bounds(sql, "phenomenon_start_us", start);
    push_bounds(sql, "phenomenon_end_us", end);
    let mut result_time = time(&filter.result_time);
    if result_time.max.is_some() {
        result_time.min = Some(result_time.min.unwrap_or(NO_TIME_US).max(NO_TIME_US + 1));
    }
    push_bounds(sql, "result_time_us", result_time);
    push_bounds(sql, "result", filter.result);
}

fn push_bounds<T>(sql: &mut QueryBuilder<Sqlite>, column: &str, bounds: Bounds<T>)
where
    T: sqlx::Encode<'static, Sqlite> + sqlx::Type<Sqlite> + 'static,
{
    if let Some(min) = bounds.min {
        sql.push(" and ").push(column).push(" >= ").push_bind(min);
    }
    if let Some(max) = bounds.max {
        sql.push(" and ").push(column).push(" <= ").push_bind(max);
    }
}

/// The columns of the order, with their direction.
pub(super) fn push_order(sql: &mut QueryBuilder<Sqlite>, order: ObservationOrder, table: &str) {
    let direction = if order.is_descending { " desc" } else { "" };
    for expression in expressions(order.by) {
        // The tables' names come from this crate, and so do the columns'.
        let expression = expression.replace('@', table);
        sql.push(expression).push(direction).push(", ");
    }
    sql.push(table).push("id").push(direction);
}

fn expressions(by: OrderBy) -> &'static [&'static str] {
    match by {
        OrderBy::Id => &[],
        OrderBy::PhenomenonTime => &["@phenomenon_start_us"],
        OrderBy::ResultTime => &["@result_time_us = -9223372036854775808", "@result_time_us"],
        OrderBy::Result => &["@result is null", "@result", "@result_json"],
    }
}

/// Appends the condition that a row comes after the key in the order.
pub(super) fn push_after(
    sql: &mut QueryBuilder<Sqlite>,
    order: ObservationOrder,
    key: &ObservationKey,
) -> Result<()> {
    let later = if order.is_descending { " < (" } else { " > (" };
    let id = number(key.id);
    sql.push(" and ");
    match (order.by, &key.value) {
        (OrderBy::Id, KeyValue::Id) => {
            sql.push("(id)").push(later);
        }
        (OrderBy::PhenomenonTime, KeyValue::Time(Some(time))) => {
            // Said twice, since SQLite finds no place in an index by a pair.
            let from = if order.is_descending { " <= " } else { " >= " };
            let time_us = micros(*time);
            sql.push("phenomenon_start_us").push(from).push_bind(time_us).push(" and ");
            sql.push("(phenomenon_start_us, id)").push(later).push_bind(time_us).push(", ");
        }
        (OrderBy::ResultTime, KeyValue::Time(time)) => {
            let time_us = time.map_or(NO_TIME_US, micros);
            sql.push("(result_time_us = -9223372036854775808, result_time_us, id)").push(later);
            sql.push_bind(i64::from(time.is_none())).push(", ").push_bind(time_us).push(", ");
        }
        (OrderBy::Result, KeyValue::Number(number)) => push_number(sql, order, *number),
        (OrderBy::Result, KeyValue::Text(text)) => push_text(sql, order, text),
        _ => return Err(Error::WrongPlace),
    }
    sql.push_bind(id).push(")");
    if order.by == OrderBy::Result {
        sql.push(")");
    }
    Ok(())
}

/// Opens two brackets; the id and the brackets that close them come next.
fn push_number(sql: &mut QueryBuilder<Sqlite>, order: ObservationOrder, number: f64) {
    if order.is_descending {
        sql.push("((result, id) < (");
    } else {
        sql.push("(result is null or (result, id) > (");
    }
    sql.push_bind(number).push(", ");
}

fn push_text(sql: &mut QueryBuilder<Sqlite>, order: ObservationOrder, text: &str) {
    if order.is_descending {
        sql.push("(result is not null or (result_json, id) < (");
    } else {
        sql.push("(result is null and (result_json, id) > (");
    }
    sql.push_bind(text.to_owned()).push(", ");
}
