use axum::response::Response;
use quartier_model::{Property, PropertyKind};
use serde_json::{Map, Value, json};

use super::without_nulls;
use crate::{
    ask::Ask, city::Chosen, error::Result, format::Format, params::property::is_queryable,
};

const OFFERED: &[Format] = &[Format::Schema, Format::Html];

/// What an object has: [Part 5](https://docs.ogc.org/DRAFTS/23-058r1.html), logical schema.
pub(crate) async fn schema(ask: Ask, Chosen(it): Chosen) -> Result<Response> {
    let mut members = identity();
    members.extend(it.collection.schema.properties.iter().map(member));
    answer(&ask, &it.collection.title, &members)
}

/// What an object can be filtered by: [Part 3](https://docs.ogc.org/is/19-079r2/19-079r2.html#queryables).
pub(crate) async fn queryables(ask: Ask, Chosen(it): Chosen) -> Result<Response> {
    let mut members = identity();
    let queryables = it.collection.schema.properties.iter().filter(|it| is_queryable(it));
    members.extend(queryables.map(member));
    answer(&ask, &it.collection.title, &members)
}

/// What objects can be sorted by: nothing yet, the order is that of their making.
pub(crate) async fn sortables(ask: Ask, Chosen(it): Chosen) -> Result<Response> {
    answer(&ask, &it.collection.title, &Map::new())
}

fn answer(ask: &Ask, title: &str, properties: &Map<String, Value>) -> Result<Response> {
    let format = ask.settle(OFFERED)?;
    let document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ask.address(&[("f", None), ("lang", None)]),
        "type": "object",
        "title": title,
        "properties": properties,
        "additionalProperties": false,
    });
    Ok(ask.answer(format, "schema.html", &document))
}

fn identity() -> Map<String, Value> {
    let id = json!({ "title": "Id", "type": "string", "x-ogc-role": "id" });
    let geometry = json!({ "format": "geometry-any", "x-ogc-role": "primary-geometry" });
    Map::from_iter([("id".to_owned(), id), ("geometry".to_owned(), geometry)])
}

fn member(property: &Property) -> (String, Value) {
    (property.name.clone(), Value::Object(of(property)))
}

/// A property as JSON Schema.
pub(crate) fn of(property: &Property) -> Map<String, Value> {
    let (kind, format) = match property.kind {
        PropertyKind::Boolean => (Some("boolean"), None),
        PropertyKind::Integer => (Some("integer"), None),
        PropertyKind::Number => (Some("number"), None),
        PropertyKind::Text => (Some("string"), None),
        PropertyKind::Date => (Some("string"), Some("date")),
        PropertyKind::DateTime => (Some("string"), Some("date-time")),
        PropertyKind::Json => (None, None),
    };
    let meant = |(code, meaning): &(Value, String)| json!({ "const": code, "title": meaning });
    let codes: Vec<Value> = property.codes.iter().map(meant).collect();
    let document = without_nulls(json!({
        "title": property.title,
        "description": property.description,
        "type": kind,
        "format": format,
        "oneOf": (!codes.is_empty()).then_some(codes),
        "x-ogc-unit": property.unit,
        "x-ogc-unitLang": property.unit.as_ref().map(|_| "UCUM"),
    }));
    document.as_object().cloned().unwrap_or_default()
}
