use std::{io::Write as _, sync::Arc};

use axum::{
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use metrics::counter;
use quartier_tiles::{TileCoord, TileMatrixSet};
use quartier_twin::{TileLayer, sensors::Reader};
use xxhash_rust::xxh3::Xxh3;

use super::{kept::Kept, layers::Layers};
use crate::{city::City, error::Result, format::Format, limits::GZIP_BYTES_MIN, tag};

/// A tile that is asked for.
pub(super) struct Drawing {
    pub(super) city: City,
    pub(super) set: Arc<TileMatrixSet>,
    pub(super) tile: TileCoord,
    pub(super) layers: Layers,
}

/// Whether a tile was there, in the words of [RFC 9211](https://www.rfc-editor.org/rfc/rfc9211).
#[derive(Debug, Clone, Copy)]
enum Source {
    Kept,
    Drawn,
}

impl Drawing {
    /// Geometry and attributes of the objects: it is drawn once for each change of theirs.
    pub(super) fn plain(&self, kept: &Kept, headers: &HeaderMap) -> Result<Response> {
        let key = self.hash().digest128();
        if let Some(bytes) = kept.tile(key) {
            let etag = tag::of(&bytes);
            return Ok(self.respond(bytes, &etag, Source::Kept, headers));
        }
        counter!("quartier_tiles_drawn_total", "readings" => "no").increment(1);
        let bytes =
            Bytes::from(self.city.snapshot.tile(&self.set, self.tile, &self.layers(), None)?);
        kept.keep(key, bytes.clone());
        let etag = tag::of(&bytes);
        Ok(self.respond(bytes, &etag, Source::Drawn, headers))
    }

    /// The same with what is measured at the objects. Its tag changes with that and not with its age, so that a tile
    /// whose tag is known need not be drawn.
    pub(super) fn measured(&self, reader: &Reader, headers: &HeaderMap) -> Result<Response> {
        let (snapshot, layers) = (&self.city.snapshot, self.layers());
        let mut hash = self.hash();
        for name in self.layers.readings.names.iter().flat_map(|names| &names.0) {
            hash.update(format!("{name},").as_bytes());
        }
        let stamps = snapshot.tile_stamps(&self.set, self.tile, &layers, reader)?;
        for stamp in stamps {
            hash.update(&stamp.to_le_bytes());
        }
        let etag = format!("W/\"{:032x}\"", hash.digest128());
        if tag::is_known(headers, &etag) {
            let told = self.told(etag, Source::Kept);
            return Ok((StatusCode::NOT_MODIFIED, told).into_response());
        }
        counter!("quartier_tiles_drawn_total", "readings" => "yes").increment(1);
        let bytes = snapshot.tile(&self.set, self.tile, &layers, Some(reader))?;
        Ok(self.respond(bytes.into(), &etag, Source::Drawn, headers))
    }

    fn layers(&self) -> Vec<TileLayer<'_>> {
        self.layers.collections.iter().map(|it| TileLayer::all(it)).collect()
    }

    /// Of the place, and of the objects as they are.
    fn hash(&self) -> Xxh3 {
        let mut hash = Xxh3::new();
        let tile = self.tile;
        let place = format!("{} {} {} {}", self.set.id, tile.z(), tile.x(), tile.y());
        hash.update(place.as_bytes());
        for it in &self.layers.collections {
            hash.update(format!("/{} {:?}", it.collection.id, it.sequence).as_bytes());
        }
        hash
    }

    fn respond(&self, bytes: Bytes, etag: &str, source: Source, headers: &HeaderMap) -> Response {
        if bytes.is_empty() {
            let [_, cache, vary, status] = self.told(String::new(), source);
            return (StatusCode::NO_CONTENT, [cache, vary, status]).into_response();
        }
        let is_zipped = takes_gzip(headers) && bytes.len() >= usize::from(GZIP_BYTES_MIN);
        // A weak tag is that of both.
        let is_other = is_zipped && !etag.starts_with("W/");
        let shown = if is_other { tag::of_gzip(etag) } else { etag.to_owned() };
        let told = self.told(shown, source);
        if tag::is_known(headers, etag) {
            return (StatusCode::NOT_MODIFIED, told).into_response();
        }
        let content_type = [(header::CONTENT_TYPE, Format::Mvt.media_type())];
        if is_zipped {
            let encoding = [(header::CONTENT_ENCODING, "gzip")];
            return (told, content_type, encoding, gzip(&bytes)).into_response();
        }
        (told, content_type, bytes).into_response()
    }

    fn told(&self, etag: String, source: Source) -> [(HeaderName, String); 4] {
        // A tile may change with the next write: it is kept, but asked for again, which costs a 304.
        let cache = if self.layers.is_public() { "public, no-cache" } else { "private, no-cache" };
        let status = match source {
            Source::Kept => "quartier; hit",
            Source::Drawn => "quartier; fwd=miss",
        };
        [
            (header::ETAG, etag),
            (header::CACHE_CONTROL, cache.to_owned()),
            (header::VARY, "accept-encoding".to_owned()),
            (HeaderName::from_static("cache-status"), status.to_owned()),
        ]
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|coding| {
        let (name, quality) = coding.split_once(";q=").unwrap_or((coding, "1"));
        let is_refused = quality.trim().parse::<f32>().is_ok_and(|quality| quality == 0.0);
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
}

/// Fast rather than small: a tile is zipped each time that it is sent.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::fast());
    let zipped = encoder.write_all(bytes).and_then(|()| encoder.finish());
    zipped.expect("memory takes what is written")
}
