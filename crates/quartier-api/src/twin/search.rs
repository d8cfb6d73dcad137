use std::sync::Arc;

use axum::{extract::State, response::Response};
use quartier_model::{Filter, SpatialFilter};
use quartier_twin::CollectionSnapshot;
use serde::Deserialize;
use serde_json::Value;

use super::search_cursor::SearchCursor;
use crate::{
    App,
    ask::Ask,
    body::JsonBody,
    city::City,
    error::{ApiError, Result},
    format::Format,
    geojson::{FeatureCollection, Listed, parse, read_geometry},
    limits::{PAGE_DEFAULT, PAGE_MAX},
    links::Link,
    params::{
        crs::{Crss, OfferedCrs},
        datetime::read_datetime,
    },
    tiles::read_collections,
};

/// What is sought: everything that stands to a geometry in a relation, in one or several collections.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    /// All that may be read, where it is left out.
    collections: Option<Vec<String>>,
    geometry: Value,
    relation: Option<Relation>,
    distance_m: Option<f64>,
    crs: Option<String>,
    datetime: Option<String>,
    limit: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Relation {
    Intersects,
    Within,
    /// The same as `distance_m` alone.
    Distance,
}

/// Searches collections by a geometry; exact against the objects' footprints. The `next` link is followed with the
/// same body.
pub(crate) async fn search(
    State(app): State<App>,
    mut ask: Ask,
    city: City,
    body: JsonBody,
) -> Result<Response> {
    let after = ask.query.value::<SearchCursor>("after")?;
    ask.settle(&[Format::GeoJson])?;
    let crss = Arc::clone(&app.crss);
    let writing = app.compute(move || {
        let question = parse::<Question>(&body.0)?;
        question.answer(&crss, &ask, &city, after)?.start(crss.working)
    });
    Ok(writing.await??.answer(&app))
}

impl Question {
    fn answer(
        &self,
        crss: &Crss,
        ask: &Ask,
        city: &City,
        after: Option<SearchCursor>,
    ) -> Result<FeatureCollection> {
        let collections: Vec<Arc<CollectionSnapshot>> = match &self.collections {
            Some(names) => read_collections("collections", &names.join(","), city)?,
            None => city.collections().cloned().collect(),
        };
        let crs = self.crs.as_ref().map_or(Ok(crss.default), |text| crss.read(text));
        let crs = crs.map_err(|reason| ApiError::parameter("crs", reason))?;
        let filter = self.filter(crss, crs)?;
        let sought: Vec<&CollectionSnapshot> = collections.iter().map(|it| &**it).collect();
        let after = after.map(|cursor| cursor.0);
        let found = city.snapshot.search(&sought, &filter, after.as_ref(), self.limit()?);
        let place = |it: &CollectionSnapshot| {
            collections.iter().position(|known| known.collection.id == it.collection.id)
        };
        let listed = found.hits.iter().map(|hit| Listed {
            place: place(hit.collection),
            fid: hit.object.fid(),
            distance_m: None,
        });
        let (listed, matched) = (listed.collect(), found.matched);
        let mut links = ask.own_links(Format::GeoJson, &[Format::GeoJson]);
        links[0] = links[0].clone().posted();
        if let Some(next) = found.next {
            let href = ask.address(&[("after", Some(&SearchCursor(next).to_string()))]);
            links.push(Link::new(href, "next", Format::GeoJson, "The next page").posted());
        }
        Ok(FeatureCollection { collections, crs, listed, matched, links, reader: None })
    }

    fn filter(&self, crss: &Crss, crs: OfferedCrs) -> Result<Filter> {
        let geometry = read_geometry(&self.geometry, crs, crss.working)?;
        let refused = |reason: &str| Err(ApiError::parameter("distance_m", reason));
        let space = match (self.relation, self.distance_m) {
            (Some(Relation::Intersects) | None, None) => SpatialFilter::Intersects(geometry),
            (Some(Relation::Within), None) => SpatialFilter::Within(geometry),
            (Some(Relation::Distance) | None, Some(metres)) if metres >= 0.0 => {
                SpatialFilter::Distance { geometry, metres }
            }
            (Some(Relation::Distance) | None, Some(_)) => {
                return refused("it is metres from 0 on");
            }
            (Some(Relation::Distance), None) => {
                return refused("the relation `distance` needs it");
            }
            (Some(Relation::Intersects | Relation::Within), Some(_)) => {
                return refused("it goes with the relation `distance` only; leave one of them out");
            }
        };
        let time = self.datetime.as_deref().map_or(Ok(None), read_datetime);
        let time = time.map_err(|reason| ApiError::parameter("datetime", reason))?;
        Ok(Filter { space: vec![space], time, properties: Vec::new() })
    }

    fn limit(&self) -> Result<usize> {
        match self.limit {
            None => Ok(PAGE_DEFAULT),
            Some(0) => Err(ApiError::parameter("limit", "it is a whole number from 1 on")),
            Some(limit) => Ok(usize::try_from(limit).unwrap_or(PAGE_MAX).min(PAGE_MAX)),
        }
    }
}
