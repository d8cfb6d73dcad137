use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use quartier_archive::{Archive, Coding, Place};
use xxhash_rust::xxh3::xxh3_128;

use crate::{
    App,
    ask::Ask,
    error::{ApiError, Result},
    tiles::{Accepted, Encoding, tag},
};

/// A base layer changes when the server is started anew with another file.
const FOR_AN_HOUR: &str = "public, max-age=3600";

/// A tile of a base layer, in the order of web maps: zoom, column (x), row (y).
pub(crate) async fn tile(
    State(app): State<App>,
    ask: Ask,
    path: Result<Path<[String; 4]>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response> {
    let Path([id, z, x, y]) = path?;
    ask.query.finish()?;
    let archive = Arc::clone(app.archives.find(&id)?);
    let place = place(&archive, [&z, &x, &y])?;
    app.compute(move || answer(&archive, place, &headers)).await?
}

fn place(archive: &Archive, [z, x, y]: [&str; 3]) -> Result<Place> {
    let about = &archive.about;
    let ending = format!(".{}", about.format.ending());
    let y = y.strip_suffix(&ending).or_else(|| y.strip_suffix(".pbf")).unwrap_or(y);
    let tile = quartier_tiles::TileCoord::parse(z, x, y).map_err(|error| match error {
        quartier_tiles::TileCoordError::Number { part, .. } => ApiError::parameter(part, error),
        outside => ApiError::NoTile(outside.to_string()),
    })?;
    if !(about.min_zoom..=about.max_zoom).contains(&tile.z()) {
        let (first, last) = (about.min_zoom, about.max_zoom);
        let reason = format!("`{}` has the zooms from {first} to {last}", about.name);
        return Err(ApiError::NoTile(reason));
    }
    Place::new(tile.z(), tile.x(), tile.y()).map_err(ApiError::internal)
}

fn answer(archive: &Archive, place: Place, headers: &HeaderMap) -> Result<Response> {
    let about = &archive.about;
    let cache = [(header::CACHE_CONTROL, FOR_AN_HOUR)];
    let Some(tile) = archive.tile(place).map_err(ApiError::internal)? else {
        // Maps take no answer to be an empty picture.
        let nothing = ApiError::NoTile(format!("`{}` has nothing there", about.name));
        let is_vector = about.format.is_vector();
        return if is_vector {
            Ok((StatusCode::NO_CONTENT, cache).into_response())
        } else {
            Err(nothing)
        };
    };
    let (digest, accepted) = (xxh3_128(&tile), Accepted::of(headers));
    let vary = [(header::VARY, "accept-encoding")];
    if let Some(known) = tag::known(headers, digest, &accepted) {
        let etag = [(header::ETAG, tag::of(digest, known))];
        return Ok((StatusCode::NOT_MODIFIED, cache, vary, etag).into_response());
    }
    let (bytes, encoding) = suited(archive, tile, &accepted)?;
    let told = [(header::ETAG, tag::of(digest, encoding))];
    let content_type = [(header::CONTENT_TYPE, about.format.media_type())];
    let is_zipped = encoding != Encoding::Identity;
    let encoding = is_zipped.then(|| [(header::CONTENT_ENCODING, encoding.name())]);
    Ok((cache, vary, told, content_type, encoding, bytes).into_response())
}

/// The tile as the client takes it: as it stands in the file where it can be.
fn suited(archive: &Archive, tile: Bytes, accepted: &Accepted) -> Result<(Bytes, Encoding)> {
    match archive.about.coding {
        Coding::Identity => Ok((tile, Encoding::Identity)),
        Coding::Gzip if accepted.takes(Encoding::Gzip) => Ok((tile, Encoding::Gzip)),
        _ => {
            let unpacked = archive.unpacked(&tile).map_err(ApiError::internal)?;
            Ok((unpacked, Encoding::Identity))
        }
    }
}
