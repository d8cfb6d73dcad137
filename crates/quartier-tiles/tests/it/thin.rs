//! Points that are too many, thinned evenly.

use std::collections::{BTreeMap, BTreeSet};

use geo_types::Coord;
use proptest::prelude::*;
use quartier_tiles::{CrowdPoint, Standing, thin};

type Place = (i64, i64, u64, u8);

fn at_zoom(places: &[Place], zoom: u32) -> Vec<CrowdPoint> {
    let point = |(id, place): (usize, &Place)| CrowdPoint {
        cell: Coord { x: place.0 >> (12 - zoom), y: place.1 >> (12 - zoom) },
        look: place.2,
        rank: f64::from(place.3),
        id: id as u64,
    };
    places.iter().enumerate().map(point).collect()
}

fn places() -> impl Strategy<Value = Vec<Place>> {
    prop::collection::vec((-4096..4096_i64, -4096..4096_i64, 0..3_u64, 0..4_u8), 0..200)
}

proptest! {
    #[test]
    fn every_point_is_shown_or_stood_for_once(places in places(), zoom in 0..12_u32) {
        let points = at_zoom(&places, zoom);
        let standing = thin(&points);
        prop_assert_eq!(standing.iter().map(|it| it.count).sum::<usize>(), points.len());
        let cells: BTreeSet<_> =
            points.iter().map(|it| (it.cell.x, it.cell.y, it.look)).collect();
        prop_assert_eq!(standing.len(), cells.len());
    }

    #[test]
    fn who_is_shown_at_a_zoom_is_shown_at_the_next(places in places(), zoom in 0..12_u32) {
        let shown = |zoom| -> BTreeSet<usize> {
            thin(&at_zoom(&places, zoom)).iter().map(|it| it.point).collect()
        };
        prop_assert!(shown(zoom).is_subset(&shown(zoom + 1)));
    }

    #[test]
    fn the_most_important_stands_for_its_cell_in_whatever_order_they_come(places in places()) {
        let points = at_zoom(&places, 3);
        let mut best: BTreeMap<_, CrowdPoint> = BTreeMap::new();
        for point in &points {
            let known = best.entry((point.cell.x, point.cell.y, point.look)).or_insert(*point);
            if point.rank > known.rank {
                *known = *point;
            }
        }
        let ids = |points: &[CrowdPoint], standing: &[Standing]| -> BTreeSet<u64> {
            standing.iter().map(|it| points[it.point].id).collect()
        };
        let expected: BTreeSet<u64> = best.values().map(|point| point.id).collect();
        prop_assert_eq!(&ids(&points, &thin(&points)), &expected);
        let reversed: Vec<_> = points.iter().rev().copied().collect();
        prop_assert_eq!(&ids(&reversed, &thin(&reversed)), &expected);
    }
}
