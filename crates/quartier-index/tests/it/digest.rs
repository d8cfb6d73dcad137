use std::collections::BTreeSet;

use proptest::{
    collection::vec,
    prelude::{Just, ProptestConfig, Strategy as _},
    prop_assert_eq, proptest,
};
use quartier_index::{CollectionIndex, Metric};
use quartier_model::{Bbox, FeatureId};

use crate::{
    change::changes,
    city::{Place, built, city, place},
};

type Cell = (i32, i32);

fn window(place: Place, (one, other): (Cell, Cell)) -> Bbox {
    let corners = [one, other].map(|cell| place.coord(cell));
    Bbox::around(corners.map(|corner| (corner.x, corner.y))).unwrap()
}

/// The objects that a digest is of, without any index.
fn seen(index: &CollectionIndex, window: &Bbox) -> BTreeSet<(FeatureId, u32)> {
    let page = index.page(&quartier_model::Filter::default(), None, usize::MAX);
    let touch = |bbox: &Bbox| bbox.intersects(window);
    let inside = page.objects.iter().filter(|it| it.bbox().as_ref().is_some_and(touch));
    inside.map(|it| (it.fid(), it.version())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_digest_changes_with_the_objects_in_its_window_and_with_nothing_else(
        (entries, changes, place, cells) in place().prop_flat_map(|place| {
            let cell = || (-2..26_i32, -2..26_i32);
            let cells = vec((cell(), cell()), 8);
            (city(place, 40), changes(place), Just(place), cells)
        }),
    ) {
        let mut index = built(&entries, Metric::Planar);
        for (changed, gone) in changes {
            let before = index.clone();
            index = index.apply(changed, &gone);
            let rebuilt = index.rebuilt();
            for window in cells.iter().map(|cells| window(place, *cells)) {
                let is_same = seen(&before, &window) == seen(&index, &window);
                prop_assert_eq!(before.digest(&window) == index.digest(&window), is_same);
                prop_assert_eq!(index.digest(&window), rebuilt.digest(&window));
            }
        }
    }
}
