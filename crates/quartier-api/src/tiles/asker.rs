use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

use super::cache::Asked;
use crate::{App, client::Client};

/// Who asks for a tile, and in which words.
pub(crate) struct Asker {
    pub(super) client: Client,
    pub(super) headers: HeaderMap,
    pub(super) asked: Option<Asked>,
}

impl FromRequestParts<App> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self {
            client: Client::from_request_parts(parts, app).await?,
            headers: parts.headers.clone(),
            asked: parts.extensions.get().copied(),
        })
    }
}
