use std::io::Write as _;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use flate2::{Compression, write::GzEncoder};
use quartier_tiles::{TileCoord, TileMatrixSet};

use super::{
    coord::{set, tile},
    layers::Layers,
};
use crate::{
    App,
    ask::Ask,
    city::{Chosen, City},
    error::Result,
    format::Format,
    limits::GZIP_BYTES_MIN,
    tag,
};

type DatasetPath = Result<Path<[String; 4]>, PathRejection>;
type CollectionPath = Result<Path<[String; 5]>, PathRejection>;

/// A tile of all collections, in the standard's order: zoom, row, column.
pub(crate) async fn dataset_tile(
    State(app): State<App>,
    ask: Ask,
    city: City,
    path: DatasetPath,
    headers: HeaderMap,
) -> Result<Response> {
    let Path([set, z, row, column]) = path?;
    of_dataset(app, ask, city, [set, z, column, row], headers).await
}

/// The same in the order of web maps: zoom, column (x), row (y).
pub(crate) async fn dataset_tile_xyz(
    State(app): State<App>,
    ask: Ask,
    city: City,
    path: DatasetPath,
    headers: HeaderMap,
) -> Result<Response> {
    let Path(place) = path?;
    of_dataset(app, ask, city, place, headers).await
}

/// A tile of one collection, in the standard's order: zoom, row, column.
pub(crate) async fn collection_tile(
    State(app): State<App>,
    ask: Ask,
    (city, Chosen(it)): (City, Chosen),
    path: CollectionPath,
    headers: HeaderMap,
) -> Result<Response> {
    let Path([_, set, z, row, column]) = path?;
    ask.settle(&[Format::Mvt])?;
    answer(app, city, Layers::of_collection(it), [set, z, column, row], headers).await
}

/// The same in the order of web maps: zoom, column (x), row (y).
pub(crate) async fn collection_tile_xyz(
    State(app): State<App>,
    ask: Ask,
    (city, Chosen(it)): (City, Chosen),
    path: CollectionPath,
    headers: HeaderMap,
) -> Result<Response> {
    let Path([_, set, z, column, row]) = path?;
    ask.settle(&[Format::Mvt])?;
    answer(app, city, Layers::of_collection(it), [set, z, column, row], headers).await
}

async fn of_dataset(
    app: App,
    mut ask: Ask,
    city: City,
    place: [String; 4],
    headers: HeaderMap,
) -> Result<Response> {
    let layers = Layers::of_dataset("", &mut ask, &city)?;
    ask.settle(&[Format::Mvt])?;
    answer(app, city, layers, place, headers).await
}

/// The place is that in the set: the set's id, zoom, column, row.
async fn answer(
    app: App,
    city: City,
    layers: Layers,
    [id, z, column, row]: [String; 4],
    headers: HeaderMap,
) -> Result<Response> {
    let set = set(&id)?;
    let tile = tile(set, &z, &column, &row)?;
    app.compute(move || Ok(respond(&layers, draw(&city, set, tile, &layers)?, &headers))).await?
}

fn draw(city: &City, set: &TileMatrixSet, tile: TileCoord, layers: &Layers) -> Result<Vec<u8>> {
    let collections: Vec<_> = layers.collections.iter().map(|it| &**it).collect();
    Ok(city.snapshot.tile(set, tile, &collections)?)
}

fn respond(layers: &Layers, bytes: Vec<u8>, headers: &HeaderMap) -> Response {
    // A tile may change with the next write: it is kept, but asked for again, which costs a 304.
    let cache = if layers.is_public() { "public, no-cache" } else { "private, no-cache" };
    if bytes.is_empty() {
        return (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, cache)]).into_response();
    }
    let etag = tag::of(&bytes);
    let is_zipped = takes_gzip(headers) && bytes.len() >= usize::from(GZIP_BYTES_MIN);
    let shown = if is_zipped { tag::of_gzip(&etag) } else { etag.clone() };
    let told = [
        (header::ETAG, shown),
        (header::CACHE_CONTROL, cache.to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
    ];
    if tag::is_known(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, told).into_response();
    }
    let content_type = [(header::CONTENT_TYPE, Format::Mvt.media_type())];
    if is_zipped {
        let encoding = [(header::CONTENT_ENCODING, "gzip")];
        return (told, content_type, encoding, gzip(&bytes)).into_response();
    }
    (told, content_type, bytes).into_response()
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|coding| {
        let (name, quality) = coding.split_once(";q=").unwrap_or((coding, "1"));
        let is_refused = quality.trim().parse::<f32>().is_ok_and(|quality| quality == 0.0);
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
}

/// Fast rather than small: a tile is zipped each time that it is drawn.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::fast());
    let zipped = encoder.write_all(bytes).and_then(|()| encoder.finish());
    zipped.expect("memory takes what is written")
}
