use std::collections::BTreeMap;

use geo::{ConvexHull as _, MultiPoint};
use geo_types::{Coord, Geometry, LineString, Point};
use quartier_model::EntityId;
use quartier_store::Summary;

use super::View;

/// Where a datastream's features of interest are, in degrees: the hull around them, or the one place itself.
pub(crate) fn observed_area(view: View<'_>, summary: &Summary) -> Option<Geometry<f64>> {
    let place = |&(feature, _): &(EntityId, u64)| {
        view.catalogue.features.get(&feature)?.place.degrees.as_ref()
    };
    let mut places = summary.features.iter().filter_map(place);
    let first = places.next()?;
    let mut coords = BTreeMap::new();
    let mut add = |coord: Coord<f64>| {
        coords.insert((coord.x.to_bits(), coord.y.to_bits()), coord);
    };
    let mut is_alone = true;
    for place in places {
        is_alone = false;
        place.coords().into_iter().for_each(&mut add);
    }
    if is_alone {
        return Some(first.plane().clone());
    }
    first.coords().into_iter().for_each(&mut add);
    Some(hull(coords.into_values().collect()))
}

/// Of a few places, a line or a point may be all there is.
fn hull(coords: Vec<Coord<f64>>) -> Geometry<f64> {
    match coords.as_slice() {
        [only] => Point::from(*only).into(),
        [one, other] => LineString::new(vec![*one, *other]).into(),
        _ => MultiPoint::new(coords.into_iter().map(Point::from).collect()).convex_hull().into(),
    }
}
