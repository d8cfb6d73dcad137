use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use quartier_tiles::{TileMatrix, TileMatrixSet};
use serde_json::{Value, json};

use super::coord;
use crate::{
    App,
    ask::{Ask, json},
    error::Result,
    format::Format,
};

/// [Tile matrix sets](https://docs.ogc.org/is/17-083r4/17-083r4.html).
pub(crate) async fn tile_matrix_sets(State(app): State<App>, ask: Ask) -> Result<Response> {
    let format = ask.settle(&[Format::Json])?;
    let sets = app.settings.matrix_sets.iter().map(|set| {
        let path = format!("/tileMatrixSets/{}", set.id);
        json!({
            "id": set.id,
            "title": set.title,
            "uri": set.uri,
            "crs": set.crs.uri(),
            "links": [ask.link("self", &path, Format::Json, &set.title)],
        })
    });
    let sets: Vec<Value> = sets.collect();
    Ok(json(format, &json!({ "tileMatrixSets": sets })))
}

/// One tile matrix set with its matrices.
pub(crate) async fn tile_matrix_set(
    State(app): State<App>,
    ask: Ask,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response> {
    let set = coord::set(&app.settings.matrix_sets, &path?.0)?;
    let format = ask.settle(&[Format::Json])?;
    let matrices: Vec<Value> = set.matrices.iter().map(|matrix| describe(set, matrix)).collect();
    let document = json!({
        "id": set.id,
        "title": set.title,
        "uri": set.uri,
        "crs": set.crs.uri(),
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": matrices,
    });
    Ok(json(format, &document))
}

fn describe(set: &TileMatrixSet, matrix: &TileMatrix) -> Value {
    json!({
        "id": matrix.zoom.to_string(),
        "scaleDenominator": matrix.scale_denominator,
        "cellSize": matrix.cell_size,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [set.origin.x, set.origin.y],
        "tileWidth": set.tile_size,
        "tileHeight": set.tile_size,
        "matrixWidth": matrix.width,
        "matrixHeight": matrix.height,
    })
}
