//! Any two geometries, however crooked, are related without harm, and related alike from both sides.

use proptest::prelude::*;
use quartier_model::EntityKind::Location;
use serde_json::{Value as Json, json};

use super::{Truth, world_test::ask};

/// Whole coordinates, so that much touches and overlaps.
fn coord() -> impl Strategy<Value = Json> {
    (0_i8..5, 0_i8..5).prop_map(|(x, y)| json!([x, y]))
}

fn coords(least: usize) -> impl Strategy<Value = Vec<Json>> {
    proptest::collection::vec(coord(), least..7)
}

fn ring() -> impl Strategy<Value = Vec<Json>> {
    coords(3).prop_map(|mut ring| {
        ring.push(ring[0].clone());
        ring
    })
}

fn geometry() -> impl Strategy<Value = Json> {
    let of = |kind: &'static str| move |coordinates: Json| json!({"type": kind, "coordinates": coordinates});
    let single = prop_oneof![
        coord().prop_map(of("Point")),
        coords(1).prop_map(|it| json!(it)).prop_map(of("MultiPoint")),
        coords(2).prop_map(|it| json!(it)).prop_map(of("LineString")),
        proptest::collection::vec(coords(2), 1..3)
            .prop_map(|it| json!(it))
            .prop_map(of("MultiLineString")),
        proptest::collection::vec(ring(), 1..3).prop_map(|it| json!(it)).prop_map(of("Polygon")),
        proptest::collection::vec(proptest::collection::vec(ring(), 1..2), 1..3)
            .prop_map(|it| json!(it))
            .prop_map(of("MultiPolygon")),
    ];
    prop_oneof![
        6 => single.clone(),
        1 => proptest::collection::vec(single, 1..3)
            .prop_map(|members| json!({"type": "GeometryCollection", "geometries": members})),
    ]
}

fn holds(filter: &str, one: &Json, other: &Json) -> Truth {
    ask(Location, filter, &json!({"location": one, "properties": {"other": other}}))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_two_geometries_are_related(one in geometry(), other in geometry()) {
        let relation = |name: &str| holds(&format!("{name}(location, properties/other)"), &one, &other);
        let turned = |name: &str| holds(&format!("{name}(properties/other, location)"), &one, &other);
        for name in ["st_equals", "st_touches", "st_overlaps", "st_crosses"] {
            let (relation, turned) = (relation(name), turned(name));
            prop_assert!(name == "st_crosses" || relation == turned, "{} {:?} {:?}", name, relation, turned);
        }
        prop_assert_eq!(relation("st_intersects"), turned("st_intersects"));
        prop_assert_eq!(relation("st_intersects"), relation("geo.intersects"));
        prop_assert_ne!(relation("st_intersects"), relation("st_disjoint"));
        prop_assert_eq!(relation("st_within"), turned("st_contains"));
        let near = holds("geo.distance(location, properties/other) ge 0", &one, &other);
        prop_assert_eq!(near, Truth::True);
        let pattern = holds("st_relate(location, properties/other, '*********')", &one, &other);
        prop_assert!(pattern == Truth::True || pattern == Truth::Null);
        prop_assert_eq!(holds("geo.length(location) ge 0", &one, &other), Truth::True);
    }

    #[test]
    fn any_json_in_place_of_a_geometry_is_none(coordinates in any_json()) {
        for kind in ["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection", "x"] {
            let shape = json!({"type": kind, "coordinates": coordinates, "geometries": coordinates});
            for shape in [shape.clone(), json!({"type": "Feature", "geometry": shape})] {
                holds("st_intersects(location, geography'POINT (1 2)')", &shape, &json!(null));
            }
        }
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(json!(null)),
        Just(json!("x")),
        Just(json!({"type": "Point", "coordinates": []})),
        any::<f64>().prop_map(|number| json!(number)),
        any::<i8>().prop_map(|number| json!(number)),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        proptest::collection::vec(inner, 0..5).prop_map(|items| json!(items))
    })
}

#[test]
fn an_area_is_what_a_crooked_outline_makes_it() {
    let bow = json!({"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]});
    let flat = json!({"type": "Polygon", "coordinates": [[[1, 3], [2, 3], [0, 3], [1, 3]]]});
    let point = json!({"type": "Point", "coordinates": [1.5, 1]});
    let line = json!({"type": "LineString", "coordinates": [[0, 3], [0, 0]]});
    assert_eq!(holds("st_overlaps(location, properties/other)", &bow, &bow), Truth::False);
    assert_eq!(holds("st_equals(location, properties/other)", &bow, &bow), Truth::True);
    assert_eq!(holds("st_within(location, properties/other)", &point, &bow), Truth::True);
    assert_eq!(holds("st_touches(location, properties/other)", &flat, &line), Truth::Null);
}
