use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use quartier_model::{CityObject, Feature, ObjectId};
use quartier_store::{Batch, Existing, Outcome, Receipt};
use quartier_twin::CollectionSnapshot;
use uuid::Uuid;

use crate::{
    App,
    ask::Ask,
    auth::Writer,
    body::GeoJsonBody,
    city::Chosen,
    error::{ApiError, Result},
    geojson::{Draft, Patch, read_feature, read_patch},
    links::segment,
    tag,
};

type ObjectPath = Result<Path<(String, String)>, PathRejection>;

/// Create of [Part 4](https://docs.ogc.org/DRAFTS/20-002r1.html): a new object, with the id that the feature has or
/// one that is made.
pub(crate) async fn create(
    _writer: Writer,
    State(app): State<App>,
    ask: Ask,
    Chosen(it): Chosen,
    body: GeoJsonBody,
) -> Result<Response> {
    ask.query.finish()?;
    let draft = read(&app, body).await?;
    let made = || Uuid::new_v4().to_string().parse::<ObjectId>().map_err(ApiError::internal);
    let id = draft.id.clone().map_or_else(made, Ok)?;
    let object = CityObject::from(feature_of(id.clone(), draft));
    let batch = Batch { existing: Existing::Keep, puts: vec![object], deletes: Vec::new() };
    let receipt = write(&app, &it, batch).await?;
    if receipt.puts.iter().any(|(_, outcome)| *outcome == Outcome::Kept) {
        return Err(ApiError::Conflict(id.to_string()));
    }
    let collection = segment(it.collection.id.as_str());
    let path = format!("/collections/{collection}/items/{}", segment(id.as_str()));
    Ok((StatusCode::CREATED, [(header::LOCATION, ask.base.url(&path))]).into_response())
}

/// Replace of Part 4. The object keeps its 3D geometry, which GeoJSON cannot say.
pub(crate) async fn replace(
    _writer: Writer,
    (State(app), ask): (State<App>, Ask),
    Chosen(it): Chosen,
    path: ObjectPath,
    headers: HeaderMap,
    body: GeoJsonBody,
) -> Result<StatusCode> {
    ask.query.finish()?;
    let id = id_of(path)?;
    let draft = read(&app, body).await?;
    if draft.id.as_ref().is_some_and(|given| *given != id) {
        let said = "the feature's `id` is not the one in the address; leave it out or correct it";
        return Err(ApiError::BadRequest(said.to_owned()));
    }
    let _alone = app.changing.lock().await;
    let structure = current(&app, &it, &id, &headers).await?.structure;
    put(&app, &it, CityObject { feature: feature_of(id, draft), structure }).await
}

/// Update of Part 4: a merge patch (RFC 7396) of the feature.
pub(crate) async fn update(
    _writer: Writer,
    (State(app), ask): (State<App>, Ask),
    Chosen(it): Chosen,
    path: ObjectPath,
    headers: HeaderMap,
    body: GeoJsonBody,
) -> Result<StatusCode> {
    ask.query.finish()?;
    let (id, working) = (id_of(path)?, app.crss.working);
    let patch = app.compute(move || read_patch(&body.bytes, body.crs, working)).await??;
    let _alone = app.changing.lock().await;
    let mut object = current(&app, &it, &id, &headers).await?;
    apply(patch, &mut object.feature);
    put(&app, &it, object).await
}

/// Delete of Part 4. The store keeps the object's versions.
pub(crate) async fn delete(
    _writer: Writer,
    State(app): State<App>,
    ask: Ask,
    Chosen(it): Chosen,
    path: ObjectPath,
    headers: HeaderMap,
) -> Result<StatusCode> {
    ask.query.finish()?;
    let id = id_of(path)?;
    let _alone = app.changing.lock().await;
    current(&app, &it, &id, &headers).await?;
    write(&app, &it, Batch { deletes: vec![id], ..Batch::default() }).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn read(app: &App, body: GeoJsonBody) -> Result<Draft> {
    let working = app.crss.working;
    app.compute(move || read_feature(&body.bytes, body.crs, working)).await?
}

async fn put(app: &App, it: &CollectionSnapshot, object: CityObject) -> Result<StatusCode> {
    write(app, it, Batch { puts: vec![object], ..Batch::default() }).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn write(app: &App, it: &CollectionSnapshot, batch: Batch) -> Result<Receipt> {
    Ok(app.twin.write(&it.collection.id, batch).await?)
}

/// The object as the store has it, unless whoever asks knows an older version only.
async fn current(
    app: &App,
    it: &CollectionSnapshot,
    id: &ObjectId,
    headers: &HeaderMap,
) -> Result<CityObject> {
    let stored = app.twin.object(&it.collection.id, id).await?;
    let stored = stored.ok_or_else(|| ApiError::not_found("object", id.as_str()))?;
    if tag::is_outdated(headers, stored.version) {
        return Err(ApiError::Outdated);
    }
    Ok(stored.object)
}

fn id_of(path: ObjectPath) -> Result<ObjectId> {
    let Path((_, id)) = path?;
    id.parse().map_err(|_no_id| ApiError::not_found("object", &id))
}

fn feature_of(id: ObjectId, draft: Draft) -> Feature {
    let Draft { source_id, geometry, properties, valid, .. } = draft;
    Feature { id, source_id, geometry, properties, valid }
}

fn apply(patch: Patch, feature: &mut Feature) {
    for (name, value) in patch.properties {
        if value.is_null() {
            feature.properties.shift_remove(&name);
        } else {
            feature.properties.insert(name, value);
        }
    }
    feature.valid = patch.valid.unwrap_or(feature.valid);
    if let Some(geometry) = patch.geometry {
        feature.geometry = geometry;
    }
}
