use std::sync::Arc;

use axum::{
    RequestPartsExt as _,
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use quartier_model::CollectionId;
use quartier_twin::{CollectionSnapshot, Snapshot};

use crate::{
    App,
    auth::Visitor,
    error::{ApiError, Result},
};

/// The city at the moment of the request, as far as whoever asks may see it.
#[derive(Debug, Clone)]
pub(crate) struct City {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) visitor: Visitor,
}

/// The collection that the path names.
#[derive(Debug, Clone)]
pub(crate) struct Chosen(pub(crate) Arc<CollectionSnapshot>);

impl City {
    pub(crate) fn collections(&self) -> impl Iterator<Item = &Arc<CollectionSnapshot>> {
        self.snapshot.collections().filter(|it| self.visitor.may_read(&it.collection))
    }

    /// Whether there is such a collection, and the visitor may read it.
    pub(crate) fn shows(&self, id: &CollectionId) -> bool {
        self.collection(id.as_str()).is_ok()
    }

    /// A collection that the visitor may not read is not there.
    pub(crate) fn collection(&self, id: &str) -> Result<&Arc<CollectionSnapshot>> {
        let found = self.snapshot.collection(id);
        found
            .filter(|it| self.visitor.may_read(&it.collection))
            .ok_or_else(|| ApiError::not_found("collection", id))
    }
}

impl FromRequestParts<App> for City {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let snapshot = app.twin.snapshot();
        Ok(Self {
            snapshot: snapshot.ok_or(ApiError::Unavailable("the city is still being loaded"))?,
            visitor: Visitor::of(&parts.headers, &app.settings),
        })
    }
}

impl FromRequestParts<App> for Chosen {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let city = City::from_request_parts(parts, app).await?;
        let params = parts.extract::<RawPathParams>().await;
        let params = params.map_err(|error| ApiError::BadRequest(error.to_string()))?;
        let id = params.iter().find(|(name, _)| *name == "collection");
        city.collection(id.map_or("", |(_, id)| id)).cloned().map(Self)
    }
}
