use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::Response,
};

use super::{
    asker::Asker,
    coord::{set, tile},
    drawing::Drawing,
    layers::Layers,
    limits::beyond,
};
use crate::{
    App,
    ask::Ask,
    city::{Chosen, City},
    error::Result,
    format::Format,
    readings::reader,
};

type DatasetPath = Result<Path<[String; 4]>, PathRejection>;
type CollectionPath = Result<Path<[String; 5]>, PathRejection>;

/// A tile of all collections, in the standard's order: zoom, row, column.
pub(crate) async fn dataset_tile(
    State(app): State<App>,
    ask: Ask,
    city: City,
    path: DatasetPath,
    asker: Asker,
) -> Result<Response> {
    let Path([set, z, row, column]) = path?;
    of_dataset(app, ask, city, [set, z, column, row], asker).await
}

/// The same in the order of web maps: zoom, column (x), row (y).
pub(crate) async fn dataset_tile_xyz(
    State(app): State<App>,
    ask: Ask,
    city: City,
    path: DatasetPath,
    asker: Asker,
) -> Result<Response> {
    let Path(place) = path?;
    of_dataset(app, ask, city, place, asker).await
}

/// A tile of one collection, in the standard's order: zoom, row, column.
pub(crate) async fn collection_tile(
    State(app): State<App>,
    ask: Ask,
    chosen: (City, Chosen),
    path: CollectionPath,
    asker: Asker,
) -> Result<Response> {
    let Path([_, set, z, row, column]) = path?;
    of_collection(app, ask, chosen, [set, z, column, row], asker).await
}

/// The same in the order of web maps: zoom, column (x), row (y).
pub(crate) async fn collection_tile_xyz(
    State(app): State<App>,
    ask: Ask,
    chosen: (City, Chosen),
    path: CollectionPath,
    asker: Asker,
) -> Result<Response> {
    let Path([_, set, z, column, row]) = path?;
    of_collection(app, ask, chosen, [set, z, column, row], asker).await
}

async fn of_dataset(
    app: App,
    mut ask: Ask,
    city: City,
    place: [String; 4],
    asker: Asker,
) -> Result<Response> {
    let layers = Layers::of_dataset("", &mut ask, &app, &city)?;
    ask.settle(&[Format::Mvt])?;
    answer(app, city, layers, place, asker).await
}

async fn of_collection(
    app: App,
    mut ask: Ask,
    (city, Chosen(it)): (City, Chosen),
    place: [String; 4],
    asker: Asker,
) -> Result<Response> {
    let layers = Layers::of_collection(it, &mut ask, &app, &city)?;
    ask.settle(&[Format::Mvt])?;
    answer(app, city, layers, place, asker).await
}

/// The place is that in the set: the set's id, zoom, column, row.
async fn answer(
    app: App,
    city: City,
    layers: Layers,
    [id, z, column, row]: [String; 4],
    asker: Asker,
) -> Result<Response> {
    let set = Arc::clone(set(&app.settings.matrix_sets, &id)?);
    let tile = tile(&set, &z, &column, &row)?;
    let names = layers.readings.names.as_ref();
    let reader = names.map(|names| reader(names, app.twin.sensors())).transpose()?;
    let Asker { client, headers, asked } = asker;
    let layers = Arc::new(layers);
    let (known, grid) = (Arc::clone(&layers), Arc::clone(&set));
    let drawing = Drawing { city, set, tile, layers, client, asked };
    let response = match reader {
        None => drawing.plain(&app, &headers).await?,
        Some(reader) => drawing.measured(&app, reader, headers).await?,
    };
    if response.status() != StatusCode::NO_CONTENT {
        return Ok(response);
    }
    let beyond = app.compute(move || beyond(&known, &grid, tile)).await?;
    beyond.map_or(Ok(response), Err)
}
