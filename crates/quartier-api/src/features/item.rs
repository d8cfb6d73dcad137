use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use quartier_index::ObjectRef;
use quartier_model::{Property, PropertyKind};
use quartier_twin::CollectionSnapshot;
use serde_json::{Value, json};

use super::{items::OFFERED, items_page::worded, sketch::sketch};
use crate::{
    App,
    ask::Ask,
    city::Chosen,
    error::{ApiError, Result},
    format::Format,
    geojson::{View, write_feature},
    links::segment,
    params::crs::OfferedCrs,
    tag,
};

/// [A feature](https://docs.ogc.org/is/17-069r4/17-069r4.html#_feature_).
pub(crate) async fn item(
    State(app): State<App>,
    mut ask: Ask,
    Chosen(it): Chosen,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response> {
    let Path((_, id)) = path?;
    let crs = app.crss.take(&mut ask.query, "crs")?;
    match ask.settle(OFFERED)? {
        Format::Html => app.compute(move || page(&ask, &it, &id)).await?,
        _ => app.compute(move || feature(&ask, &it, &id, crs, &headers)).await?,
    }
}

fn feature(
    ask: &Ask,
    it: &CollectionSnapshot,
    id: &str,
    crs: OfferedCrs,
    headers: &HeaderMap,
) -> Result<Response> {
    let object = object(it, id)?;
    let body = write(ask, it, object, crs)?;
    let etag = tag::of_version(object.version(), &body);
    if tag::is_known(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let headers = [
        (header::CONTENT_TYPE, Format::GeoJson.media_type().to_owned()),
        (HeaderName::from_static("content-crs"), crs.header()),
        (header::ETAG, etag),
    ];
    Ok((headers, body).into_response())
}

fn object<'a>(it: &'a CollectionSnapshot, id: &'a str) -> Result<ObjectRef<'a>> {
    it.index.by_id(id).ok_or_else(|| ApiError::not_found("object", id))
}

fn write(
    ask: &Ask,
    it: &CollectionSnapshot,
    object: ObjectRef<'_>,
    crs: OfferedCrs,
) -> Result<Vec<u8>> {
    let view = View::new(it.collection.storage_crs, crs)?;
    let mut links = ask.own_links(Format::GeoJson, OFFERED);
    let collection = format!("/collections/{}", segment(it.collection.id.as_str()));
    links.push(ask.link("collection", &collection, Format::Json, &it.collection.title));
    let links = serde_json::to_vec(&links).map_err(ApiError::internal)?;
    let mut body = Vec::new();
    write_feature(&mut body, object, &view, |out| {
        out.extend_from_slice(br#","links":"#);
        out.extend_from_slice(&links);
    });
    Ok(body)
}

fn page(ask: &Ask, it: &CollectionSnapshot, id: &str) -> Result<Response> {
    let object = object(it, id)?;
    let collection = format!("/collections/{}?f=html", segment(it.collection.id.as_str()));
    let rows: Vec<Value> = object
        .properties()
        .map(|(name, value)| {
            let unknown = Property::new(name, PropertyKind::Json);
            let property = it.collection.schema.property(name).unwrap_or(&unknown);
            let title = property.title.as_deref().unwrap_or(name);
            json!({ "title": title, "value": worded(property, value) })
        })
        .collect();
    let document = json!({
        "id": object.id(),
        "collection_title": it.collection.title,
        "collection_href": ask.base.url(&collection),
        "sketch": object.geometry().map(|geometry| sketch(&geometry)),
        "rows": rows,
    });
    Ok(ask.answer(Format::Html, "item.html", &document))
}
