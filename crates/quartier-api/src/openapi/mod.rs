//! The API's own description: [OpenAPI 3.0](https://spec.openapis.org/oas/v3.0.3).

mod components;
mod features;
mod operations;
mod parameters;
mod sensors;
mod sensorthings;
mod tiles;
mod transactions;
mod twin;

use axum::{extract::State, response::Response};
use serde_json::{Map, Value, json};

use crate::{App, ask::Ask, city::City, error::Result, format::Format};

/// [The API definition](https://docs.ogc.org/is/17-069r4/17-069r4.html#_api_definition_2).
pub(crate) async fn api(State(app): State<App>, ask: Ask, city: City) -> Result<Response> {
    let format = ask.settle(&[Format::OpenApi, Format::Html])?;
    Ok(ask.answer(format, "api.html", &document(&app, &ask, &city)))
}

fn document(app: &App, ask: &Ask, city: &City) -> Value {
    let mut paths = Map::new();
    paths.extend(features::paths());
    paths.extend(features::paths_of_collections(city));
    paths.extend(tiles::paths());
    paths.extend(twin::paths());
    paths.extend(sensors::paths());
    paths.extend(operations::paths());
    sensorthings::add_to(&mut paths, app);
    if app.is_writable() {
        transactions::add_to(&mut paths);
        sensors::add_writes(&mut paths);
    }
    let description = app.settings.description.as_deref();
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": app.settings.title,
            "description": description.unwrap_or("A city's digital twin over open standards."),
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{ "url": ask.base.url("") }],
        "tags": [
            { "name": "features", "description": "OGC API - Features" },
            { "name": "transactions", "description": "Writing, with a bearer token" },
            { "name": "tiles", "description": "OGC API - Tiles, TileJSON and map styles" },
            { "name": "sensorthings", "description": "OGC SensorThings API" },
            { "name": "sensors", "description": "Readings joined to the city's objects" },
            { "name": "twin", "description": "What no standard has" },
            { "name": "operations", "description": "For whoever runs the server" },
        ],
        "paths": paths,
        "components": components::components(app, city),
    })
}

/// A reading operation with its parameters and its good answer.
fn read(tag: &str, id: &str, summary: &str, parameters: &[&str], answer: Value) -> Value {
    let parameters: Vec<Value> = parameters.iter().map(|name| parameter(name)).collect();
    json!({
        "tags": [tag],
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "responses": with_problems(&[("200", answer)]),
    })
}

fn parameter(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

/// The good answers, and what may come instead of them.
fn with_problems(good: &[(&str, Value)]) -> Value {
    const PROBLEMS: [(&str, &str); 4] = [
        ("400", "BadRequest"),
        ("404", "NotFound"),
        ("406", "NotAcceptable"),
        ("default", "Problem"),
    ];
    let good = good.iter().map(|(status, answer)| ((*status).to_owned(), answer.clone()));
    let problems = PROBLEMS.iter().map(|(status, name)| {
        ((*status).to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }))
    });
    Value::Object(good.chain(problems).collect())
}

/// An answer of a format, and as a page.
fn shown(description: &str, format: Format, schema: &Value) -> Value {
    let mut answer = plain(description, format.media_type(), schema);
    answer["content"][Format::Html.link_type()] = json!({ "schema": { "type": "string" } });
    answer
}

/// An answer of one format only.
fn plain(description: &str, media_type: &str, schema: &Value) -> Value {
    let mut content = Map::new();
    content.insert(media_type.to_owned(), json!({ "schema": schema }));
    json!({ "description": description, "content": content })
}

fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[expect(clippy::needless_pass_by_value, reason = "each operation is made for its place")]
fn path(path: &str, operation: Value) -> (String, Value) {
    (path.to_owned(), json!({ "get": operation }))
}
