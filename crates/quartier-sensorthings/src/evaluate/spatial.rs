use std::borrow::Cow;

use geo::{
    BoundingRect as _, Contains as _, Euclidean, Intersects as _, Length as _, Relate as _,
    algorithm::line_measures::Distance as _,
};
use geo_types::{Geometry, Rect};

use super::{Shape, Value, sound::sound};
use crate::expression::{Function, is_pattern};

/// A geometry with the box around it.
#[derive(Debug)]
pub(super) struct Prepared {
    geometry: Geometry<f64>,
    bounds: Option<Rect<f64>>,
}

impl Prepared {
    pub(super) fn new(geometry: Geometry<f64>) -> Self {
        Self { bounds: geometry.bounding_rect(), geometry }
    }
}

/// A geometry that stands in the expression, or an entity's.
pub(super) enum Figure<'v> {
    Ready(&'v Prepared),
    Shape(Shape<'v>),
}

enum Known<'f> {
    Geometry(&'f Geometry<f64>, Option<Rect<f64>>),
    Nothing,
    Unknown,
}

impl Figure<'_> {
    fn known(&self) -> Known<'_> {
        match self {
            Self::Ready(prepared) => Known::Geometry(&prepared.geometry, prepared.bounds),
            Self::Shape(Shape::Known(geometry)) => {
                Known::Geometry(geometry, geometry.bounding_rect())
            }
            Self::Shape(Shape::Nothing) => Known::Nothing,
            Self::Shape(Shape::Unknown) => Known::Unknown,
        }
    }
}

/// What a function of two geometries gives, in the plane of longitude and latitude: distances are degrees.
pub(super) fn spatial(
    function: Function,
    left: &Figure<'_>,
    right: &Figure<'_>,
    pattern: Option<&Value<'_>>,
) -> Value<'static> {
    let (left, left_box, right, right_box) = match (left.known(), right.known(), pattern) {
        (Known::Unknown, ..) | (_, Known::Unknown, _) | (_, _, Some(Value::Unknown)) => {
            return Value::Unknown;
        }
        (Known::Geometry(left, left_box), Known::Geometry(right, right_box), _) => {
            (left, left_box, right, right_box)
        }
        _ => return Value::Null,
    };
    if function == Function::GeoDistance {
        return Value::number(Euclidean.distance(left, right));
    }
    let pattern = match pattern {
        Some(Value::Text(pattern)) => Some(Cow::as_ref(pattern)),
        _ => None,
    };
    let is_apart = match (left_box, right_box) {
        (Some(left), Some(right)) => !left.intersects(&right),
        _ => true,
    };
    related(function, left, right, is_apart, pattern).map_or(Value::Null, Value::Bool)
}

fn related(
    function: Function,
    left: &Geometry<f64>,
    right: &Geometry<f64>,
    is_apart: bool,
    pattern: Option<&str>,
) -> Option<bool> {
    use Function as F;
    match (function, left, right) {
        (F::StDisjoint, ..) => return Some(is_apart || !left.intersects(right)),
        (F::GeoIntersects | F::StIntersects, ..) => {
            return Some(!is_apart && left.intersects(right));
        }
        // Most that is asked is whether a sensor stands in an area: that needs no topology.
        (F::StWithin, Geometry::Point(point), Geometry::Polygon(area))
        | (F::StContains, Geometry::Polygon(area), Geometry::Point(point)) => {
            return Some(!is_apart && area.contains(point));
        }
        (F::StWithin, Geometry::Point(point), Geometry::MultiPolygon(areas))
        | (F::StContains, Geometry::MultiPolygon(areas), Geometry::Point(point)) => {
            return Some(!is_apart && areas.contains(point));
        }
        (F::StRelate, ..) => {}
        _ if is_apart => return Some(false),
        _ => {}
    }
    let matrix = sound(left)?.relate(&*sound(right)?);
    Some(match function {
        F::StRelate => {
            let pattern = pattern.filter(|pattern| is_pattern(pattern))?;
            matrix.matches(pattern).ok()?
        }
        F::StEquals => matrix.is_equal_topo(),
        F::StTouches => matrix.is_touches(),
        F::StWithin => matrix.is_within(),
        F::StOverlaps => matrix.is_overlaps(),
        F::StCrosses => matrix.is_crosses(),
        F::StContains => matrix.is_contains(),
        _ => return None,
    })
}

/// The length of its lines in degrees; an area has none, as in PostGIS.
pub(super) fn length(figure: &Figure<'_>) -> Value<'static> {
    match figure.known() {
        Known::Geometry(geometry, _) => Value::number(length_of(geometry)),
        Known::Nothing => Value::Null,
        Known::Unknown => Value::Unknown,
    }
}

fn length_of(geometry: &Geometry<f64>) -> f64 {
    match geometry {
        Geometry::Line(line) => Euclidean.length(line),
        Geometry::LineString(line) => Euclidean.length(line),
        Geometry::MultiLineString(lines) => Euclidean.length(lines),
        Geometry::GeometryCollection(members) => members.iter().map(length_of).sum(),
        _ => 0.0,
    }
}
