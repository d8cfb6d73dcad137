use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use quartier_tiles::{TileMatrix, TileMatrixSet};
use serde_json::{Value, json};

use super::coord;
use crate::{App, ask::Ask, error::Result, features::without_nulls, format::Format};

const OFFERED: &[Format] = &[Format::Json, Format::Html];

/// [Tile matrix sets](https://docs.ogc.org/is/17-083r4/17-083r4.html).
pub(crate) async fn tile_matrix_sets(State(app): State<App>, ask: Ask) -> Result<Response> {
    let format = ask.settle(OFFERED)?;
    let sets = app.settings.matrix_sets.iter().map(|set| {
        let path = format!("/tileMatrixSets/{}", set.id);
        without_nulls(json!({
            "id": set.id,
            "title": set.title,
            "uri": set.uri,
            "crs": set.crs.uri(),
            "links": [ask.link("self", &path, Format::Json, &set.title)],
        }))
    });
    let sets: Vec<Value> = sets.collect();
    let document = json!({ "tileMatrixSets": sets, "links": ask.own_links(format, OFFERED) });
    Ok(ask.answer(format, "tile_matrix_sets.html", &document))
}

/// One tile matrix set with its matrices.
pub(crate) async fn tile_matrix_set(
    State(app): State<App>,
    ask: Ask,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response> {
    let set = coord::set(&app.settings.matrix_sets, &path?.0)?;
    let format = ask.settle(OFFERED)?;
    let matrices: Vec<Value> = set.matrices.iter().map(|matrix| describe(set, matrix)).collect();
    let document = without_nulls(json!({
        "id": set.id,
        "title": set.title,
        "uri": set.uri,
        "crs": set.crs.uri(),
        "orderedAxes": set.axes,
        "wellKnownScaleSet": set.scale_set,
        "tileMatrices": matrices,
    }));
    Ok(ask.answer(format, "tile_matrix_set.html", &document))
}

fn describe(set: &TileMatrixSet, matrix: &TileMatrix) -> Value {
    let (x, y) = (set.origin.x, set.origin.y);
    json!({
        "id": matrix.zoom.to_string(),
        "scaleDenominator": matrix.scale_denominator,
        "cellSize": matrix.cell_size,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": if set.is_north_first { [y, x] } else { [x, y] },
        "tileWidth": set.tile_size,
        "tileHeight": set.tile_size,
        "matrixWidth": matrix.width,
        "matrixHeight": matrix.height,
    })
}
