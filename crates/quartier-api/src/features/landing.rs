use axum::{extract::State, response::Response};
use quartier_twin::CollectionSnapshot;
use serde_json::{Value, json};

use super::without_nulls;
use crate::{App, ask::Ask, city::City, error::Result, format::Format, links::Link};

const OFFERED: &[Format] = &[Format::Json, Format::Html];

/// [The landing page](https://docs.ogc.org/is/17-069r4/17-069r4.html#_api_landing_page).
pub(crate) async fn landing(State(app): State<App>, ask: Ask, city: City) -> Result<Response> {
    let format = ask.settle(OFFERED)?;
    let mut links = ask.own_links(format, OFFERED);
    links.extend(interfaces(&ask));
    let collections: Vec<Value> = city.collections().map(|it| summary(it)).collect();
    let document = json!({
        "title": app.settings.title,
        "description": app.settings.description,
        "links": links,
        "collections": (format == Format::Html).then_some(collections),
    });
    Ok(ask.answer(format, "landing.html", &without_nulls(document)))
}

fn interfaces(ask: &Ask) -> Vec<Link> {
    const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
    const TILING_SCHEMES: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";
    const STYLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/styles";
    vec![
        ask.link("service-desc", "/api", Format::OpenApi, "The API's definition"),
        ask.link("service-doc", "/api?f=html", Format::Html, "The API's documentation"),
        ask.link("conformance", "/conformance", Format::Json, "Conformance classes"),
        ask.link("data", "/collections", Format::Json, "Collections"),
        ask.link(TILESETS, "/tiles", Format::Json, "Vector tiles"),
        ask.link(TILING_SCHEMES, "/tileMatrixSets", Format::Json, "Tile matrix sets"),
        ask.link("related", "/archives", Format::Json, "Base layers"),
        ask.link(STYLES, "/styles", Format::Json, "Map styles"),
        ask.link("related", "/sensorthings/v1.1", Format::Json, "SensorThings API"),
        ask.link("related", "/twin/v1/observedProperties", Format::Json, "What is measured"),
        ask.link("related", "/twin/v1/latest", Format::Json, "The latest readings"),
        ask.link("related", "/twin/v1/feeds", Format::Json, "Where readings come from"),
        ask.link("related", "/live", Format::EventStream, "Readings as they come"),
        ask.link("preview", "/map", Format::Html, "Map"),
    ]
}

fn summary(it: &CollectionSnapshot) -> Value {
    json!({ "id": it.collection.id, "title": it.collection.title, "count": it.index.len() })
}
