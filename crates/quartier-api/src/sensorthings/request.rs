use axum::http::{HeaderMap, Method as Verb, header, request::Parts};
use quartier_sensorthings::{Method, Reply, Request, Version};

use crate::{
    App, Base,
    error::{ApiError, Result},
};

const ROOTS: [(Version, &str); 2] =
    [(Version::V1_1, "/sensorthings/v1.1"), (Version::V1_0, "/sensorthings/v1.0")];

/// A request's address, apart from where the server is.
#[derive(Debug)]
pub(super) struct Asked {
    version: Version,
    base: String,
    path: String,
    query: Option<String>,
}

impl Asked {
    pub(super) fn of(app: &App, parts: &Parts) -> Self {
        let base = app.settings.public_url.clone().unwrap_or_else(|| Base::of_request(parts));
        let path = parts.uri.path();
        let below = |(version, root)| path.strip_prefix(root).map(|below| (version, root, below));
        let (version, root, below) =
            ROOTS.into_iter().find_map(below).unwrap_or((Version::V1_1, ROOTS[0].1, path));
        Self {
            version,
            base: base.url(root),
            path: below.trim_start_matches('/').to_owned(),
            query: parts.uri.query().map(str::to_owned),
        }
    }

    pub(super) fn request(&self) -> Request<'_> {
        Request {
            path: &self.path,
            query: self.query.as_deref(),
            base: &self.base,
            version: self.version,
        }
    }
}

pub(super) fn method(parts: &Parts) -> Result<Method> {
    let media_type = media_type(&parts.headers);
    let is_json = media_type.is_empty()
        || media_type == "application/json"
        || media_type == "text/json"
        || media_type.ends_with("+json");
    if !is_json && parts.method != Verb::DELETE {
        return Err(ApiError::MediaType("application/json"));
    }
    Ok(match parts.method {
        Verb::POST => Method::Post,
        Verb::PUT => Method::Put,
        Verb::DELETE => Method::Delete,
        _ if media_type == "application/json-patch+json" => Method::JsonPatch,
        _ => Method::Patch,
    })
}

fn media_type(headers: &HeaderMap) -> String {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let given = given.unwrap_or_default().split(';').next().unwrap_or_default();
    given.trim().to_ascii_lowercase()
}

/// [RFC 7240](https://www.rfc-editor.org/rfc/rfc7240#section-4.2): `Prefer: return=minimal`.
pub(super) fn reply(headers: &HeaderMap) -> Reply {
    let preferences = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let mut preferences = preferences.flat_map(|list| list.split([',', ';'])).map(str::trim);
    preferences
        .find_map(|preference| match preference {
            "return=minimal" => Some(Reply::Minimal),
            "return=representation" => Some(Reply::Full),
            _ => None,
        })
        .unwrap_or_default()
}
