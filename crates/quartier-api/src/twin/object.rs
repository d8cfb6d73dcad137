use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use quartier_model::{ObjectId, TimeRange};
use quartier_store::StoredObject;
use serde_json::{Value, json};

use crate::{
    App,
    ask::{Ask, json},
    city::Chosen,
    error::{ApiError, Result},
    format::Format,
};

type ObjectPath = Result<Path<(String, String)>, PathRejection>;

/// An object's 3D geometry by level of detail, with its parts; coordinates in the working CRS. Asks the store.
pub(crate) async fn structure(
    State(app): State<App>,
    ask: Ask,
    Chosen(it): Chosen,
    path: ObjectPath,
) -> Result<Response> {
    let format = ask.settle(&[Format::Json])?;
    let id = id_of(path)?;
    let stored = app.twin.object(&it.collection.id, &id).await?;
    let stored = stored.ok_or_else(|| ApiError::not_found("object", id.as_str()))?;
    let document = json!({
        "id": id,
        "version": stored.version,
        "crs": it.collection.storage_crs.uri(),
        "structure": stored.object.structure,
    });
    Ok(json(format, &document))
}

/// Every version of an object, oldest first, deleted ones too: when it was recorded, and what it said. Asks the store.
pub(crate) async fn history(
    State(app): State<App>,
    ask: Ask,
    Chosen(it): Chosen,
    path: ObjectPath,
) -> Result<Response> {
    let format = ask.settle(&[Format::Json])?;
    let id = id_of(path)?;
    let versions = app.twin.history(&it.collection.id, &id).await?;
    if versions.is_empty() {
        return Err(ApiError::not_found("object", id.as_str()));
    }
    let versions = versions.iter().map(describe).collect::<Vec<Value>>();
    Ok(json(format, &json!({ "id": id, "versions": versions })))
}

fn describe(stored: &StoredObject) -> Value {
    json!({
        "version": stored.version,
        "recorded": interval(&stored.recorded),
        "valid": interval(&stored.object.feature.valid),
        "properties": stored.object.feature.properties,
    })
}

fn interval(range: &TimeRange) -> Value {
    serde_json::to_value(range).unwrap_or_default()
}

fn id_of(path: ObjectPath) -> Result<ObjectId> {
    let Path((_, id)) = path?;
    id.parse().map_err(|_no_id| ApiError::not_found("object", &id))
}
