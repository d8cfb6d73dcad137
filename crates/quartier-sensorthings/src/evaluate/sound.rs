use std::borrow::Cow;

use geo::{
    BooleanOps as _, CoordsIter as _, HasDimensions as _, MapCoords as _, Validation as _,
    kernels::{Kernel as _, Orientation, RobustKernel},
    unary_union,
};
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPolygon, Polygon};

/// Nothing on Earth is further away, and topology is computed exactly only of numbers that are neither too large nor
/// too small.
const DEGREES_MAX: f64 = 1e6;

/// A tenth of a micrometre.
const DEGREES_MIN: f64 = 1e-12;

/// The same set of points in a form that topology can be computed of: outlines that cross themselves make the areas
/// inside them, lines that go nowhere are points. `None` where that is nothing, and for collections, of which `PostGIS`
/// computes no topology either.
pub(super) fn sound(geometry: &Geometry<f64>) -> Option<Cow<'_, Geometry<f64>>> {
    let is_far = |coord: Coord<f64>| coord.x.abs() > DEGREES_MAX || coord.y.abs() > DEGREES_MAX;
    if geometry.coords_iter().any(is_far) {
        return None;
    }
    let is_tiny = |value: f64| value != 0.0 && value.abs() < DEGREES_MIN;
    if geometry.coords_iter().any(|coord| is_tiny(coord.x) || is_tiny(coord.y)) {
        let round = |value| if is_tiny(value) { 0.0 } else { value };
        let rounded = geometry.map_coords(|Coord { x, y }| Coord { x: round(x), y: round(y) });
        return mended(&rounded).map(|it| Cow::Owned(it.into_owned()));
    }
    mended(geometry)
}

fn mended(geometry: &Geometry<f64>) -> Option<Cow<'_, Geometry<f64>>> {
    match geometry {
        Geometry::LineString(line) if is_point(line) => {
            line.points().next().map(|point| Cow::Owned(point.into()))
        }
        Geometry::MultiLineString(lines) if lines.iter().any(is_point) => {
            let lines: Vec<_> = lines.iter().filter(|line| !is_point(line)).cloned().collect();
            (!lines.is_empty()).then(|| Cow::Owned(MultiLineString::new(lines).into()))
        }
        Geometry::Polygon(polygon) if !is_sound(geometry) => united(std::slice::from_ref(polygon)),
        Geometry::MultiPolygon(polygons) if !is_sound(geometry) => united(&polygons.0),
        Geometry::GeometryCollection(members) => match members.0.as_slice() {
            [only] => mended(only),
            _ => None,
        },
        _ => Some(Cow::Borrowed(geometry)),
    }
}

fn is_point(line: &LineString<f64>) -> bool {
    line.0.iter().all(|coord| Some(coord) == line.0.first())
}

fn united(polygons: &[Polygon<f64>]) -> Option<Cow<'static, Geometry<f64>>> {
    let nothing = MultiPolygon::new(Vec::new());
    let areas: Vec<MultiPolygon<f64>> = polygons.iter().map(|it| it.union(&nothing)).collect();
    let united = unary_union(&areas);
    let united = Geometry::from(united);
    (!united.is_empty() && is_sound(&united)).then_some(Cow::Owned(united))
}

fn is_sound(areas: &Geometry<f64>) -> bool {
    let folds = match areas {
        Geometry::Polygon(polygon) => rings(polygon).any(folds_back),
        Geometry::MultiPolygon(polygons) => polygons.iter().flat_map(rings).any(folds_back),
        _ => false,
    };
    !folds && areas.is_valid()
}

fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

/// Whether a ring goes back on the line on which it came, which the check of the `geo` crate does not see.
fn folds_back(ring: &LineString<f64>) -> bool {
    let mut coords = ring.0.clone();
    coords.dedup();
    coords.extend(coords.get(1).copied());
    coords.windows(3).any(|corner| match corner {
        [before, at, after] => {
            let is_straight =
                RobustKernel::orient2d(*before, *at, *after) == Orientation::Collinear;
            let (back, on) = (*before - *at, *after - *at);
            is_straight && back.x * on.x + back.y * on.y > 0.0
        }
        _ => false,
    })
}
