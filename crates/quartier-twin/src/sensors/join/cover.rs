use geo::{
    Orientation,
    algorithm::kernels::{Kernel as _, RobustKernel},
};
use geo_types::{Coord, Geometry as Plane, LineString, Polygon};

/// Whether a point is in one of the geometry's polygons.
///
/// A polygon has its boundary to the south-west of it and not the one to the north-east: of polygons that share an edge
/// exactly one has each point of it. Decided by robust orientation, so that no rounding is in it.
pub(crate) fn covers(plane: &Plane<f64>, point: Coord<f64>) -> bool {
    match plane {
        Plane::Polygon(polygon) => is_in(polygon, point),
        Plane::MultiPolygon(polygons) => polygons.iter().any(|polygon| is_in(polygon, point)),
        Plane::GeometryCollection(members) => members.iter().any(|it| covers(it, point)),
        _ => false,
    }
}

fn is_in(polygon: &Polygon<f64>, point: Coord<f64>) -> bool {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    rings.map(|ring| crossings(ring, point)).sum::<usize>() % 2 == 1
}

/// How often the ring crosses the ray from a point just north-east of the given one to the east.
fn crossings(ring: &LineString<f64>, point: Coord<f64>) -> usize {
    ring.lines().filter(|edge| crosses(edge.start, edge.end, point)).count()
}

fn crosses(start: Coord<f64>, end: Coord<f64>, point: Coord<f64>) -> bool {
    let (low, high) = if start.y <= end.y { (start, end) } else { (end, start) };
    low.y <= point.y
        && point.y < high.y
        && RobustKernel::orient2d(low, high, point) == Orientation::CounterClockwise
}
