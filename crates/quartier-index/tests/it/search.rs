use geo::{
    BoundingRect as _, CoordsIter as _, Distance as _, Euclidean, Intersects as _, Relate as _,
};
use geo_types::Geometry as Plane;
use proptest::{
    prelude::ProptestConfig,
    prop_assert_eq, prop_oneof, proptest,
    strategy::{BoxedStrategy, Just, Strategy as _},
};
use quartier_index::{CollectionIndex, Entry, Metric};
use quartier_model::{Bbox, FeatureId, Filter, Geometry, PropertyEquals, SpatialFilter, TimeRange};
use serde_json::{Value, json};

use crate::city::{Place, built, city, days, geometry, place, simple_plane};

/// A length that no two places on the grid have between them.
const ODD_STEPS: f64 = 3.123_456;

fn window(place: Place) -> BoxedStrategy<Bbox> {
    ((-1..30_i32, -1..30_i32), (0..12_i32, 0..12_i32), proptest::option::of(0..80_i32))
        .prop_map(move |((x, y), (w, h), heights)| {
            let (low, high) = (place.coord((x, y)), place.coord((x + w, y + h)));
            let flat = Bbox::new(low.x, low.y, high.x, high.y).unwrap();
            heights.map_or(flat, |height| {
                flat.with_heights(f64::from(height) / 10.0, f64::from(height + 9) / 10.0).unwrap()
            })
        })
        .boxed()
}

pub(crate) fn space(place: Place) -> BoxedStrategy<SpatialFilter> {
    let simple = || simple_plane(place).prop_map(|plane| Geometry::new(plane).unwrap());
    prop_oneof![
        window(place).prop_map(SpatialFilter::Bbox),
        geometry(place).prop_map(SpatialFilter::Intersects),
        simple().prop_map(SpatialFilter::Within),
        simple().prop_map(move |geometry| SpatialFilter::Distance {
            geometry,
            metres: ODD_STEPS * place.step
        }),
    ]
    .boxed()
}

fn equals() -> BoxedStrategy<PropertyEquals> {
    prop_oneof![
        Just(("use", json!("home"))),
        Just(("use", json!(1010.0))),
        Just(("storeys", json!(2))),
        Just(("storeys", json!(2.0))),
        Just(("storeys", Value::Null)),
        Just(("height_m", json!(3))),
        Just(("height_m", json!(12.25))),
        Just(("height_m", json!(0))),
        Just(("is_listed", json!(true))),
        Just(("other", json!([1, {"a": null}]))),
        Just(("other", json!(u64::MAX))),
        Just(("unknown", json!(1))),
    ]
    .prop_map(|(name, value)| PropertyEquals { name: name.to_owned(), value })
    .boxed()
}

pub(crate) fn filter(place: Place) -> BoxedStrategy<Filter> {
    let time = proptest::option::of((0..12_i64).prop_map(|day| days(Some(day), Some(day + 2))));
    (proptest::collection::vec(space(place), 0..3), time, proptest::collection::vec(equals(), 0..2))
        .prop_map(|(space, time, properties)| Filter { space, time, properties })
        .boxed()
}

fn heights(geometry: &Geometry) -> Option<(f64, f64)> {
    geometry.bbox().heights
}

fn fits_space(geometry: &Geometry, space: &SpatialFilter) -> bool {
    let plane = geometry.plane();
    match space {
        SpatialFilter::Bbox(window) => {
            let overlap =
                window.heights.zip(heights(geometry)).is_none_or(|(a, b)| a.0 <= b.1 && b.0 <= a.1);
            overlap && plane.intersects(&Plane::from(window.to_rect().to_polygon()))
        }
        SpatialFilter::Intersects(other) => plane.intersects(other.plane()),
        SpatialFilter::Within(other) => is_covered(plane, other.plane()),
        SpatialFilter::Distance { geometry, metres } => {
            plane.intersects(geometry.plane())
                || Euclidean.distance(plane, geometry.plane()) <= *metres
        }
    }
}

/// A collection is covered if each of its members is.
fn is_covered(plane: &Plane<f64>, other: &Plane<f64>) -> bool {
    match plane {
        Plane::GeometryCollection(members) => {
            members.iter().all(|member| is_covered(member, other))
        }
        _ => plane.relate(other).is_coveredby(),
    }
}

fn same(one: &Value, other: &Value) -> bool {
    match (one.as_i64(), other.as_i64()) {
        (None, None) | (Some(_), Some(_)) => one == other,
        _ => one.is_number() && one.as_f64() == other.as_f64(),
    }
}

pub(crate) fn fits(entry: &Entry, filter: &Filter) -> bool {
    let feature = &entry.feature;
    let is_there = filter.space.is_empty()
        || feature
            .geometry
            .as_ref()
            .is_some_and(|own| filter.space.iter().any(|space| fits_space(own, space)));
    let is_then = filter
        .time
        .is_none_or(|time| feature.valid == TimeRange::ALWAYS || feature.valid.overlaps(&time));
    let is_so = |wanted: &PropertyEquals| match feature.properties.get(&wanted.name) {
        Some(value) => same(value, &wanted.value),
        None => wanted.value.is_null() && wanted.name != "unknown",
    };
    is_there && is_then && filter.properties.iter().all(is_so)
}

fn found(index: &CollectionIndex, filter: &Filter) -> Vec<FeatureId> {
    index.page(filter, None, usize::MAX).objects.iter().map(|object| object.fid()).collect()
}

fn expected(entries: &[Entry], filter: &Filter) -> Vec<FeatureId> {
    entries.iter().filter(|entry| fits(entry, filter)).map(|entry| entry.fid).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_filter_finds_what_one_finds_by_looking_at_every_object(
        (entries, filter) in place().prop_flat_map(|place| (city(place, 40), filter(place))),
    ) {
        let index = built(&entries, Metric::Planar);
        prop_assert_eq!(found(&index, &filter), expected(&entries, &filter));
        prop_assert_eq!(index.count(&filter), expected(&entries, &filter).len());
    }

    #[test]
    fn each_condition_on_space_is_exact(
        (entries, space) in place().prop_flat_map(|place| (city(place, 25), space(place))),
    ) {
        let index = built(&entries, Metric::Planar);
        let filter = Filter { space: vec![space], ..Filter::default() };
        prop_assert_eq!(found(&index, &filter), expected(&entries, &filter));
    }

    #[test]
    fn pages_have_every_match_once(
        (entries, filter) in place().prop_flat_map(|place| (city(place, 60), filter(place))),
        limit in 1..7_usize,
    ) {
        let index = built(&entries, Metric::Planar);
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let page = index.page(&filter, after, limit);
            prop_assert_eq!(page.matched, expected(&entries, &filter).len());
            assert!(page.objects.len() <= limit);
            all.extend(page.objects.iter().map(|object| object.fid()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        prop_assert_eq!(all, expected(&entries, &filter));
    }

    #[test]
    fn a_box_shows_at_least_what_is_in_it(
        (entries, window) in place().prop_flat_map(|place| (city(place, 40), window(place))),
    ) {
        let index = built(&entries, Metric::Planar);
        let mut seen = Vec::new();
        index.visit_box(&window, |object| seen.push(object.fid()));
        seen.sort_unstable();
        let is_repeated = seen.windows(2).any(|pair| pair[0] == pair[1]);
        assert!(!is_repeated);
        for entry in &entries {
            let is_in = entry.feature.geometry.as_ref().is_some_and(|own| own.bbox().intersects(&window));
            assert!(!is_in || seen.binary_search(&entry.fid).is_ok());
        }
    }

    #[test]
    fn the_extent_holds_all_coordinates_and_no_more(entries in place().prop_flat_map(|place| city(place, 40))) {
        let planes = entries.iter().filter_map(|entry| entry.feature.geometry.as_ref());
        let coords = planes.flat_map(|geometry| geometry.plane().coords_iter().collect::<Vec<_>>());
        let around = geo_types::MultiPoint::from(coords.collect::<Vec<_>>()).bounding_rect();
        let extent = built(&entries, Metric::Planar).extent().map(Bbox::to_rect);
        prop_assert_eq!(extent, around);
    }
}

#[test]
fn a_page_of_nothing_says_how_many_there_are() {
    let index = built([], Metric::Planar);
    let page = index.page(&Filter::default(), Some(FeatureId(u64::MAX)), 0);
    assert!(page.objects.is_empty() && page.next.is_none() && page.matched == 0);
}
