use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use quartier_model::Crs;
use quartier_tiles::TileMatrixSet;
use quartier_twin::CollectionSnapshot;
use serde_json::{Map, Value, json};

use super::{coord, layers::Layers, tilejson::tilejson};
use crate::{
    App,
    ask::{Ask, json},
    city::{Chosen, City},
    error::Result,
    features::property_schema,
    format::Format,
    links::Link,
};

type DatasetPath = Result<Path<String>, PathRejection>;
type CollectionPath = Result<Path<(String, String)>, PathRejection>;

/// [The tile sets](https://docs.ogc.org/is/20-057/20-057.html#toc44) of all collections together.
pub(crate) async fn dataset_sets(
    State(app): State<App>,
    mut ask: Ask,
    city: City,
) -> Result<Response> {
    let layers = Layers::of_dataset(&app.settings.title, &mut ask, &app, &city)?;
    list(&app, &ask, &layers)
}

/// The tile sets of one collection.
pub(crate) async fn collection_sets(
    State(app): State<App>,
    mut ask: Ask,
    (city, Chosen(it)): (City, Chosen),
) -> Result<Response> {
    let layers = Layers::of_collection(it, &mut ask, &app, &city)?;
    list(&app, &ask, &layers)
}

/// [One tile set](https://docs.ogc.org/is/20-057/20-057.html#toc36) of all collections; also as `TileJSON`.
pub(crate) async fn dataset_set(
    State(app): State<App>,
    mut ask: Ask,
    city: City,
    path: DatasetPath,
) -> Result<Response> {
    let layers = Layers::of_dataset(&app.settings.title, &mut ask, &app, &city)?;
    answer(&app, &ask, &layers, &path?.0)
}

/// One tile set of one collection; also as `TileJSON`.
pub(crate) async fn collection_set(
    State(app): State<App>,
    mut ask: Ask,
    (city, Chosen(it)): (City, Chosen),
    path: CollectionPath,
) -> Result<Response> {
    let Path((_, set)) = path?;
    let layers = Layers::of_collection(it, &mut ask, &app, &city)?;
    answer(&app, &ask, &layers, &set)
}

/// The address that clients of `TileJSON` know: all collections.
pub(crate) async fn dataset_tilejson(
    State(app): State<App>,
    mut ask: Ask,
    city: City,
    path: DatasetPath,
) -> Result<Response> {
    let layers = Layers::of_dataset(&app.settings.title, &mut ask, &app, &city)?;
    described(&app, &ask, &layers, &path?.0)
}

/// The address that clients of `TileJSON` know: one collection.
pub(crate) async fn collection_tilejson(
    State(app): State<App>,
    mut ask: Ask,
    (city, Chosen(it)): (City, Chosen),
    path: CollectionPath,
) -> Result<Response> {
    let Path((_, set)) = path?;
    let layers = Layers::of_collection(it, &mut ask, &app, &city)?;
    described(&app, &ask, &layers, &set)
}

fn answer(app: &App, ask: &Ask, layers: &Layers, set: &str) -> Result<Response> {
    let format = ask.settle(&[Format::Json, Format::TileJson])?;
    let set = coord::set(&app.settings.matrix_sets, set)?;
    let document = match format {
        Format::TileJson => tilejson(ask, layers, set),
        _ => describe(ask, layers, set),
    };
    // Browsers and clients of TileJSON look for JSON, not for its own media type.
    Ok(json(Format::Json, &document))
}

fn described(app: &App, ask: &Ask, layers: &Layers, set: &str) -> Result<Response> {
    ask.settle(&[Format::Json, Format::TileJson])?;
    Ok(json(Format::Json, &tilejson(ask, layers, coord::set(&app.settings.matrix_sets, set)?)))
}

fn list(app: &App, ask: &Ask, layers: &Layers) -> Result<Response> {
    let format = ask.settle(&[Format::Json])?;
    let tilesets = app.settings.matrix_sets.iter().map(|set| {
        let path = format!("{}/{}{}", layers.path, set.id, layers.query());
        json!({
            "title": layers.title,
            "dataType": "vector",
            "crs": set.crs.uri(),
            "tileMatrixSetURI": set.uri,
            "links": [ask.link("self", &path, Format::Json, &set.title), matrix_set(ask, set)],
        })
    });
    let tilesets: Vec<Value> = tilesets.collect();
    let links = ask.own_links(format, &[Format::Json]);
    Ok(json(format, &json!({ "tilesets": tilesets, "links": links })))
}

fn describe(ask: &Ask, layers: &Layers, set: &TileMatrixSet) -> Value {
    let shown: Vec<Value> = layers.collections.iter().map(|it| layer(it)).collect();
    let mut document = json!({
        "title": layers.title,
        "dataType": "vector",
        "crs": set.crs.uri(),
        "tileMatrixSetURI": set.uri,
        "links": links(ask, layers, set),
        "layers": shown,
    });
    if let Some(bounds) = layers.bounds() {
        document["boundingBox"] = json!({
            "lowerLeft": [bounds.min_x, bounds.min_y],
            "upperRight": [bounds.max_x, bounds.max_y],
            "crs": Crs::Crs84.uri(),
        });
    }
    document
}

fn layer(it: &CollectionSnapshot) -> Value {
    let properties = it.collection.schema.properties.iter();
    let properties: Map<String, Value> = properties
        .map(|property| (property.name.clone(), property_schema(property).into()))
        .collect();
    json!({
        "id": it.collection.id,
        "title": it.collection.title,
        "dataType": "vector",
        "propertiesSchema": { "type": "object", "properties": properties },
    })
}

fn links(ask: &Ask, layers: &Layers, set: &TileMatrixSet) -> Vec<Link> {
    let mut links = ask.own_links(Format::Json, &[Format::Json]);
    let below = format!("{}/{}", layers.path, set.id);
    let tiles = format!("{below}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{}", layers.query());
    let described = format!("{below}/tilejson.json{}", layers.query());
    links.push(matrix_set(ask, set));
    links.push(ask.link("item", &tiles, Format::Mvt, "Tiles").templated());
    links.push(ask.link("describedby", &described, Format::Json, "TileJSON"));
    links
}

fn matrix_set(ask: &Ask, set: &TileMatrixSet) -> Link {
    const REL: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
    ask.link(REL, &format!("/tileMatrixSets/{}", set.id), Format::Json, &set.title)
}
