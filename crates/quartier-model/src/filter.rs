use serde_json::Value;

use crate::{Bbox, Geometry, TimeRange};

/// Which objects of a collection are meant: those that fulfil every condition. Geometries are in the working CRS.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// Any of these is enough; an empty list is no condition.
    pub space: Vec<SpatialFilter>,
    /// Objects that are valid at some instant of the range.
    pub time: Option<TimeRange>,
    pub properties: Vec<PropertyEquals>,
}

/// A condition on an object's footprint, line or point; exact, not by its box. Touching counts.
#[derive(Debug, Clone, PartialEq)]
pub enum SpatialFilter {
    /// Shares a point with the box; where the box has heights and the object too, these overlap.
    Bbox(Bbox),
    /// Shares a point with the geometry; where both have heights, these overlap.
    Intersects(Geometry),
    /// Lies in the geometry.
    Within(Geometry),
    /// Is at most this many metres from the geometry.
    Distance { geometry: Geometry, metres: f64 },
}

/// A property has this value: numbers are compared as numbers, texts by their code points.
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyEquals {
    pub name: String,
    pub value: Value,
}
