use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use quartier_model::{Collection, Readers};
use subtle::ConstantTimeEq as _;

use crate::{
    App, Settings,
    error::{ApiError, Result},
};

/// Who asks to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visitor {
    Anyone,
    TokenHolder,
}

impl Visitor {
    /// A wrong token makes no one more than anyone: a gateway in front may send its own.
    pub(crate) fn of(headers: &HeaderMap, settings: &Settings) -> Self {
        match (bearer(headers), settings.token.as_deref()) {
            (Some(shown), Some(token)) if is_same(shown, token) => Self::TokenHolder,
            _ => Self::Anyone,
        }
    }

    pub(crate) fn may_read(self, collection: &Collection) -> bool {
        self == Self::TokenHolder || collection.readers == Readers::Public
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        Ok(Self::of(&parts.headers, &app.settings))
    }
}

/// The proof that a request may write.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer(());

impl FromRequestParts<App> for Writer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let Some(token) = app.settings.token.as_deref() else {
            return Err(ApiError::Forbidden("this server takes no writes: no token is configured"));
        };
        let shown = bearer(&parts.headers)
            .ok_or(ApiError::Unauthorized("writing needs the header `Authorization: Bearer …`"))?;
        if is_same(shown, token) {
            Ok(Self(()))
        } else {
            Err(ApiError::Unauthorized("the bearer token is not the one that may write"))
        }
    }
}

/// The proof that whoever asks may read what sensors say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SensorReader(());

impl FromRequestParts<App> for SensorReader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        app.guard().may_read(&parts.headers, app).map(|()| Self(()))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// In a time that tells nothing about the token but its length. An empty token is nobody's.
pub(crate) fn is_same(shown: &str, token: &str) -> bool {
    !token.is_empty() && bool::from(shown.as_bytes().ct_eq(token.as_bytes()))
}
