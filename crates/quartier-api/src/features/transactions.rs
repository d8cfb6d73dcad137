use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use quartier_model::{CityObject, Feature, ObjectId};
use quartier_store::{Batch, Existing, Outcome, Receipt};
use quartier_twin::CollectionSnapshot;
use uuid::Uuid;

use super::{kinds, target::Target};
use crate::{
    App,
    ask::Ask,
    auth::Writer,
    body::GeoJsonBody,
    city::Chosen,
    error::{ApiError, Result},
    geojson::{Draft, Patch, read_feature, read_patch},
    links::segment,
};

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
    let draft = read(&app, &it, body).await?;
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
    target: Target,
    State(app): State<App>,
    ask: Ask,
    body: GeoJsonBody,
) -> Result<StatusCode> {
    ask.query.finish()?;
    let draft = read(&app, &target.collection, body).await?;
    if draft.id.as_ref().is_some_and(|given| *given != target.id) {
        let said = "the feature's `id` is not the one in the address; leave it out or correct it";
        return Err(ApiError::BadRequest(said.to_owned()));
    }
    let _alone = app.changing.lock().await;
    let structure = target.current(&app).await?.structure;
    let feature = feature_of(target.id.clone(), draft);
    put(&app, &target, CityObject { feature, structure }).await
}

/// Update of Part 4: a merge patch (RFC 7396) of the feature.
pub(crate) async fn update(
    target: Target,
    State(app): State<App>,
    ask: Ask,
    body: GeoJsonBody,
) -> Result<StatusCode> {
    ask.query.finish()?;
    let working = app.crss.working;
    let patch = app.compute(move || read_patch(&body.bytes, body.crs, working)).await??;
    kinds::check(&target.collection.collection.schema, &patch.properties)?;
    let _alone = app.changing.lock().await;
    let mut object = target.current(&app).await?;
    apply(patch, &mut object.feature);
    put(&app, &target, object).await
}

/// Delete of Part 4. The store keeps the object's versions.
pub(crate) async fn delete(target: Target, State(app): State<App>, ask: Ask) -> Result<StatusCode> {
    ask.query.finish()?;
    let _alone = app.changing.lock().await;
    target.current(&app).await?;
    let batch = Batch { deletes: vec![target.id.clone()], ..Batch::default() };
    write(&app, &target.collection, batch).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn read(app: &App, it: &CollectionSnapshot, body: GeoJsonBody) -> Result<Draft> {
    let working = app.crss.working;
    let draft = app.compute(move || read_feature(&body.bytes, body.crs, working)).await??;
    kinds::check(&it.collection.schema, &draft.properties)?;
    Ok(draft)
}

async fn put(app: &App, target: &Target, object: CityObject) -> Result<StatusCode> {
    write(app, &target.collection, Batch { puts: vec![object], ..Batch::default() }).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn write(app: &App, it: &CollectionSnapshot, batch: Batch) -> Result<Receipt> {
    for object in &batch.puts {
        app.twin.learn(&it.collection.id, &object.feature.properties).await?;
    }
    Ok(app.twin.write(&it.collection.id, batch).await?)
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
