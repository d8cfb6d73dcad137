//! Exact questions about shapes, by robust orientation tests: no answer depends on rounding.

use geo::{
    Orientation,
    algorithm::kernels::{Kernel as _, RobustKernel},
};
use geo_types::Coord;
use quartier_model::Bbox;

use crate::geometry::{PathKind, Shape};

pub(crate) type Segment = (Coord<f64>, Coord<f64>);

/// Where a horizontal ray from a point to the east meets an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RayHit {
    Misses,
    Crosses,
    /// The point lies on the edge.
    Starts,
}

/// Whether two edges share a point; either may be a single point.
pub(super) fn segments_touch(one: Segment, other: Segment) -> bool {
    if !boxes_touch(one, other) {
        return false;
    }
    let sides = |(start, end): Segment, (first, last): Segment| {
        let first = RobustKernel::orient2d(start, end, first);
        first != Orientation::Collinear && first == RobustKernel::orient2d(start, end, last)
    };
    !sides(one, other) && !sides(other, one)
}

/// Whether an edge shares a point with a box.
pub(super) fn segment_touches_box((start, end): Segment, bbox: &Bbox) -> bool {
    let corners = corners(bbox);
    if !boxes_touch((start, end), (corners[0], corners[2])) {
        return false;
    }
    let side = |corner: &Coord<f64>| RobustKernel::orient2d(start, end, *corner);
    let first = side(&corners[0]);
    first == Orientation::Collinear || corners[1..].iter().any(|corner| side(corner) != first)
}

pub(super) fn ray_hit(point: Coord<f64>, (start, end): Segment) -> RayHit {
    let (low, high) = if start.y <= end.y { (start, end) } else { (end, start) };
    if point.y < low.y || point.y > high.y || point.x > start.x.max(end.x) {
        return RayHit::Misses;
    }
    let is_counted = low.y <= point.y && point.y < high.y;
    if point.x < start.x.min(end.x) {
        return if is_counted { RayHit::Crosses } else { RayHit::Misses };
    }
    match RobustKernel::orient2d(low, high, point) {
        Orientation::Collinear => RayHit::Starts,
        Orientation::CounterClockwise if is_counted => RayHit::Crosses,
        _ => RayHit::Misses,
    }
}

/// Whether a point lies in one of the shape's polygons or on an edge of them.
pub(crate) fn shape_covers(shape: &Shape, point: Coord<f64>) -> bool {
    let mut polygon = None;
    let mut is_in = false;
    for path in &shape.paths {
        let PathKind::Ring(number) = path.kind else { continue };
        if polygon != Some(number) {
            if is_in {
                return true;
            }
            polygon = Some(number);
        }
        for edge in crate::geometry::segments(shape.path(path)) {
            match ray_hit(point, edge) {
                RayHit::Starts => return true,
                RayHit::Crosses => is_in = !is_in,
                RayHit::Misses => {}
            }
        }
    }
    is_in
}

/// Whether a shape shares a point with a box.
pub(crate) fn shape_touches_box(shape: &Shape, bbox: &Bbox) -> bool {
    let is_in = |coord: &Coord<f64>| {
        bbox.min_x <= coord.x
            && coord.x <= bbox.max_x
            && bbox.min_y <= coord.y
            && coord.y <= bbox.max_y
    };
    shape.coords.iter().any(is_in)
        || shape.segments().any(|edge| segment_touches_box(edge, bbox))
        || shape_covers(shape, corners(bbox)[0])
}

/// Counter-clockwise from the south-west.
pub(super) fn corners(bbox: &Bbox) -> [Coord<f64>; 4] {
    [
        Coord { x: bbox.min_x, y: bbox.min_y },
        Coord { x: bbox.max_x, y: bbox.min_y },
        Coord { x: bbox.max_x, y: bbox.max_y },
        Coord { x: bbox.min_x, y: bbox.max_y },
    ]
}

fn boxes_touch(one: Segment, other: Segment) -> bool {
    let overlap = |a: f64, b: f64, c: f64, d: f64| a.min(b) <= c.max(d) && c.min(d) <= a.max(b);
    overlap(one.0.x, one.1.x, other.0.x, other.1.x)
        && overlap(one.0.y, one.1.y, other.0.y, other.1.y)
}
