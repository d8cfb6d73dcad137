use axum::response::Response;
use quartier_index::{ObjectRef, ValueRef};
use quartier_model::{Property, PropertyKind};
use quartier_twin::CollectionSnapshot;
use serde_json::{Value, json};

use super::items_query::ItemsQuery;
use crate::{ask::Ask, error::Result, format::Format, limits::PAGE_HTML_MAX, links::segment};

/// Objects as a table.
pub(super) fn answer(ask: &Ask, it: &CollectionSnapshot, query: &ItemsQuery) -> Result<Response> {
    Ok(ask.answer(Format::Html, "items.html", &table(ask, it, query)?))
}

fn table(ask: &Ask, it: &CollectionSnapshot, query: &ItemsQuery) -> Result<Value> {
    let found = query.page(it, query.limit.min(PAGE_HTML_MAX))?;
    let objects = found.fids.iter().filter_map(|fid| it.index.by_fid(*fid));
    let features: Vec<Value> = objects.map(|object| row(ask, it, object)).collect();
    let columns = it.collection.schema.properties.iter();
    let next = found.next.map(|next| ask.address(&[("after", Some(&next.to_string()))]));
    Ok(json!({
        "title": it.collection.title,
        "numberMatched": found.matched,
        "numberReturned": features.len(),
        "columns": columns.map(|it| it.title.as_ref().unwrap_or(&it.name)).collect::<Vec<_>>(),
        "features": features,
        "first": ask.address(&[("after", None)]),
        "next": next,
    }))
}

fn row(ask: &Ask, it: &CollectionSnapshot, object: ObjectRef<'_>) -> Value {
    let columns = it.collection.schema.properties.iter();
    let cells: Vec<String> =
        columns.map(|property| worded(property, object.property(&property.name))).collect();
    let collection = segment(it.collection.id.as_str());
    let path = format!("/collections/{collection}/items/{}?f=html", segment(object.id()));
    json!({ "id": object.id(), "href": ask.base.url(&path), "cells": cells })
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
