use std::sync::Arc;

use axum::{extract::State, response::Response};
use geo_types::Coord;
use quartier_crs::Transform;
use quartier_twin::{CollectionSnapshot, Nearby};

use super::distance_cursor::DistanceCursor;
use crate::{
    App,
    ask::Ask,
    city::City,
    error::{ApiError, Result, shown},
    format::Format,
    geojson::{FeatureCollection, Listed},
    limits::{NEAREST_ALL_MAX, NEAREST_MAX, PAGE_DEFAULT},
    links::Link,
    params::{crs::OfferedCrs, limit::read_count},
    query::Query,
    tiles::read_collections,
};

struct Question {
    collections: Vec<Arc<CollectionSnapshot>>,
    point: Coord<f64>,
    crs: OfferedCrs,
    count: usize,
    limit: usize,
    max_distance_m: Option<f64>,
    after: Option<DistanceCursor>,
}

/// The `k` objects nearest to a point, nearest first; each tells its collection and its `distance_m`. Objects at the
/// same distance come in the order of their making.
pub(crate) async fn nearest(State(app): State<App>, mut ask: Ask, city: City) -> Result<Response> {
    let question = Question::take(&mut ask.query, &app, &city)?;
    ask.settle(&[Format::GeoJson])?;
    let working = app.crss.working;
    let writing = app.compute(move || question.answer(&ask, &city)?.start(working)).await??;
    Ok(writing.answer(&app))
}

impl Question {
    fn take(query: &mut Query, app: &App, city: &City) -> Result<Self> {
        let names = query.text("collection");
        let names = names.ok_or_else(|| ApiError::parameter("collection", "name one or more"))?;
        let crs = app.crss.take(query, "crs")?;
        let point = query.read("point", |text| read_point(text, crs))?;
        let count = query.read("k", |text| read_count(text, NEAREST_ALL_MAX))?;
        let limit = query.read("limit", |text| read_count(text, NEAREST_MAX))?;
        Ok(Self {
            collections: read_collections("collection", &names, city)?,
            point: point.ok_or_else(|| ApiError::parameter("point", "give two numbers: x,y"))?,
            crs,
            count: count.unwrap_or(PAGE_DEFAULT),
            limit: limit.unwrap_or(NEAREST_MAX),
            max_distance_m: query.read("max_distance_m", read_distance)?,
            after: query.value("after")?,
        })
    }

    fn answer(self, ask: &Ask, city: &City) -> Result<FeatureCollection> {
        let point = Transform::between(self.crs.crs, city.snapshot.working_crs())
            .and_then(|transform| transform.coord(self.point))
            .map_err(|error| ApiError::parameter("point", error))?;
        let sought: Vec<&CollectionSnapshot> = self.collections.iter().map(|it| &**it).collect();
        let near = city.snapshot.nearest(&sought, point, self.count, self.max_distance_m);
        let passed =
            near.partition_point(|near| self.after.is_some_and(|after| after.has_passed(near)));
        let page: Vec<&Nearby<'_>> = near.iter().skip(passed).take(self.limit).collect();
        let listed: Vec<Listed> = page.iter().map(|near| self.listed(near)).collect();
        let mut links = ask.own_links(Format::GeoJson, &[Format::GeoJson]);
        if let Some(last) = page.last().filter(|_| near.len() > passed + listed.len()) {
            let href = ask.address(&[("after", Some(&DistanceCursor::of(last).to_string()))]);
            links.push(Link::new(href, "next", Format::GeoJson, "The next page"));
        }
        let (crs, matched) = (self.crs, near.len());
        drop(near);
        Ok(FeatureCollection {
            collections: self.collections,
            crs,
            listed,
            matched,
            links,
            reader: None,
        })
    }

    fn listed(&self, near: &Nearby<'_>) -> Listed {
        let id = &near.hit.collection.collection.id;
        Listed {
            place: self.collections.iter().position(|it| it.collection.id == *id),
            fid: near.hit.object.fid(),
            distance_m: Some(near.distance_m),
        }
    }
}

/// In the order of the CRS's axes.
fn read_point(text: &str, crs: OfferedCrs) -> Result<Coord<f64>, String> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let numbers =
        text.split_once(',').and_then(|(first, second)| number(first).zip(number(second)));
    let (first, second) =
        numbers.ok_or_else(|| format!("`{}` is not two finite numbers: x,y", shown(text)))?;
    let (x, y) = if crs.is_north_first { (second, first) } else { (first, second) };
    if crs.is_geographic && (x.abs() > 180.0 || y.abs() > 90.0) {
        return Err(format!("`{}` lies outside the world", shown(text)));
    }
    Ok(Coord { x, y })
}

fn read_distance(text: &str) -> Result<f64, String> {
    let distance = text.parse::<f64>().ok().filter(|it| it.is_finite() && *it >= 0.0);
    distance.ok_or_else(|| format!("`{}` is not a distance in metres from 0 on", shown(text)))
}
