use axum::{extract::State, response::Response};
use quartier_model::Crs;
use quartier_twin::CollectionSnapshot;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::without_nulls;
use crate::{
    App,
    ask::Ask,
    city::{Chosen, City},
    error::Result,
    format::Format,
    links::{Link, segment},
};

const OFFERED: &[Format] = &[Format::Json, Format::Html];

/// [Feature collections](https://docs.ogc.org/is/17-069r4/17-069r4.html#_collections_).
pub(crate) async fn collections(State(app): State<App>, ask: Ask, city: City) -> Result<Response> {
    let format = ask.settle(OFFERED)?;
    let own = |it: &CollectionSnapshot| {
        let path = format!("/collections/{}", segment(it.collection.id.as_str()));
        vec![ask.link("self", &path, Format::Json, &it.collection.title)]
    };
    let collections: Vec<Value> =
        city.collections().map(|it| describe(&app, &ask, it, own(it))).collect();
    let document = json!({
        "links": ask.own_links(format, OFFERED),
        "crs": app.crss.uris(),
        "collections": collections,
    });
    Ok(ask.answer(format, "collections.html", &document))
}

/// [A feature collection](https://docs.ogc.org/is/17-069r4/17-069r4.html#_collection_).
pub(crate) async fn collection(
    State(app): State<App>,
    ask: Ask,
    Chosen(it): Chosen,
) -> Result<Response> {
    let format = ask.settle(OFFERED)?;
    let document = describe(&app, &ask, &it, ask.own_links(format, OFFERED));
    Ok(ask.answer(format, "collection.html", &document))
}

fn describe(app: &App, ask: &Ask, it: &CollectionSnapshot, mut links: Vec<Link>) -> Value {
    let said = &it.collection;
    links.extend(resources(ask, &format!("/collections/{}", segment(said.id.as_str()))));
    without_nulls(json!({
        "id": said.id,
        "title": said.title,
        "description": said.description,
        "license": said.licence,
        "attribution": said.attribution,
        "itemType": "feature",
        "itemCount": it.index.len(),
        "extent": extent(it),
        "crs": app.crss.uris(),
        "storageCrs": said.storage_crs.uri(),
        "links": links,
    }))
}

fn resources(ask: &Ask, path: &str) -> Vec<Link> {
    const SCHEMA: &str = "http://www.opengis.net/def/rel/ogc/1.0/schema";
    const QUERYABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
    const SORTABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/sortables";
    const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
    let link = |rel, below: &str, format, title: &str| {
        ask.link(rel, &format!("{path}{below}"), format, title)
    };
    vec![
        link("items", "/items", Format::GeoJson, "Objects as GeoJSON"),
        link("items", "/items?f=html", Format::Html, "Objects as a page"),
        link(SCHEMA, "/schema", Format::Schema, "Schema"),
        link(QUERYABLES, "/queryables", Format::Schema, "Properties to filter by"),
        link(SORTABLES, "/sortables", Format::Schema, "Properties to sort by"),
        link(TILESETS, "/tiles", Format::Json, "Vector tiles"),
    ]
}

/// `None` while the collection is empty.
fn extent(it: &CollectionSnapshot) -> Option<Value> {
    let spatial = it.extent_degrees.map(|reach| {
        json!({
            "bbox": [[reach.min_x, reach.min_y, reach.max_x, reach.max_y]],
            "crs": Crs::Crs84.uri(),
        })
    });
    let instant = |at: Option<OffsetDateTime>| at.and_then(|it| it.format(&Rfc3339).ok());
    let temporal = it.index.time_extent().map(|range| {
        json!({
            "interval": [[instant(range.start()), instant(range.end())]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        })
    });
    let extent = without_nulls(json!({ "spatial": spatial, "temporal": temporal }));
    Some(extent).filter(|extent| extent.as_object().is_some_and(|members| !members.is_empty()))
}
