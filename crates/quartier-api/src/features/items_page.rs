use std::collections::BTreeSet;

use axum::response::Response;
use quartier_index::{ObjectRef, ValueRef};
use quartier_model::{Property, PropertyKind, ResultValue};
use quartier_twin::{
    CollectionSnapshot,
    sensors::{ObjectReading, Reader},
};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use super::items_query::ItemsQuery;
use crate::{
    ask::Ask, error::Result, format::Format, limits::PAGE_HTML_MAX, links::segment, readings::unit,
};

/// Objects as a table, with what is measured at them in its last columns.
pub(super) fn answer(
    ask: &Ask,
    it: &CollectionSnapshot,
    query: &ItemsQuery,
    reader: Option<&Reader>,
) -> Result<Response> {
    let found = query.page(it, query.limit.min(PAGE_HTML_MAX))?;
    let objects: Vec<_> = found.fids.iter().filter_map(|fid| it.index.by_fid(*fid)).collect();
    let readings = |object: &ObjectRef<'_>| {
        reader.map_or_else(Vec::new, |reader| reader.of(&it.collection.id, object.fid()))
    };
    let readings: Vec<Vec<ObjectReading>> = objects.iter().map(readings).collect();
    let measured: BTreeSet<&str> = readings.iter().flatten().map(|it| &*it.property).collect();
    let features = objects.iter().zip(&readings);
    let features: Vec<Value> =
        features.map(|(object, readings)| row(ask, it, *object, &measured, readings)).collect();
    let columns = it.collection.schema.properties.iter();
    let columns = columns.map(|it| it.title.as_deref().unwrap_or(&it.name));
    let next = found.next.map(|next| ask.address(&[("after", Some(&next.to_string()))]));
    let document = json!({
        "title": it.collection.title,
        "numberMatched": found.matched,
        "numberReturned": features.len(),
        "columns": columns.chain(measured.iter().copied()).collect::<Vec<_>>(),
        "features": features,
        "first": ask.address(&[("after", None)]),
        "next": next,
    });
    Ok(ask.answer(Format::Html, "items.html", &document))
}

fn row(
    ask: &Ask,
    it: &CollectionSnapshot,
    object: ObjectRef<'_>,
    measured: &BTreeSet<&str>,
    readings: &[ObjectReading],
) -> Value {
    let columns = it.collection.schema.properties.iter();
    let own = columns.map(|property| worded(property, object.property(&property.name)));
    let reading = |name: &&str| readings.iter().find(|it| it.property == *name);
    let measured =
        measured.iter().map(|name| reading(name).map(worded_reading).unwrap_or_default());
    let cells: Vec<String> = own.chain(measured).collect();
    let collection = segment(it.collection.id.as_str());
    let path = format!("/collections/{collection}/items/{}?f=html", segment(object.id()));
    json!({ "id": object.id(), "href": ask.base.url(&path), "cells": cells })
}

/// A reading as a person reads it: with its unit, and when it was measured.
pub(super) fn worded_reading(reading: &ObjectReading) -> String {
    let value = match reading.value.as_ref().map(ResultValue::to_json) {
        Some(Value::String(text)) => text,
        Some(value) => value.to_string(),
        None => return String::new(),
    };
    let unit = reading.unit.as_ref().and_then(unit).unwrap_or_default();
    let time = reading.time.format(&Rfc3339).unwrap_or_default();
    format!("{value} {unit} ({time})")
}

/// A value as a person reads it: a code with what it means, a number with its unit.
pub(super) fn worded(property: &Property, value: ValueRef<'_>) -> String {
    let value = value.to_value();
    let text = match &value {
        Value::Null => return String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if let Some((_, meaning)) = property.codes.iter().find(|(code, _)| *code == value) {
        return format!("{meaning} ({text})");
    }
    match (&property.unit, property.kind) {
        (Some(unit), PropertyKind::Integer | PropertyKind::Number) => format!("{text} {unit}"),
        _ => text,
    }
}
