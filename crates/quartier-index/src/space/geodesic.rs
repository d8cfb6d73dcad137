//! Distances on the WGS 84 ellipsoid between coordinates in degrees.

use geo::{Bearing as _, Distance as _, Geodesic};
use geo_types::{Coord, Point};
use quartier_model::Bbox;

use super::predicate::Segment;

/// The radius of curvature along the meridian at the equator, the least there is: no way on the ellipsoid is shorter
/// than this times its angle on a sphere with the same latitudes.
const RADIUS_MIN_M: f64 = 6_335_439.0;

/// The radius of curvature at the poles, the greatest there is.
const RADIUS_MAX_M: f64 = 6_399_594.0;

/// The ellipsoid of WGS 84: EPSG 7030.
const EQUATOR_M: f64 = 6_378_137.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_141_316;

/// More than any walk along an edge takes: a step leaves an error of d²/3, with d the distance over the Earth's radius.
const STEPS_MAX: usize = 30;

/// A walk ends with a step this short, which is below a micrometre of distance unless the point is nearer than that.
const STEP_M: f64 = 1e-4;

/// From a point to the nearest of the edges.
///
/// Edges that are farther than another by more than the ellipsoid differs from the sphere are passed over.
pub(super) fn distance_m(point: Coord<f64>, edges: impl Iterator<Item = Segment>) -> f64 {
    let sighted = edges.map(|edge| {
        let edge = unwrapped(point, edge);
        let share = flat_foot(point, edge);
        (angle(point, at(edge, share)), edge, share)
    });
    let mut candidates: Vec<_> = sighted.collect();
    candidates.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let limit = candidates.first().map_or(0.0, |nearest| nearest.0 * RADIUS_MAX_M / RADIUS_MIN_M);
    candidates
        .into_iter()
        .take_while(|(angle, ..)| *angle <= limit)
        .map(|(_, edge, share)| walk_to_foot(point, edge, share))
        .fold(f64::INFINITY, f64::min)
}

/// Never more than the distance from the point to anything in the box.
pub(super) fn at_least_m(point: Coord<f64>, bbox: &Bbox) -> f64 {
    let west = (bbox.min_x - point.x).rem_euclid(360.0);
    let east = (point.x - bbox.max_x).rem_euclid(360.0);
    let is_between = bbox.max_x - bbox.min_x >= 360.0
        || (point.x - bbox.min_x).rem_euclid(360.0) <= bbox.max_x - bbox.min_x;
    let turn = if is_between { 0.0 } else { west.min(east).to_radians() };
    let clamped = |latitude: f64| latitude.clamp(bbox.min_y, bbox.max_y);
    // The latitude on the box's nearer side that is nearest to the point.
    let nearest = if turn.cos() > 0.0 {
        clamped((point.y.to_radians().tan() / turn.cos()).atan().to_degrees())
    } else {
        return RADIUS_MIN_M * angle_at_ends(point, turn, bbox);
    };
    RADIUS_MIN_M * turned_angle(point.y, nearest, turn)
}

/// Boxes that together hold all that is at most so far from the box; on both sides of the antimeridian.
pub(super) fn reach(bbox: &Bbox, metres: f64) -> Vec<Bbox> {
    let angle = metres / RADIUS_MIN_M;
    let (south, north) = (bbox.min_y - angle.to_degrees(), bbox.max_y + angle.to_degrees());
    let latitude = south.abs().max(north.abs()).to_radians();
    let turn = (angle.sin() / latitude.cos()).asin().to_degrees();
    // No turn is wide enough where the reach has a pole in it.
    let reaches_pole = south <= -90.0 || north >= 90.0 || !turn.is_finite();
    let turn = if reaches_pole { 360.0 } else { turn * (1.0 + 1e-9) };
    let grown = Bbox {
        min_x: bbox.min_x - turn,
        max_x: bbox.max_x + turn,
        min_y: south,
        max_y: north,
        heights: None,
    };
    let shifted = |shift| Bbox { min_x: grown.min_x + shift, max_x: grown.max_x + shift, ..grown };
    vec![shifted(-360.0), grown, shifted(360.0)]
}

/// Walks along an edge, from a first guess, to where the way to the point is shortest.
fn walk_to_foot(point: Coord<f64>, edge: Segment, guess: f64) -> f64 {
    let mut share = guess;
    let mut nearest = ellipsoidal_m(point, at(edge, share));
    let mut stride = 1.0;
    for _ in 0..STEPS_MAX {
        let (foot, step_m) = step(point, edge, share, nearest);
        if step_m * stride < STEP_M {
            break;
        }
        let next = share + (foot - share) * stride;
        let distance = ellipsoidal_m(point, at(edge, next));
        if distance < nearest {
            (share, nearest) = (next, distance);
        } else {
            // Gone past the foot: the Earth is not as flat as the step took it for.
            stride /= 2.0;
        }
    }
    nearest
}

/// The next place on the edge and how far it is, as if the Earth were flat where one stands.
fn step(point: Coord<f64>, edge: Segment, share: f64, distance_m: f64) -> (f64, f64) {
    let here = at(edge, share);
    let bearing = Geodesic.bearing(Point(here), Point(point)).to_radians();
    let along = edge.1 - edge.0;
    let (across_m, up_m) = radii_m(here.y);
    let (x, y) = (along.x.to_radians() * across_m, along.y.to_radians() * up_m);
    let length_squared = x * x + y * y;
    if length_squared == 0.0 {
        return (share, 0.0);
    }
    let ahead = distance_m * (bearing.sin() * x + bearing.cos() * y) / length_squared;
    let next = (share + ahead).clamp(0.0, 1.0);
    (next, (next - share).abs() * length_squared.sqrt())
}

/// The radii of the parallel and of the meridian's curvature at a latitude. With a sphere's, a walk would end where the
/// way to the point is at right angles to the edge on the sphere: half a kilometre from the foot at 100 km.
fn radii_m(latitude: f64) -> (f64, f64) {
    let (sine, cosine) = latitude.to_radians().sin_cos();
    let square = 1.0 - ECCENTRICITY_SQUARED * sine * sine;
    let prime_vertical_m = EQUATOR_M / square.sqrt();
    (prime_vertical_m * cosine, prime_vertical_m * (1.0 - ECCENTRICITY_SQUARED) / square)
}

fn ellipsoidal_m(one: Coord<f64>, other: Coord<f64>) -> f64 {
    Geodesic.distance(Point(one), Point(other))
}

fn at((start, end): Segment, share: f64) -> Coord<f64> {
    if share == 1.0 { end } else { start + (end - start) * share }
}

/// The edge by whole turns nearest to the point.
fn unwrapped(point: Coord<f64>, (start, end): Segment) -> Segment {
    let middle = start.x / 2.0 + end.x / 2.0;
    let turns = Coord { x: ((point.x - middle) / 360.0).round() * 360.0, y: 0.0 };
    if turns.x == 0.0 { (start, end) } else { (start + turns, end + turns) }
}

/// How far along the edge the point's foot is, as if the Earth were flat around the point.
fn flat_foot(point: Coord<f64>, (start, end): Segment) -> f64 {
    let narrowing = point.y.to_radians().cos();
    let flat = |from: Coord<f64>, to: Coord<f64>| ((to.x - from.x) * narrowing, to.y - from.y);
    let (along, from) = (flat(start, end), flat(start, point));
    let share = (from.0 * along.0 + from.1 * along.1) / (along.0 * along.0 + along.1 * along.1);
    if share > 0.0 { share.min(1.0) } else { 0.0 }
}

/// Between two positions on a sphere, in radians.
fn angle(one: Coord<f64>, other: Coord<f64>) -> f64 {
    turned_angle(one.y, other.y, (other.x - one.x).to_radians())
}

/// By the haversine formula, which is exact for small angles.
fn turned_angle(latitude: f64, other: f64, turn: f64) -> f64 {
    let half_sine = |angle: f64| (angle / 2.0).sin().powi(2);
    let (latitude, other) = (latitude.to_radians(), other.to_radians());
    let haversine = half_sine(other - latitude) + latitude.cos() * other.cos() * half_sine(turn);
    2.0 * haversine.clamp(0.0, 1.0).sqrt().asin()
}

fn angle_at_ends(point: Coord<f64>, turn: f64, bbox: &Bbox) -> f64 {
    turned_angle(point.y, bbox.min_y, turn).min(turned_angle(point.y, bbox.max_y, turn))
}
