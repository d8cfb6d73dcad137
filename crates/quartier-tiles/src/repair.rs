use geo::ConvexHull as _;
use geo_types::{Coord, MultiPoint, Point};
use i_overlay::{
    core::{
        fill_rule::FillRule,
        overlay::{IntOverlayOptions, Overlay, ShapeType},
        solver::Solver,
    },
    i_float::int::point::IntPoint,
    vector::edge::{SUBJ_LEFT, SUBJ_RIGHT, VectorEdge},
};

use crate::{
    nest::nest,
    rings::{Rings, Role, doubled_area},
    snap::straighten,
    trace::{BoundaryEdge, trace},
};

/// Tiles are built side by side; a second fan-out below that would only cost.
const SOLVER: Solver = Solver { multithreading: None, ..Solver::AUTO };

/// What of tangled rings is inside.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fill {
    /// What an odd number of rings goes around: one polygon, however its rings are wound.
    Odd,
    /// What any polygon covers: several polygons, each wound right.
    Any,
}

/// Makes valid polygons of the rings from `first` on.
///
/// `i_overlay` cuts the edges where they cross, exactly, on the grid. Its own rings are not used: at corners where
/// several polygons touch, it gives holes to the wrong one (4.5.2).
pub(crate) fn untangle(rings: &mut Rings, first: usize, fill: Fill) {
    let count = rings.iter_from(first).map(<[_]>::len).sum();
    let mut overlay = Overlay::new_custom(count, IntOverlayOptions::default(), SOLVER);
    for ring in rings.iter_from(first) {
        let points = ring.iter().map(|point| IntPoint::new(point.x, point.y));
        overlay.add_path_iter(points, ShapeType::Subject);
    }
    let rule = match fill {
        Fill::Odd => FillRule::EvenOdd,
        Fill::Any => FillRule::NonZero,
    };
    let edges = overlay.build_separate_vectors(rule);
    let mut traced = trace(edges.iter().filter_map(boundary).collect());
    traced.iter_mut().for_each(straighten);
    traced.retain(|ring| !ring.is_empty());
    let (exteriors, holes) = traced.into_iter().partition(|ring| doubled_area(ring) > 0);
    rings.truncate(first);
    nest(exteriors, holes, rings);
}

/// An edge that has the inside on one side only.
fn boundary(edge: &VectorEdge) -> Option<BoundaryEdge> {
    let (a, b) = (Coord { x: edge.a.x, y: edge.a.y }, Coord { x: edge.b.x, y: edge.b.y });
    match edge.fill & (SUBJ_LEFT | SUBJ_RIGHT) {
        SUBJ_LEFT => Some(BoundaryEdge { from: a, to: b }),
        SUBJ_RIGHT => Some(BoundaryEdge { from: b, to: a }),
        _ => None,
    }
}

/// Puts one hull around the rings from `first` on: for what cannot be drawn otherwise.
pub(crate) fn wrap(rings: &mut Rings, first: usize) {
    let points = rings.iter_from(first).flatten();
    let points: MultiPoint<f64> =
        points.map(|point| Point::new(f64::from(point.x), f64::from(point.y))).collect();
    let hull = points.convex_hull();
    let points: Vec<_> = hull
        .exterior()
        .coords()
        .skip(1)
        .map(|coord| Coord { x: coord.x as i32, y: coord.y as i32 })
        .collect();
    rings.truncate(first);
    if doubled_area(&points) != 0 {
        rings.push(&points, Role::Exterior);
    }
}
