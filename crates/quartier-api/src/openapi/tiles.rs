use serde_json::{Value, json};

use super::{parameter, path, plain, read, schema, with_problems};
use crate::format::Format;

const TAG: &str = "tiles";

/// Where a tile is in its set.
const PLACE: [&str; 4] = ["tileMatrixSetId", "tileMatrix", "tileRow", "tileCol"];

#[rustfmt::skip]
pub(super) fn paths() -> Vec<(String, Value)> {
    let style = plain("A MapLibre style", Format::Style.media_type(), &json!({ "type": "object" }));
    vec![
        path("/tiles", document("tilesets", "Tile sets of all collections", &["collections", "f"])),
        path("/tiles/{tileMatrixSetId}", document("tileset", "A tile set; `f=tilejson` for TileJSON 3.0", &["tileMatrixSetId", "collections", "readings", "f"])),
        path("/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", tile("tile", &["collections", "readings", "f"])),
        path("/collections/{collectionId}/tiles", document("collection.tilesets", "Tile sets of a collection", &["collectionId", "f"])),
        path("/collections/{collectionId}/tiles/{tileMatrixSetId}", document("collection.tileset", "A tile set of a collection; `f=tilejson` for TileJSON 3.0", &["collectionId", "tileMatrixSetId", "readings", "f"])),
        path("/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", tile("collection.tile", &["collectionId", "readings", "f"])),
        path("/tileMatrixSets", document("tileMatrixSets", "Tile matrix sets", &["f"])),
        path("/tileMatrixSets/{tileMatrixSetId}", document("tileMatrixSet", "A tile matrix set", &["tileMatrixSetId", "f"])),
        path("/styles", document("styles", "Map styles", &["f", "lang"])),
        path("/styles/{styleId}", read(TAG, "style", "A map style", &["styleId", "f"], style)),
    ]
}

fn document(id: &str, summary: &str, parameters: &[&str]) -> Value {
    let answer = plain(summary, Format::Json.media_type(), &schema("document"));
    read(TAG, id, summary, parameters, answer)
}

fn tile(id: &str, others: &[&str]) -> Value {
    let bytes = json!({ "type": "string", "format": "binary" });
    let good = plain("A Mapbox Vector Tile 2.1", Format::Mvt.media_type(), &bytes);
    let empty = json!({ "description": "Nothing is there" });
    let parameters: Vec<Value> = PLACE.iter().chain(others).map(|name| parameter(name)).collect();
    json!({
        "tags": [TAG],
        "operationId": id,
        "summary": "A vector tile",
        "parameters": parameters,
        "responses": with_problems(&[("200", good), ("204", empty)]),
    })
}
