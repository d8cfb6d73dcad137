use geo::{Distance as _, Euclidean, Intersects as _};
use geo_types::{Coord, Geometry as Plane, Point};
use proptest::{prelude::ProptestConfig, prop_assert_eq, proptest, strategy::Strategy as _};
use quartier_index::{Entry, Metric, Near};
use quartier_model::{FeatureId, Filter};

use crate::{
    city::{built, city, place},
    search::{filter, fits},
};

fn distance(entry: &Entry, point: Coord<f64>) -> Option<f64> {
    let plane = entry.feature.geometry.as_ref()?.plane();
    let point = Plane::from(Point(point));
    Some(if plane.intersects(&point) { 0.0 } else { Euclidean.distance(plane, &point) })
}

fn by_distance(entries: &[Entry], point: Coord<f64>, filter: &Filter) -> Vec<(f64, FeatureId)> {
    let mut all: Vec<_> = entries
        .iter()
        .filter(|entry| fits(entry, filter))
        .filter_map(|entry| Some((distance(entry, point)?, entry.fid)))
        .collect();
    all.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    all
}

fn pairs(near: &[Near<'_>]) -> Vec<(f64, FeatureId)> {
    near.iter().map(|near| (near.distance_m, near.object.fid())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_nearest_are_those_that_one_finds_by_measuring_to_every_object(
        (entries, filter, point, scale) in place().prop_flat_map(|place| {
            let point = (-3..60_i32, -3..30_i32).prop_map(move |cell| place.coord(cell));
            (city(place, 40), filter(place), point, proptest::strategy::Just(place.step))
        }),
        k in 1..8_usize,
    ) {
        let index = built(&entries, Metric::Planar);
        for filter in [Filter::default(), filter] {
            let found = pairs(&index.nearest_matching(point, k, None, &filter));
            let expected = by_distance(&entries, point, &filter);
            prop_assert_eq!(found.len(), expected.len().min(k));
            for (found, expected) in found.iter().zip(&expected) {
                assert!((found.0 - expected.0).abs() <= 1e-9 * scale + 1e-12 * expected.0, "{found:?} {expected:?}");
            }
            let is_in_order = |pair: &[(f64, FeatureId)]| pair[0].0 < pair[1].0 || (pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1);
            assert!(found.windows(2).all(is_in_order), "{found:?}");
        }
    }

    #[test]
    fn ties_go_to_the_lowest_id(
        (entries, point) in city(
            crate::city::Place { origin: Coord { x: 0.0, y: 0.0 }, step: 1.0 }, 40,
        ).prop_flat_map(|entries| (proptest::strategy::Just(entries), (0..24_i32, 0..24_i32))),
    ) {
        let point = Coord { x: f64::from(point.0), y: f64::from(point.1) };
        let index = built(&entries, Metric::Planar);
        let touching = by_distance(&entries, point, &Filter::default());
        let touching: Vec<_> = touching.into_iter().filter(|(distance, _)| *distance == 0.0).collect();
        let found = pairs(&index.nearest(point, touching.len(), None));
        prop_assert_eq!(found, touching);
    }

    #[test]
    fn nothing_is_found_beyond_the_greatest_distance(
        (entries, point, scale) in place().prop_flat_map(|place| {
            let point = (0..24_i32, 0..24_i32).prop_map(move |cell| place.coord(cell));
            (city(place, 40), point, proptest::strategy::Just(place.step))
        }),
    ) {
        let index = built(&entries, Metric::Planar);
        let max = 2.345_678 * scale;
        let expected = by_distance(&entries, point, &Filter::default());
        let expected = expected.iter().filter(|(distance, _)| *distance <= max).count();
        prop_assert_eq!(index.nearest(point, usize::MAX, Some(max)).len(), expected);
    }
}
