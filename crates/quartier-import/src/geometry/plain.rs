//! A test that is quick and never wrong when it says yes: almost every real polygon is plain, and the full test,
//! which builds a topology graph, need not see it.

use geo::{
    Coord, Intersects as _, LineString, MultiPolygon, Polygon,
    coordinate_position::CoordPos,
    kernels::{Kernel as _, Orientation, RobustKernel},
};

/// From here on, sorting the segments costs less than comparing each with each.
const SORT_FROM: usize = 24;

/// Multipolygons with more members go to the full test, which has an index.
const MEMBERS_MAX: usize = 500;

struct Edge {
    start: Coord<f64>,
    end: Coord<f64>,
    ring: usize,
    /// The place in the ring and the ring's length.
    place: (usize, usize),
}

/// Whether no two edges of the polygon touch but neighbours at their common point, and every hole lies inside.
pub(crate) fn is_plain(polygon: &Polygon<f64>) -> bool {
    let mut edges = Vec::with_capacity(polygon.exterior().0.len() + 8);
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    for (ring, line) in rings.enumerate() {
        let length = line.0.len().saturating_sub(1);
        edges.extend(line.0.windows(2).enumerate().filter_map(|(at, pair)| match pair {
            [start, end] => Some(Edge { start: *start, end: *end, ring, place: (at, length) }),
            _ => None,
        }));
    }
    edges.len() >= 3 && are_apart(&mut edges) && holes_are_inside(polygon)
}

/// Whether the members are plain and their boxes have nothing in common.
pub(crate) fn are_plain(polygons: &MultiPolygon<f64>) -> bool {
    if !polygons.iter().all(is_plain) {
        return false;
    }
    if polygons.0.len() == 1 {
        return true;
    }
    let boxes: Vec<_> = polygons.iter().filter_map(geo::BoundingRect::bounding_rect).collect();
    let is_apart = |at: usize| {
        let (before, rest) = boxes.split_at(at);
        rest.first().is_some_and(|it| before.iter().all(|other| !it.intersects(other)))
    };
    boxes.len() == polygons.0.len() && boxes.len() <= MEMBERS_MAX && (1..boxes.len()).all(is_apart)
}

fn are_apart(edges: &mut [Edge]) -> bool {
    let is_sorted = edges.len() >= SORT_FROM;
    if is_sorted {
        edges.sort_unstable_by(|one, other| one.min_x().total_cmp(&other.min_x()));
    }
    for (at, edge) in edges.iter().enumerate() {
        let max_x = edge.start.x.max(edge.end.x);
        for other in edges.get(at + 1..).unwrap_or_default() {
            if is_sorted && other.min_x() > max_x {
                break;
            }
            if !edge.goes_well_with(other) {
                return false;
            }
        }
    }
    true
}

impl Edge {
    fn min_x(&self) -> f64 {
        self.start.x.min(self.end.x)
    }

    fn goes_well_with(&self, other: &Self) -> bool {
        let (mine, length) = self.place;
        let theirs = other.place.0;
        if self.ring != other.ring {
            !self.touches(other)
        } else if (mine + 1) % length == theirs {
            !folds(self.start, self.end, other.end)
        } else if (theirs + 1) % length == mine {
            !folds(other.start, other.end, self.end)
        } else {
            !self.touches(other)
        }
    }

    fn touches(&self, other: &Self) -> bool {
        if !self.is_near(other) {
            return false;
        }
        let of = |edge: &Self, point| RobustKernel::orient2d(edge.start, edge.end, point);
        let (one, two) = (of(self, other.start), of(self, other.end));
        let (three, four) = (of(other, self.start), of(other, self.end));
        let is_beside = |one, two| one == two && one != Orientation::Collinear;
        // Where three points are on one line the boxes decide; a wrong yes only costs the full test.
        !is_beside(one, two) && !is_beside(three, four)
    }

    fn is_near(&self, other: &Self) -> bool {
        let overlap = |a: f64, b: f64, c: f64, d: f64| a.min(b) <= c.max(d) && c.min(d) <= a.max(b);
        overlap(self.start.x, self.end.x, other.start.x, other.end.x)
            && overlap(self.start.y, self.end.y, other.start.y, other.end.y)
    }
}

/// Whether the way from `start` over `corner` to `end` turns back on itself, or stands still.
fn folds(start: Coord<f64>, corner: Coord<f64>, end: Coord<f64>) -> bool {
    if start == corner || corner == end {
        return true;
    }
    let back =
        (start.x - corner.x) * (end.x - corner.x) + (start.y - corner.y) * (end.y - corner.y);
    back > 0.0 && RobustKernel::orient2d(start, corner, end) == Orientation::Collinear
}

fn holes_are_inside(polygon: &Polygon<f64>) -> bool {
    let holes = polygon.interiors();
    holes.iter().enumerate().all(|(at, hole)| {
        let Some(point) = hole.0.first().copied() else { return false };
        let is_in = |ring: &LineString<f64>| ring_position(ring, point) == CoordPos::Inside;
        let is_in_another =
            holes.iter().enumerate().any(|(other, ring)| other != at && is_in(ring));
        is_in(polygon.exterior()) && !is_in_another
    })
}

fn ring_position(ring: &LineString<f64>, point: Coord<f64>) -> CoordPos {
    geo::coordinate_position::coord_pos_relative_to_ring(point, ring)
}
