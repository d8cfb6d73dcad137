use geo::ConvexHull as _;
use geo_types::{Coord, MultiPoint, Point};
use i_overlay::{
    core::{
        fill_rule::FillRule,
        overlay::{IntOverlayOptions, Overlay, ShapeType},
        overlay_rule::OverlayRule,
        solver::Solver,
    },
    i_float::int::point::IntPoint,
};

use crate::{
    nest::nest,
    rings::{Rings, Role, doubled_area},
};

/// What of tangled rings is inside.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fill {
    /// What an odd number of rings goes around: one polygon, however its rings are wound.
    Odd,
    /// What any polygon covers: several polygons, each wound right.
    Any,
}

/// Makes valid polygons of the rings from `first` on.
pub(crate) fn untangle(rings: &mut Rings, first: usize, fill: Fill) {
    let count = rings.iter_from(first).map(<[_]>::len).sum();
    let mut overlay = Overlay::new_custom(count, IntOverlayOptions::ogc(), Solver::default());
    for ring in rings.iter_from(first) {
        let points = ring.iter().map(|point| IntPoint::new(point.x, point.y));
        overlay.add_path_iter(points, ShapeType::Subject);
    }
    let rule = match fill {
        Fill::Odd => FillRule::EvenOdd,
        Fill::Any => FillRule::NonZero,
    };
    let polygons = overlay.overlay(OverlayRule::Subject, rule);
    rings.truncate(first);
    // The overlay's rings are right; which exterior it gives a hole to is not where polygons touch in points.
    let (mut exteriors, mut holes) = (Vec::new(), Vec::new());
    for contours in polygons {
        let mut contours = contours.iter().map(|contour| grid_points(contour));
        exteriors.extend(contours.next());
        holes.extend(contours);
    }
    nest(exteriors, holes, rings);
}

fn grid_points(contour: &[IntPoint]) -> Vec<Coord<i32>> {
    contour.iter().map(|point| Coord { x: point.x, y: point.y }).collect()
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
