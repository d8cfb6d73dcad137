use std::sync::Arc;

use axum::{extract::State, response::Response};
use quartier_twin::{CollectionSnapshot, sensors::Reader};

use super::{items_page, items_query::ItemsQuery};
use crate::{
    App,
    ask::Ask,
    auth::Visitor,
    city::Chosen,
    error::Result,
    format::Format,
    geojson::{FeatureCollection, Listed},
    links::{Link, segment},
};

pub(super) const OFFERED: &[Format] = &[Format::GeoJson, Format::Html];

/// [Features](https://docs.ogc.org/is/17-069r4/17-069r4.html#_items_).
pub(crate) async fn items(
    State(app): State<App>,
    mut ask: Ask,
    visitor: Visitor,
    Chosen(it): Chosen,
) -> Result<Response> {
    let query = ItemsQuery::take(&mut ask.query, &app, visitor, &it)?;
    let reader = query.reader(app.twin.sensors())?;
    let working = app.crss.working;
    if ask.settle(OFFERED)? == Format::Html {
        return app.compute(move || items_page::answer(&ask, &it, &query, reader.as_ref())).await?;
    }
    let writing = app.compute(move || page(&ask, it, &query, reader)?.start(working));
    Ok(writing.await??.answer(&app))
}

fn page(
    ask: &Ask,
    it: Arc<CollectionSnapshot>,
    query: &ItemsQuery,
    reader: Option<Reader>,
) -> Result<FeatureCollection> {
    let found = query.page(&it, query.limit)?;
    let mut links = ask.own_links(Format::GeoJson, OFFERED);
    if let Some(next) = found.next {
        let href = ask.address(&[("after", Some(&next.to_string()))]);
        links.push(Link::new(href, "next", Format::GeoJson, "The next page"));
    }
    let path = format!("/collections/{}", segment(it.collection.id.as_str()));
    links.push(ask.link("collection", &path, Format::Json, &it.collection.title));
    let listed = found.fids.into_iter();
    Ok(FeatureCollection {
        crs: query.crs,
        listed: listed.map(|fid| Listed { place: None, fid, distance_m: None }).collect(),
        matched: found.matched,
        links,
        collections: vec![it],
        reader,
    })
}
