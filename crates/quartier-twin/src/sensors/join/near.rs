use geo::{Distance as _, Euclidean};
use geo_types::{Coord, Geometry as Plane, Point};
use quartier_index::{Metric, Near, ObjectRef};
use quartier_model::Method;

use super::{Found, JoinRule, JoinRules, Spot};
use crate::{CollectionSnapshot, Snapshot};

/// What the confidence falls to at the end of the tolerance.
const CONFIDENCE_MIN: f64 = 0.5;

/// A degree of latitude, or of longitude at the equator: between the shortest and the longest.
const DEGREE_M: f64 = 111_195.0;

/// How many objects are looked at first; more only where they are of a kind that has a smaller tolerance.
const FIRST_LOOK: usize = 4;

/// The nearest object of all collections that is within its tolerance; of those at one distance the one of the lowest
/// rank, then of the lowest feature id.
pub(super) fn nearest(spot: &Spot, city: &Snapshot, rules: &JoinRules) -> Option<Found> {
    let near = city.collections().filter_map(|collection| {
        let rule = rules.rule(&collection.collection.id);
        in_collection(spot, collection, rule).map(|near| (near, collection, rule))
    });
    let order = |(near, _, rule): &(Near<'_>, _, JoinRule)| {
        (near.distance_m, rule.rank.unwrap_or(u32::MAX), near.object.fid())
    };
    let closest = near.min_by(|one, other| {
        let ((one, one_rank, one_fid), (other, other_rank, other_fid)) = (order(one), order(other));
        one.total_cmp(&other).then(one_rank.cmp(&other_rank)).then(one_fid.cmp(&other_fid))
    });
    closest.map(|(near, collection, rule)| found(&near, collection, rule))
}

fn in_collection<'a>(
    spot: &Spot,
    collection: &'a CollectionSnapshot,
    rule: JoinRule,
) -> Option<Near<'a>> {
    let reach_m = rule.reach_m(collection);
    if !rule.takes_subjects() || reach_m <= 0.0 {
        return None;
    }
    let mut count = FIRST_LOOK;
    loop {
        let near = collection.index.nearest(spot.point, count, Some(reach_m));
        let fits = |near: &&Near<'_>| near.distance_m <= tolerance_m(near, rule);
        match near.iter().find(fits) {
            Some(found) => return Some(*found),
            None if near.len() < count => return None,
            None => count *= FIRST_LOOK,
        }
    }
}

/// From a spot to an object; in degrees by a plane that touches the Earth there, which is good to a thousandth within a
/// city.
pub(super) fn distance_m(spot: &Spot, object: ObjectRef<'_>, city: &Snapshot) -> f64 {
    let (east_m, north_m) = match city.ground.metric() {
        Metric::Planar => (1.0, 1.0),
        Metric::Geodesic => (DEGREE_M * spot.point.y.to_radians().cos(), DEGREE_M),
    };
    let local = |it: Coord<f64>| Coord {
        x: (it.x - spot.point.x) * east_m,
        y: (it.y - spot.point.y) * north_m,
    };
    let here = Plane::Point(Point::new(0.0, 0.0));
    object.mapped_plane(local).map_or(0.0, |plane| Euclidean.distance(&here, &plane))
}

fn tolerance_m(near: &Near<'_>, rule: JoinRule) -> f64 {
    near.object.kind().map_or(0.0, |kind| rule.tolerance_m(kind))
}

fn found(near: &Near<'_>, collection: &CollectionSnapshot, rule: JoinRule) -> Found {
    let share = near.distance_m / tolerance_m(near, rule);
    let confidence = 1.0 - (1.0 - CONFIDENCE_MIN) * share.min(1.0);
    Found {
        confidence: confidence as f32,
        distance_m: near.distance_m,
        ..Found::new(collection, near.object, Method::Nearest)
    }
}
