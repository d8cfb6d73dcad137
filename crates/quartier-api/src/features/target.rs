use std::sync::Arc;

use axum::{
    RequestPartsExt as _,
    extract::{FromRequestParts, Path},
    http::{HeaderMap, request::Parts},
};
use quartier_model::{CityObject, ObjectId};
use quartier_twin::CollectionSnapshot;

use crate::{
    App,
    auth::Writer,
    city::Chosen,
    error::{ApiError, Result},
    tag,
};

/// The object that a write is about, by someone who may write it.
#[derive(Debug)]
pub(crate) struct Target {
    pub(super) collection: Arc<CollectionSnapshot>,
    pub(super) id: ObjectId,
    headers: HeaderMap,
}

impl FromRequestParts<App> for Target {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        Writer::from_request_parts(parts, app).await?;
        let Chosen(collection) = Chosen::from_request_parts(parts, app).await?;
        let Path((_, id)) = parts.extract::<Path<(String, String)>>().await?;
        let parsed = id.parse().map_err(|_no_id| ApiError::not_found("object", &id));
        Ok(Self { collection, id: parsed?, headers: parts.headers.clone() })
    }
}

impl Target {
    /// The object as the store has it, unless whoever asks knows an older version only.
    pub(super) async fn current(&self, app: &App) -> Result<CityObject> {
        let stored = app.twin.object(&self.collection.collection.id, &self.id).await?;
        let stored = stored.ok_or_else(|| ApiError::not_found("object", self.id.as_str()))?;
        if tag::is_outdated(&self.headers, stored.version) {
            return Err(ApiError::Outdated);
        }
        Ok(stored.object)
    }
}
