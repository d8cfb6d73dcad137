use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use quartier_index::ObjectRef;
use quartier_model::{Property, PropertyKind};
use quartier_twin::{
    CollectionSnapshot,
    sensors::{ObjectReading, Reader},
};
use serde_json::{Value, json};
use time::Duration;

use super::{
    items::OFFERED,
    items_page::{worded, worded_reading},
    sketch::sketch,
};
use crate::{
    App,
    ask::Ask,
    auth::Visitor,
    city::Chosen,
    error::{ApiError, Result},
    format::Format,
    geojson::{View, write_feature},
    links::segment,
    params::crs::OfferedCrs,
    readings::{self, take_readings},
    tag,
};

/// [A feature](https://docs.ogc.org/is/17-069r4/17-069r4.html#_feature_).
pub(crate) async fn item(
    State(app): State<App>,
    mut ask: Ask,
    (visitor, Chosen(it)): (Visitor, Chosen),
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response> {
    let Path((_, id)) = path?;
    let crs = app.crss.take(&mut ask.query, "crs")?;
    let names = take_readings(&mut ask.query, &app, visitor)?;
    let format = ask.settle(OFFERED)?;
    let reader = names.map(|names| readings::reader(&names, app.twin.sensors())).transpose()?;
    let compute = move || {
        let object = it.index.by_id(&id).ok_or_else(|| ApiError::not_found("object", &id))?;
        let readings = |reader: Reader| reader.of(&it.collection.id, object.fid());
        let readings = reader.map_or_else(Vec::new, readings);
        let shown = Shown { ask: &ask, it: &it, object, crs };
        if format == Format::Html {
            return Ok(shown.page(&readings));
        }
        shown.feature(&readings, &headers)
    };
    app.compute(compute).await?
}

/// An object, and how it is to be shown.
struct Shown<'a> {
    ask: &'a Ask,
    it: &'a CollectionSnapshot,
    object: ObjectRef<'a>,
    crs: OfferedCrs,
}

impl Shown<'_> {
    fn feature(&self, readings: &[ObjectReading], headers: &HeaderMap) -> Result<Response> {
        // Ages grow with every second, and are no change.
        let ageless = |it: &ObjectReading| ObjectReading { age: Duration::ZERO, ..it.clone() };
        let ageless: Vec<ObjectReading> = readings.iter().map(ageless).collect();
        let body = self.write(&ageless)?;
        let etag = tag::of_version(self.object.version(), &body);
        if tag::is_known(headers, &etag) {
            return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
        }
        let body = if readings.is_empty() { body } else { self.write(readings)? };
        let headers = [
            (header::CONTENT_TYPE, Format::GeoJson.media_type().to_owned()),
            (HeaderName::from_static("content-crs"), self.crs.header()),
            (header::ETAG, etag),
        ];
        Ok((headers, body).into_response())
    }

    fn write(&self, readings: &[ObjectReading]) -> Result<Vec<u8>> {
        let it = &self.it.collection;
        let view = View::new(it.storage_crs, self.crs)?;
        let mut links = self.ask.own_links(Format::GeoJson, OFFERED);
        let collection = format!("/collections/{}", segment(it.id.as_str()));
        links.push(self.ask.link("collection", &collection, Format::Json, &it.title));
        let links = serde_json::to_vec(&links).map_err(ApiError::internal)?;
        let mut body = Vec::new();
        write_feature(&mut body, self.object, readings, &view, |out| {
            out.extend_from_slice(br#","links":"#);
            out.extend_from_slice(&links);
        });
        Ok(body)
    }

    fn page(&self, readings: &[ObjectReading]) -> Response {
        let it = &self.it.collection;
        let collection = format!("/collections/{}?f=html", segment(it.id.as_str()));
        let own = self.object.properties().map(|(name, value)| {
            let unknown = Property::new(name, PropertyKind::Json);
            let property = it.schema.property(name).unwrap_or(&unknown);
            let title = property.title.as_deref().unwrap_or(name);
            json!({ "title": title, "value": worded(property, value) })
        });
        let measured =
            readings.iter().map(|it| json!({ "title": it.property, "value": worded_reading(it) }));
        let document = json!({
            "id": self.object.id(),
            "collection_title": it.title,
            "collection_href": self.ask.base.url(&collection),
            "sketch": self.object.geometry().map(|geometry| sketch(&geometry)),
            "rows": own.chain(measured).collect::<Vec<Value>>(),
        });
        self.ask.answer(Format::Html, "item.html", &document)
    }
}
