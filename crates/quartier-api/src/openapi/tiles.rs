use serde_json::{Value, json};

use super::{parameter, path, plain, read, schema, shown, with_problems};
use crate::format::Format;

const TAG: &str = "tiles";

/// Where a tile is in its set.
const PLACE: [&str; 4] = ["tileMatrixSetId", "tileMatrix", "tileRow", "tileCol"];

/// What chooses of the objects that tiles show.
const CHOICE: [&str; 6] =
    ["datetime", "filter", "filter-lang", "filter-crs", "properties", "readings"];

/// Operations have the names that the standard gives them: OGC 20-057, requirement 23.
#[rustfmt::skip]
pub(super) fn paths() -> Vec<(String, Value)> {
    let style = plain("A MapLibre style", Format::Style.media_type(), &json!({ "type": "object" }));
    let all = choosing(&[], &["collections", "f", "lang"]);
    let one = choosing(&["collectionId"], &["f", "lang"]);
    let set_of_all = choosing(&["tileMatrixSetId"], &["collections", "f", "lang"]);
    let set_of_one = choosing(&["collectionId", "tileMatrixSetId"], &["f", "lang"]);
    vec![
        path("/tiles", document("dataset.vector.getTileSetsList", "Tile sets of all collections", &all)),
        path("/tiles/{tileMatrixSetId}", document("dataset.vector.getTileSet", "A tile set; `f=tilejson` for TileJSON 3.0", &set_of_all)),
        path("/tiles/{tileMatrixSetId}/tilejson.json", document("dataset.vector.getTileJson", "A tile set as TileJSON 3.0", &set_of_all)),
        path("/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", tile("dataset.vector.getTile", &choosing(&PLACE, &["collections", "f"]))),
        path("/tiles/{tileMatrixSetId}/xyz/{tileMatrix}/{tileCol}/{tileRow}", tile("dataset.vector.getTileXyz", &choosing(&PLACE, &["collections", "f"]))),
        path("/collections/{collectionId}/tiles", document("collection.vector.getTileSetsList", "Tile sets of a collection", &one)),
        path("/collections/{collectionId}/tiles/{tileMatrixSetId}", document("collection.vector.getTileSet", "A tile set of a collection; `f=tilejson` for TileJSON 3.0", &set_of_one)),
        path("/collections/{collectionId}/tiles/{tileMatrixSetId}/tilejson.json", document("collection.vector.getTileJson", "A tile set of a collection as TileJSON 3.0", &set_of_one)),
        path("/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", tile("collection.vector.getTile", &choosing(&PLACE, &["collectionId", "f"]))),
        path("/collections/{collectionId}/tiles/{tileMatrixSetId}/xyz/{tileMatrix}/{tileCol}/{tileRow}", tile("collection.vector.getTileXyz", &choosing(&PLACE, &["collectionId", "f"]))),
        path("/tileMatrixSets", document("getTileMatrixSetsList", "Tile matrix sets", &["f", "lang"])),
        path("/tileMatrixSets/{tileMatrixSetId}", document("getTileMatrixSet", "A tile matrix set", &["tileMatrixSetId", "f", "lang"])),
        path("/archives", read(TAG, "archives", "Base layers from files of tiles", &["f"], json_document())),
        path("/archives/{archiveId}", read(TAG, "archive", "A base layer as TileJSON 3.0", &["archiveId", "f"], json_document())),
        path("/archives/{archiveId}/{z}/{x}/{y}", archive_tile()),
        path("/styles", document("styles", "Map styles", &["f", "lang"])),
        path("/styles/{styleId}", read(TAG, "style", "A map style", &["styleId", "f"], style)),
    ]
}

fn choosing<'a>(place: &[&'a str], others: &[&'a str]) -> Vec<&'a str> {
    place.iter().chain(&CHOICE).chain(others).copied().collect()
}

fn document(id: &str, summary: &str, parameters: &[&str]) -> Value {
    let answer = shown(summary, Format::Json, &schema("document"));
    read(TAG, id, summary, parameters, answer)
}

fn json_document() -> Value {
    plain("What there is", Format::Json.media_type(), &schema("document"))
}

fn archive_tile() -> Value {
    let bytes = json!({ "type": "string", "format": "binary" });
    let good = plain("A tile of the format that `/archives` tells", "*/*", &bytes);
    let empty = json!({ "description": "Nothing is there" });
    let place = ["archiveId", "z", "x", "y"].map(parameter);
    json!({
        "tags": [TAG],
        "operationId": "archive.tile",
        "summary": "A tile of a base layer",
        "parameters": place,
        "responses": with_problems(&[("200", good), ("204", empty)]),
    })
}

fn tile(id: &str, parameters: &[&str]) -> Value {
    let bytes = json!({ "type": "string", "format": "binary" });
    let good = plain("A Mapbox Vector Tile 2.1", Format::Mvt.media_type(), &bytes);
    let empty = json!({ "description": "Nothing is there, though objects are around" });
    let parameters: Vec<Value> = parameters.iter().map(|name| parameter(name)).collect();
    json!({
        "tags": [TAG],
        "operationId": id,
        "summary": "A vector tile",
        "parameters": parameters,
        "responses": with_problems(&[("200", good), ("204", empty)]),
    })
}
