use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;

use super::{
    cache::{Accepted, Encoding, Tile},
    tag,
};
use crate::format::Format;

/// Whether a tile was there, in the words of [RFC 9211](https://www.rfc-editor.org/rfc/rfc9211).
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    Kept,
    Drawn,
    /// It was waited for while another drew it.
    Shared,
}

/// How a client is answered.
pub(super) struct Manner<'a> {
    headers: &'a HeaderMap,
    accepted: Accepted,
    is_public: bool,
}

impl<'a> Manner<'a> {
    pub(super) fn of(is_public: bool, headers: &'a HeaderMap, accepted: Accepted) -> Self {
        Self { headers, accepted, is_public }
    }

    pub(super) fn tile(&self, tile: &Tile, source: Source) -> Response {
        if tile.bytes.is_empty() {
            return (StatusCode::NO_CONTENT, self.told(source)).into_response();
        }
        if let Some(known) = tag::known(self.headers, tile.digest, &self.accepted) {
            return self.not_modified(tag::of(tile.digest, known), source);
        }
        let etag = [(header::ETAG, tile.etag.clone())];
        (self.told(source), etag, body(tile.encoding, tile.bytes.clone())).into_response()
    }

    /// A tile with readings, whose tag is a weak one: their age is none of its matter.
    pub(super) fn measured(&self, digest: u128, (encoding, bytes): (Encoding, Bytes)) -> Response {
        if bytes.is_empty() {
            return (StatusCode::NO_CONTENT, self.told(Source::Drawn)).into_response();
        }
        let etag = [(header::ETAG, tag::weak(digest, encoding))];
        (self.told(Source::Drawn), etag, body(encoding, bytes)).into_response()
    }

    /// The answer to who has it already.
    pub(super) fn unchanged(&self, digest: u128) -> Option<Response> {
        let known = tag::known(self.headers, digest, &self.accepted)?;
        Some(self.not_modified(tag::of(digest, known), Source::Kept))
    }

    fn not_modified(&self, etag: HeaderValue, source: Source) -> Response {
        (StatusCode::NOT_MODIFIED, self.told(source), [(header::ETAG, etag)]).into_response()
    }

    fn told(&self, source: Source) -> [(HeaderName, &'static str); 3] {
        // A tile may change with the next write: it is kept, but asked for again, which costs a 304.
        let cache = if self.is_public { "public, no-cache" } else { "private, no-cache" };
        let status = match source {
            Source::Kept => "quartier; hit",
            Source::Drawn => "quartier; fwd=miss",
            Source::Shared => "quartier; fwd=miss; collapsed",
        };
        [
            (header::CACHE_CONTROL, cache),
            (header::VARY, "accept-encoding"),
            (HeaderName::from_static("cache-status"), status),
        ]
    }
}

impl Source {
    /// For metrics.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Kept => "hit",
            Self::Drawn => "miss",
            Self::Shared => "shared",
        }
    }
}

fn body(encoding: Encoding, bytes: Bytes) -> Response {
    let content_type = [(header::CONTENT_TYPE, Format::Mvt.media_type())];
    if encoding == Encoding::Identity {
        return (content_type, bytes).into_response();
    }
    (content_type, [(header::CONTENT_ENCODING, encoding.name())], bytes).into_response()
}
