use serde_json::{Map, Value, json};

use super::sensors;
use crate::{
    App,
    city::City,
    limits::{NEAREST_ALL_MAX, NEAREST_MAX, PAGE_DEFAULT, PAGE_MAX},
};

/// Every parameter that more than one operation may have, by the name that operations know it by.
pub(super) fn parameters(app: &App, city: &City) -> Map<String, Value> {
    let named = |(name, parameter): (&str, Value)| (name.to_owned(), parameter);
    let paths = in_path(app, city).into_iter().map(named);
    let queries = in_query(app).into_iter().map(named);
    let sensors = sensors::parameters(app).into_iter().map(named);
    paths.chain(queries).chain(lists().into_iter().map(named)).chain(sensors).collect()
}

fn in_path(app: &App, city: &City) -> Vec<(&'static str, Value)> {
    let ids: Vec<&str> = city.collections().map(|it| it.collection.id.as_str()).collect();
    let mut collection = json!({ "type": "string" });
    if !ids.is_empty() {
        collection["enum"] = json!(ids);
    }
    let text = json!({ "type": "string" });
    let count = json!({ "type": "integer", "minimum": 0 });
    let sets: Vec<&str> = app.settings.matrix_sets.iter().map(|set| &*set.id).collect();
    let set = json!({ "type": "string", "enum": sets });
    let parameter = |name: &'static str, said: &str, schema: &Value| {
        let parameter = json!({
            "name": name, "in": "path", "required": true, "description": said, "schema": schema,
        });
        (name, parameter)
    };
    vec![
        parameter("collectionId", "The collection's id", &collection),
        parameter("objectId", "The object's id", &text),
        parameter("tileMatrixSetId", "The tile matrix set", &set),
        parameter("tileMatrix", "The zoom", &count),
        parameter("tileRow", "The row from the top (y)", &count),
        parameter("tileCol", "The column from the left (x)", &count),
        parameter("archiveId", "The base layer's id", &text),
        parameter("z", "The zoom", &count),
        parameter("x", "The column from the west", &count),
        parameter("y", "The row from the north", &count),
        parameter("styleId", "The style's id", &text),
    ]
}

fn in_query(app: &App) -> Vec<(&'static str, Value)> {
    const DATETIME: &str =
        "An RFC 3339 date-time or date, or an interval of two with `/` between, open with `..`";
    const FILTER: &str = "CQL2 as text: conditions with AND between, each a property with `=` and a value, or once S_INTERSECTS or S_WITHIN of `geometry` and BBOX or a WKT geometry";
    let text = json!({ "type": "string" });
    let languages = json!({ "type": "string", "enum": ["cql2-text"], "default": "cql2-text" });
    let crs = json!({ "type": "string", "format": "uri", "enum": app.crss.uris() });
    let language = json!({ "type": "string", "enum": ["en", "de"] });
    let distance = json!({ "type": "number", "minimum": 0 });
    let count = |default: usize, max: usize| json!({ "type": "integer", "minimum": 1, "maximum": max, "default": default });
    let query = |key: &'static str, said: &str, schema: &Value| (key, one(key, said, schema));
    let limit = "Objects on one page; more than the maximum is the maximum";
    vec![
        query("f", "The format, whatever `Accept` says", &text),
        query("lang", "The language of pages", &language),
        query("limit", limit, &count(PAGE_DEFAULT, PAGE_MAX)),
        query("after", "Where the page starts: as the `next` link says", &text),
        query("crs", "The CRS of coordinates in the answer; CRS84 without it", &crs),
        query("bbox-crs", "The CRS of `bbox`; CRS84 without it", &crs),
        query("datetime", DATETIME, &text),
        query("filter", FILTER, &text),
        query("filter-lang", "The language of `filter`", &languages),
        query("filter-crs", "The CRS of geometries in `filter`; CRS84 without it", &crs),
        query("id", "The object with this id", &text),
        query("source_id", "Objects whose id in their source is this", &text),
        query("k", "How many neighbours", &count(PAGE_DEFAULT, NEAREST_ALL_MAX)),
        query("max_distance_m", "Neighbours at most this many metres away", &distance),
        ("limitNearest", one("limit", "Neighbours on one page", &count(NEAREST_MAX, NEAREST_MAX))),
    ]
}

fn one(name: &str, said: &str, schema: &Value) -> Value {
    // Features Part 1 asks for `style` and `explode` of `limit` and `datetime` in so many words.
    json!({
        "name": name, "in": "query", "description": said,
        "style": "form", "explode": false, "schema": schema,
    })
}

fn lists() -> Vec<(&'static str, Value)> {
    const BBOX: &str = "Objects that share a point with the box: least and greatest coordinates, with heights third and sixth of six, in the order of the axes of `bbox-crs`. Across the antimeridian the west is greater than the east.";
    let numbers = |min: u8, max: u8| json!({ "type": "array", "minItems": min, "maxItems": max, "items": { "type": "number" } });
    let names = json!({ "type": "array", "items": { "type": "string" } });
    let list = |name: &'static str, said: &str, is_required: bool, schema: Value| {
        let parameter = json!({
            "name": name, "in": "query", "required": is_required, "description": said,
            "style": "form", "explode": false, "schema": schema,
        });
        (name, parameter)
    };
    vec![
        list("bbox", BBOX, false, numbers(4, 6)),
        list("point", "Two coordinates in the order of the axes of `crs`", true, numbers(2, 2)),
        list("collection", "Ids of collections, with commas between", true, names.clone()),
        list("collections", "Ids of collections, with commas between", false, names.clone()),
        list("properties", "Properties that tiles have; all without it", false, names),
    ]
}
