use geo_types::Coord;
use proptest::{
    prelude::ProptestConfig, prop_assert_eq, prop_oneof, proptest, strategy::Strategy as _,
};
use quartier_index::{Builder, CollectionIndex, Entry, Metric, ObjectRef, ValueRef};
use quartier_model::{Feature, FeatureId, Geometry, Schema, TimeRange};
use serde_json::json;

use crate::city::{built, city, entry, place, schema};

fn bits(geometry: &Geometry) -> (Vec<(u64, u64)>, Option<Vec<u64>>) {
    let coords =
        geometry.coords().iter().map(|coord| (coord.x.to_bits(), coord.y.to_bits())).collect();
    (
        coords,
        geometry.heights().map(|heights| heights.iter().map(|height| height.to_bits()).collect()),
    )
}

fn assert_same(object: ObjectRef<'_>, given: &Entry) {
    assert_eq!((object.fid(), object.version()), (given.fid, given.version));
    let feature = object.to_feature();
    assert_eq!(feature, given.feature);
    let texts = |feature: &Feature| serde_json::to_string(&feature.properties).unwrap();
    assert_eq!(texts(&feature), texts(&given.feature));
    assert_eq!(feature.geometry.as_ref().map(bits), given.feature.geometry.as_ref().map(bits));
    assert_eq!(object.bbox(), given.feature.geometry.as_ref().map(Geometry::bbox));
}

fn a_house(geometry: Geometry) -> Entry {
    let feature = Feature {
        id: "x".parse().unwrap(),
        source_id: None,
        geometry: Some(geometry),
        properties: serde_json::Map::new(),
        valid: TimeRange::ALWAYS,
    };
    entry(7, 1, feature)
}

fn everything(index: &CollectionIndex) -> Vec<ObjectRef<'_>> {
    index.page(&quartier_model::Filter::default(), None, usize::MAX).objects
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_was_put_in_comes_out_as_it_was(entries in place().prop_flat_map(|place| city(place, 40))) {
        let index = built(&entries, Metric::Planar);
        prop_assert_eq!(index.len(), entries.len());
        for (object, given) in everything(&index).into_iter().zip(&entries) {
            assert_same(object, given);
            assert_same(index.by_fid(given.fid).unwrap(), given);
            assert_same(index.by_id(given.feature.id.as_str()).unwrap(), given);
        }
    }

    #[test]
    fn any_finite_coordinate_keeps_its_bits(
        numbers in proptest::collection::vec(prop_oneof![
            proptest::num::f64::NORMAL,
            proptest::num::f64::ZERO,
            proptest::num::f64::SUBNORMAL,
            (-1_000_000_000_i64..1_000_000_000).prop_map(|k| k as f64 / 1e4),
            (-1_800_000_000_i64..1_800_000_000).prop_map(|k| k as f64 / 1e7),
        ], 6..30),
    ) {
        let line: Vec<_> = numbers.chunks_exact(3).map(|three| Coord { x: three[0], y: three[1] }).collect();
        let heights = numbers.chunks_exact(3).map(|three| three[2]).collect();
        let geometry = Geometry::with_heights(geo_types::LineString(line).into(), heights).unwrap();
        let given = a_house(geometry);
        assert_same(everything(&built([&given], Metric::Planar))[0], &given);
    }

    #[test]
    fn segments_built_apart_are_the_same_as_one(
        entries in place().prop_flat_map(|place| city(place, 60)),
        cuts in proptest::collection::vec(0..60_usize, 0..4),
    ) {
        let mut all = Builder::new(&schema(), Metric::Planar);
        let mut rest = &*entries;
        for cut in cuts {
            let (one, other) = rest.split_at(cut.min(rest.len()));
            let mut part = Builder::new(&schema(), Metric::Planar);
            for entry in one {
                part.push(entry.fid, entry.version, &entry.feature);
            }
            all.append(part);
            rest = other;
        }
        for entry in rest {
            all.push(entry.fid, entry.version, &entry.feature);
        }
        let index = all.finish();
        for (object, given) in everything(&index).into_iter().zip(&entries) {
            assert_same(object, given);
        }
        prop_assert_eq!(index.extent(), built(&entries, Metric::Planar).extent());
    }

    #[test]
    fn objects_in_any_order_come_out_in_the_order_of_their_ids(
        entries in place().prop_flat_map(|place| city(place, 30)).prop_shuffle(),
    ) {
        let index = built(&entries, Metric::Planar);
        let mut sorted = entries;
        sorted.sort_by_key(|entry| entry.fid);
        prop_assert_eq!(index.len(), sorted.len());
        for (object, given) in everything(&index).into_iter().zip(&sorted) {
            assert_same(object, given);
        }
    }

    #[test]
    fn objects_are_found_by_the_id_of_their_source(entries in place().prop_flat_map(|place| city(place, 40))) {
        let index = built(&entries, Metric::Planar);
        for wanted in ["source-0", "source-3", "nothing", ""] {
            let is_it = |entry: &&Entry| entry.feature.source_id.as_ref().is_some_and(|id| id.as_str() == wanted);
            let expected: Vec<_> = entries.iter().filter(is_it).map(|entry| entry.fid).collect();
            let found: Vec<_> = index.by_source_id(wanted).iter().map(|object| object.fid()).collect();
            prop_assert_eq!(found, expected);
        }
    }
}

#[test]
fn of_an_id_that_comes_twice_the_later_object_counts() {
    let one = a_house(Geometry::new(geo_types::point!(x: 1.0, y: 2.0).into()).unwrap());
    let two = Entry { version: 2, ..one.clone() };
    let index = built([&one, &two], Metric::Planar);
    assert_eq!(index.len(), 1);
    assert_same(index.by_fid(one.fid).unwrap(), &two);
}

#[test]
fn a_property_that_the_schema_does_not_know_comes_last() {
    let mut house = a_house(Geometry::new(geo_types::point!(x: 1.0, y: 2.0).into()).unwrap());
    let properties = json!({ "colour": "red", "storeys": 3, "use": null });
    house.feature.properties = properties.as_object().unwrap().clone();
    let index = built([&house], Metric::Planar);
    let object = index.by_fid(FeatureId(7)).unwrap();
    let values: Vec<_> = object.properties().collect();
    assert_eq!(values, [("storeys", ValueRef::Integer(3)), ("colour", ValueRef::Text("red"))]);
    assert_eq!(object.property("use"), ValueRef::Null);
}

#[test]
fn a_building_of_eight_vertices_takes_less_than_seventy_bytes() {
    let corner = |(x, y): (i64, i64)| Coord {
        x: (4_051_234_567 + x) as f64 / 1e4,
        y: (57_578_901_234 + y) as f64 / 1e4,
    };
    let corners = [
        (0, 0),
        (121_503, 30_417),
        (100_112, 98_005),
        (61_007, 89_990),
        (55_555, 110_101),
        (30_003, 104_444),
        (33_210, 81_012),
        (-20_202, 70_707),
    ];
    let ring = geo_types::LineString(corners.map(corner).to_vec());
    let house = a_house(Geometry::new(geo_types::Polygon::new(ring, Vec::new()).into()).unwrap());
    let without =
        Entry { feature: Feature { geometry: None, ..house.feature.clone() }, ..house.clone() };
    let bytes = |entry: &Entry| {
        let mut builder = Builder::new(&Schema::default(), Metric::Planar);
        (0..1000).for_each(|fid| builder.push(FeatureId(fid), 1, &entry.feature));
        builder.finish().memory_bytes()
    };
    let geometry_bytes = (bytes(&house) - bytes(&without)) / 1000;
    // 21 of them are for the place in the tree.
    assert!(geometry_bytes < 70 + 21, "{geometry_bytes}");
}

#[test]
fn an_empty_collection_answers() {
    let index = built([], Metric::Planar);
    assert!(index.is_empty() && index.extent().is_none() && index.time_extent().is_none());
    assert!(index.kinds().is_empty() && !index.needs_rebuild());
    assert!(index.nearest(Coord { x: 0.0, y: 0.0 }, 3, None).is_empty());
    assert!(everything(&index.rebuilt()).is_empty());
}
