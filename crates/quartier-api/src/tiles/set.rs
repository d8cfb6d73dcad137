use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    coord,
    layers::Layers,
    metadata::{metadata, summary},
    tilejson::tilejson,
};
use crate::{
    App,
    ask::{Ask, json},
    city::{Chosen, City},
    error::Result,
    format::Format,
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
    list(app, ask, layers).await
}

/// The tile sets of one collection.
pub(crate) async fn collection_sets(
    State(app): State<App>,
    mut ask: Ask,
    (city, Chosen(it)): (City, Chosen),
) -> Result<Response> {
    let layers = Layers::of_collection(it, &mut ask, &app, &city)?;
    list(app, ask, layers).await
}

/// [One tile set](https://docs.ogc.org/is/20-057/20-057.html#toc36) of all collections; also as `TileJSON`.
pub(crate) async fn dataset_set(
    State(app): State<App>,
    mut ask: Ask,
    city: City,
    path: DatasetPath,
) -> Result<Response> {
    let layers = Layers::of_dataset(&app.settings.title, &mut ask, &app, &city)?;
    answer(&app, ask, layers, &path?.0).await
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
    answer(&app, ask, layers, &set).await
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

async fn answer(app: &App, ask: Ask, layers: Layers, set: &str) -> Result<Response> {
    let format = ask.settle(&[Format::Json, Format::TileJson, Format::Html])?;
    let set = Arc::clone(coord::set(&app.settings.matrix_sets, set)?);
    // Limits are transformed from the data.
    let describe = move || match format {
        // Browsers and clients of TileJSON look for JSON, not for its own media type.
        Format::TileJson => json(Format::Json, &tilejson(&ask, &layers, &set)),
        _ => ask.answer(format, "tileset.html", &metadata(&ask, &layers, &set)),
    };
    app.compute(describe).await
}

fn described(app: &App, ask: &Ask, layers: &Layers, set: &str) -> Result<Response> {
    ask.settle(&[Format::Json, Format::TileJson])?;
    let set = coord::set(&app.settings.matrix_sets, set)?;
    Ok(json(Format::Json, &tilejson(ask, layers, set)))
}

async fn list(app: App, ask: Ask, layers: Layers) -> Result<Response> {
    const OFFERED: &[Format] = &[Format::Json, Format::Html];
    let format = ask.settle(OFFERED)?;
    let sets = app.settings.matrix_sets.clone();
    let describe = move || {
        let tilesets = sets.iter().filter_map(|set| summary(&ask, &layers, set));
        let document = json!({
            "title": layers.title,
            "tilesets": tilesets.collect::<Vec<Value>>(),
            "links": ask.own_links(format, OFFERED),
        });
        ask.answer(format, "tilesets.html", &document)
    };
    app.compute(describe).await
}
