use std::sync::Arc;

use geo_types::Coord;
use quartier_crs::Transform;
use quartier_model::{Filter, Geometry, PropertyEquals, SpatialFilter};
use quartier_twin::CollectionSnapshot;

use super::{Literal, reader::Reader};
use crate::{
    App,
    error::{ApiError, Result, shown},
    params::{bbox::read_bbox, crs::OfferedCrs},
    query::Query,
};

/// What a `filter` asks for, before it is known of which collection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Conditions {
    all: Vec<Condition>,
    crs: OfferedCrs,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    Equal { name: String, literal: Literal },
    Place { relation: Relation, shape: Shape },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Intersects,
    Within,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// The numbers of a `bbox`.
    Box(String),
    /// Coordinates in the order of the axes.
    Geometry(Geometry),
}

/// Takes `filter`, `filter-lang` and `filter-crs`.
pub(crate) fn take_filter(query: &mut Query, app: &App) -> Result<Option<Conditions>> {
    query.read("filter-lang", |text| match text {
        "cql2-text" => Ok(()),
        other => Err(format!("`{}` is not offered; filters are `cql2-text`", shown(other))),
    })?;
    let crs = app.crss.take(query, "filter-crs")?;
    let Some(all) = query.read("filter", |text| Reader::read(text))? else { return Ok(None) };
    let places = all.iter().filter(|it| matches!(it, Condition::Place { .. })).count();
    if places > 1 {
        return Err(refused(&"only one condition of place can stand in it"));
    }
    Ok(Some(Conditions { all, crs }))
}

fn refused(reason: &impl ToString) -> ApiError {
    ApiError::parameter("filter", reason.to_string())
}

impl Conditions {
    /// The first property that none of the collections has.
    pub(crate) fn unknown(&self, collections: &[Arc<CollectionSnapshot>]) -> Option<&str> {
        let mut names = self.all.iter().filter_map(|condition| match condition {
            Condition::Equal { name, .. } => Some(name.as_str()),
            Condition::Place { .. } => None,
        });
        names.find(|name| {
            !collections.iter().any(|it| it.collection.schema.property(name).is_some())
        })
    }

    /// Adds the conditions to those of a collection; `false` where none of its objects can fulfil them.
    pub(crate) fn narrow(&self, filter: &mut Filter, it: &CollectionSnapshot) -> Result<bool> {
        for condition in &self.all {
            let is_possible = match condition {
                Condition::Equal { name, literal } => equal(name, literal, filter, it)?,
                Condition::Place { relation, shape } => {
                    let places = self.places(*relation, shape, it)?;
                    filter.space.extend_from_slice(&places);
                    !places.is_empty()
                }
            };
            if !is_possible {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn places(
        &self,
        relation: Relation,
        shape: &Shape,
        it: &CollectionSnapshot,
    ) -> Result<Vec<SpatialFilter>> {
        match shape {
            Shape::Box(numbers) => {
                let boxes = read_bbox(numbers, self.crs).map_err(|error| refused(&error))?;
                let mut places = Vec::new();
                for bbox in &boxes {
                    places.extend(it.in_box(bbox, self.crs.crs).map_err(|error| refused(&error))?);
                }
                Ok(places.into_iter().map(|place| held(relation, place)).collect())
            }
            Shape::Geometry(geometry) => {
                let geometry = self.moved(geometry, it).map_err(|error| refused(&error))?;
                Ok(vec![match relation {
                    Relation::Intersects => SpatialFilter::Intersects(geometry),
                    Relation::Within => SpatialFilter::Within(geometry),
                }])
            }
        }
    }

    fn moved(
        &self,
        geometry: &Geometry,
        it: &CollectionSnapshot,
    ) -> Result<Geometry, quartier_crs::Error> {
        let turned = |at: Coord<f64>| {
            if self.crs.is_north_first { Coord { x: at.y, y: at.x } } else { at }
        };
        let geometry = geometry.map_coords(turned)?;
        Transform::between(self.crs.crs, it.collection.storage_crs)?.geometry(&geometry)
    }
}

/// A collection without the property has no object that fulfils the condition.
fn equal(
    name: &str,
    literal: &Literal,
    filter: &mut Filter,
    it: &CollectionSnapshot,
) -> Result<bool> {
    let Some(property) = it.collection.schema.property(name) else { return Ok(false) };
    let wrong = |wanted| refused(&format!("property `{}` is {wanted}", shown(name)));
    let value = literal.value(property.kind).map_err(wrong)?;
    filter.properties.push(PropertyEquals { name: name.to_owned(), value });
    Ok(true)
}

/// The outline of a box is a geometry already, unless its CRS is that of the collection.
fn held(relation: Relation, place: SpatialFilter) -> SpatialFilter {
    match (relation, place) {
        (Relation::Within, SpatialFilter::Intersects(outline)) => SpatialFilter::Within(outline),
        (Relation::Within, SpatialFilter::Bbox(bbox)) => {
            let outline = Geometry::new(bbox.to_rect().to_polygon().into());
            outline.map_or(SpatialFilter::Bbox(bbox), SpatialFilter::Within)
        }
        (_, place) => place,
    }
}
