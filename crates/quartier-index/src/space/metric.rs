use geo_types::Coord;
use quartier_model::Bbox;

use super::{
    geodesic,
    predicate::{Segment, segments_touch, shape_covers},
};
use crate::geometry::Shape;

/// How far apart two positions are, in metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Coordinates are metres in a projected CRS: distances are Euclidean.
    Planar,
    /// Coordinates are degrees of longitude and latitude: distances are along the WGS 84 ellipsoid.
    ///
    /// An edge is straight in degrees. The distance between two positions is that of Karney (2013), to nanometres;
    /// the nearest position on an edge is found by walking along it until a step is shorter than a tenth of a millimetre.
    Geodesic,
}

/// Rounding in a bound, relative and far beyond what it can be.
const SLACK: f64 = 1e-12;

impl Metric {
    /// From a point to a shape; 0 in a polygon.
    pub(crate) fn distance_m(self, point: Coord<f64>, shape: &Shape) -> f64 {
        if shape_covers(shape, point) {
            return 0.0;
        }
        match self {
            Self::Planar => shape
                .segments()
                .map(|edge| planar_squared(point, edge))
                .fold(f64::INFINITY, f64::min)
                .sqrt(),
            Self::Geodesic => geodesic::distance_m(point, shape.segments()),
        }
    }

    /// Between two edges.
    pub(super) fn between_m(self, one: Segment, other: Segment) -> f64 {
        if segments_touch(one, other) {
            return 0.0;
        }
        let ends = [(one.0, other), (one.1, other), (other.0, one), (other.1, one)];
        let from_end = |(end, edge): (Coord<f64>, Segment)| match self {
            Self::Planar => planar_squared(end, edge).sqrt(),
            Self::Geodesic => geodesic::distance_m(end, std::iter::once(edge)),
        };
        ends.into_iter().map(from_end).fold(f64::INFINITY, f64::min)
    }

    /// Never more than the distance from the point to anything in the box.
    pub(crate) fn at_least_m(self, point: Coord<f64>, bbox: &Bbox) -> f64 {
        let distance = match self {
            Self::Planar => {
                let x = (bbox.min_x - point.x).max(point.x - bbox.max_x).max(0.0);
                let y = (bbox.min_y - point.y).max(point.y - bbox.max_y).max(0.0);
                (x * x + y * y).sqrt()
            }
            Self::Geodesic => geodesic::at_least_m(point, bbox),
        };
        distance * (1.0 - SLACK)
    }

    /// Boxes that together hold everything that is at most so far from something in the box.
    pub(crate) fn reach(self, bbox: &Bbox, metres: f64) -> Vec<Bbox> {
        match self {
            Self::Planar => vec![bbox.grown(metres * (1.0 + SLACK))],
            Self::Geodesic => geodesic::reach(bbox, metres * (1.0 + SLACK)),
        }
    }
}

fn planar_squared(point: Coord<f64>, (start, end): Segment) -> f64 {
    let along = end - start;
    let from = point - start;
    let length_squared = along.x * along.x + along.y * along.y;
    let share = (from.x * along.x + from.y * along.y) / length_squared;
    let share = if share > 0.0 { share.min(1.0) } else { 0.0 };
    let gap = if share == 1.0 { point - end } else { from - along * share };
    gap.x * gap.x + gap.y * gap.y
}
