use geo_types::Coord;
use proptest::{
    collection::vec,
    prelude::ProptestConfig,
    prop_assert_eq, proptest,
    strategy::{BoxedStrategy, Just, Strategy as _},
};
use quartier_index::{CollectionIndex, Entry, Metric};
use quartier_model::{FeatureId, Filter};
use quartier_slab::{Sectioned as _, Sections};

use crate::{
    city::{Place, built, city, place},
    search::filter,
};

/// Objects that are changed or new, and ids that are gone.
pub(crate) type Change = (Vec<Entry>, Vec<FeatureId>);

pub(crate) fn changes(place: Place) -> BoxedStrategy<Vec<Change>> {
    let gone = vec((1_000_000_000_000..1_000_000_000_080_u64).prop_map(FeatureId), 0..6);
    vec((city(place, 8), gone), 1..12).boxed()
}

fn state(index: &CollectionIndex) -> Vec<Entry> {
    let page = index.page(&Filter::default(), None, usize::MAX);
    let entry = |object: &quartier_index::ObjectRef<'_>| Entry {
        fid: object.fid(),
        version: object.version(),
        feature: object.to_feature(),
    };
    page.objects.iter().map(entry).collect()
}

/// The index as it comes out of a file.
fn kept(index: &CollectionIndex) -> CollectionIndex {
    let mut sections = Sections::default();
    index.put_into(&mut sections);
    let kept = CollectionIndex::take_from(&mut sections).unwrap();
    assert_eq!(sections.next_name(), None);
    kept
}

/// What a change leaves, without any index.
fn changed(entries: &[Entry], (puts, gone): &Change) -> Vec<Entry> {
    let is_put = |fid: FeatureId| puts.iter().any(|put| put.fid == fid);
    let stays = |entry: &&Entry| !gone.contains(&entry.fid) && !is_put(entry.fid);
    let mut left: Vec<_> = entries.iter().filter(stays).chain(puts).cloned().collect();
    left.sort_by_key(|entry| entry.fid);
    left
}

fn answers(
    index: &CollectionIndex,
    filter: &Filter,
    point: Coord<f64>,
) -> Vec<(FeatureId, Option<f64>)> {
    let page = index.page(filter, None, 7);
    let nearest = index.nearest_matching(point, 5, None, filter);
    let found = page.objects.iter().map(|object| (object.fid(), None));
    let near = nearest.iter().map(|near| (near.object.fid(), Some(near.distance_m)));
    let rest = [(page.next.unwrap_or(FeatureId(0)), None), (FeatureId(page.matched as u64), None)];
    found.chain(near).chain(rest).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_changed_index_answers_like_one_that_was_built_so(
        (entries, changes, filter, place) in place()
            .prop_flat_map(|place| (city(place, 40), changes(place), filter(place), Just(place))),
    ) {
        let mut index = built(&entries, Metric::Planar);
        let mut expected = entries;
        for change in changes {
            let before = (index.clone(), state(&index));
            index = index.apply(change.0.clone(), &change.1);
            expected = changed(&expected, &change);
            prop_assert_eq!(state(&before.0), before.1, "readers of the old index see no change");

            let fresh = built(&expected, Metric::Planar);
            let (rebuilt, kept) = (index.rebuilt(), kept(&index));
            for index in [&index, &rebuilt, &kept] {
                prop_assert_eq!(&state(index), &expected);
                prop_assert_eq!(answers(index, &filter, place.origin), answers(&fresh, &filter, place.origin));
                prop_assert_eq!(index.extent(), fresh.extent());
                prop_assert_eq!(index.time_extent(), fresh.time_extent());
                prop_assert_eq!(index.kinds(), fresh.kinds());
                prop_assert_eq!(index.has_heights(), fresh.has_heights());
                prop_assert_eq!(index.len(), fresh.len());
            }
            for fid in &change.1 {
                let is_there = expected.iter().any(|entry| entry.fid == *fid);
                prop_assert_eq!(index.by_fid(*fid).is_some(), is_there);
            }
        }
    }
}

#[test]
fn a_collection_of_which_much_has_changed_wants_to_be_rebuilt() {
    let entries: Vec<_> = (1..3_000).map(|fid| crate::degrees::tree(fid, 7.6, 51.9)).collect();
    let index = built(&entries[..500], Metric::Planar);
    let few = index.apply(entries[..1_000].to_vec(), &[]);
    assert!(!few.needs_rebuild());
    let many = few.apply(entries[1_000..].to_vec(), &[]);
    assert!(many.needs_rebuild());
    assert!(!many.rebuilt().needs_rebuild());
    assert_eq!(state(&many.rebuilt()), entries);
}
