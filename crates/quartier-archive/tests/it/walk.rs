use std::{cell::Cell, collections::BTreeSet};

use proptest::{collection::vec, prop_assert, prop_assert_eq, proptest};
use quartier_archive::{Place, walk};

const ZOOM: u8 = 7;

fn above(place: Place, zoom: u8) -> (u32, u32) {
    (place.x() >> (place.z() - zoom), place.y() >> (place.z() - zoom))
}

proptest! {
    #[test]
    fn a_walk_finds_each_place_that_holds_something_in_the_order_of_the_file(
        cells in vec((0_u32..1 << ZOOM, 0_u32..1 << ZOOM), 0..40)
    ) {
        let cells: Vec<_> = cells.iter().map(|&(x, y)| Place::new(ZOOM, x, y).unwrap()).collect();
        let asked = Cell::new(0);
        let holds = |place: Place| {
            asked.set(asked.get() + 1);
            cells.iter().any(|cell| above(*cell, place.z()) == (place.x(), place.y()))
        };
        let found: Vec<u64> = walk(ZOOM, holds).map(Place::number).collect();
        let expected: BTreeSet<u64> = cells.iter().map(|cell| cell.number()).collect();
        prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
        prop_assert!(asked.get() <= 1 + cells.len() * usize::from(ZOOM) * 4);
    }
}
