use quartier_model::Property;
use serde_json::{Value, json};

use super::{parameter, path, read, schema, shown, with_problems};
use crate::{
    city::City, features::property_schema, format::Format, links::segment,
    params::property::is_queryable,
};

const TAG: &str = "features";

/// What a page of items is asked with, beside the collection's own properties.
const ITEMS: &[&str] = &[
    "bbox",
    "bbox-crs",
    "crs",
    "datetime",
    "limit",
    "after",
    "id",
    "source_id",
    "readings",
    "f",
    "lang",
];

#[rustfmt::skip]
pub(super) fn paths() -> Vec<(String, Value)> {
    let any = json!({ "type": "object" });
    let json = |said: &str| shown(said, Format::Json, &schema("document"));
    let general = |id: &str, said: &str| read(TAG, id, said, &["f", "lang"], json(said));
    let one = ["collectionId", "f", "lang"];
    let schema_of = |id: &str, said: &str| read(TAG, id, said, &one, shown(said, Format::Schema, &any));
    let api = read(TAG, "api", "The API's definition", &["f", "lang"], shown("This document", Format::OpenApi, &any));
    let items: Vec<&str> = std::iter::once("collectionId").chain(ITEMS.iter().copied()).collect();
    let item = ["collectionId", "objectId", "crs", "readings", "f", "lang"];
    vec![
        path("/", general("landingPage", "Links to everything")),
        path("/conformance", general("conformance", "Conformance classes")),
        path("/api", api),
        path("/collections", general("collections", "All collections")),
        path("/collections/{collectionId}", read(TAG, "collection", "A collection", &one, json("The collection"))),
        path("/collections/{collectionId}/schema", schema_of("schema", "What the objects have")),
        path("/collections/{collectionId}/queryables", schema_of("queryables", "What the objects can be filtered by")),
        path("/collections/{collectionId}/sortables", schema_of("sortables", "What the objects can be sorted by")),
        path("/collections/{collectionId}/items", read(TAG, "items", "Objects", &items, page())),
        path("/collections/{collectionId}/items/{objectId}", read(TAG, "item", "An object", &item, feature())),
    ]
}

/// Each collection's items with the properties that they can be filtered by.
pub(super) fn paths_of_collections(city: &City) -> Vec<(String, Value)> {
    let items = city.collections().map(|it| {
        let said = &it.collection;
        let properties = said.schema.properties.iter().filter(|it| is_queryable(it));
        let common = ITEMS.iter().map(|name| parameter(name));
        let parameters: Vec<Value> = common.chain(properties.map(equality)).collect();
        let operation = json!({
            "tags": [TAG],
            "operationId": format!("items.{}", said.id),
            "summary": format!("Objects of {}", said.title),
            "parameters": parameters,
            "responses": with_problems(&[("200", page())]),
        });
        path(&format!("/collections/{}/items", segment(said.id.as_str())), operation)
    });
    items.collect()
}

fn equality(property: &Property) -> Value {
    let said = property.title.as_ref().unwrap_or(&property.name);
    let mut schema = property_schema(property);
    // OpenAPI 3.0 knows no `const`.
    if schema.shift_remove("oneOf").is_some() {
        let codes = property.codes.iter().map(|(code, _)| code.clone()).collect();
        schema.insert("enum".to_owned(), codes);
    }
    json!({
        "name": property.name,
        "in": "query",
        "description": format!("Objects with this value: {said}"),
        "schema": schema,
    })
}

fn feature() -> Value {
    shown("An object", Format::GeoJson, &schema("feature"))
}

fn page() -> Value {
    let said = "Objects, and a `next` link where there are more";
    shown(said, Format::GeoJson, &schema("featureCollection"))
}
