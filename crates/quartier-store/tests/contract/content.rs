use geo_types::{GeometryCollection, Point, line_string, point};
use quartier_model::{CityObject, FeatureId, Geometry};
use serde_json::{Value, json};

use crate::{
    home::{Home, in_each_store},
    sample::{buildings, buildings_id, house, puts, square, structure, with},
};

async fn round_trip(home: &Home, object: &CityObject) {
    let store = home.with_buildings().await;
    store.write(&buildings_id(), puts([object.clone()])).await.unwrap();
    let stored = store.object(&buildings_id(), &object.feature.id).await.unwrap().unwrap();
    assert_eq!(stored.object, *object);
    let before = Some(FeatureId(stored.fid.0 - 1));
    let scanned = store.scan(&buildings_id(), before, 1).await.unwrap();
    assert_eq!(scanned[0].feature, object.feature);
}

#[tokio::test]
async fn coordinates_come_back_bit_for_bit() {
    in_each_store(async |home| {
        let awkward = [0.1 + 0.2, 1.0 / 3.0, f64::MIN_POSITIVE, 405_123.456_789_012_3];
        for (number, x) in awkward.into_iter().enumerate() {
            let geometry = Geometry::new(point!(x: x, y: -x / 7.0).into()).unwrap();
            round_trip(home, &with(&format!("point-{number}"), Some(geometry), &json!({}))).await;
        }
    })
    .await;
}

#[tokio::test]
async fn geometry_of_every_kind_and_none_share_a_collection() {
    in_each_store(async |home| {
        let line = line_string![(x: 1., y: 2.), (x: 3., y: 4.)];
        let members = GeometryCollection(vec![line.clone().into(), Point::new(5., 6.).into()]);
        let high = Geometry::with_heights(line.clone().into(), vec![54.3, 0.1 + 0.2]).unwrap();
        for (id, geometry) in [
            ("none", None),
            ("line", Some(Geometry::new(line.into()).unwrap())),
            ("high", Some(high)),
            ("polygon", Some(square(0.0))),
            (
                "members",
                Some(Geometry::new(geo_types::Geometry::GeometryCollection(members)).unwrap()),
            ),
        ] {
            round_trip(home, &with(id, geometry, &json!({}))).await;
        }
    })
    .await;
}

#[tokio::test]
async fn three_dimensional_structure_comes_back_exactly() {
    in_each_store(async |home| {
        let mut object = house(1, 2);
        object.structure = structure();
        object.feature.source_id = Some("DENW22AL10003NqOBL".parse().unwrap());
        round_trip(home, &object).await;
    })
    .await;
}

#[tokio::test]
async fn properties_come_back_as_what_they_were() {
    in_each_store(async |home| {
        let properties = json!({
            "text": "Straße „Am Berg“ 5 \\u0000 \u{7f} 🏠",
            "leading_zero": "05554056",
            "whole": 42,
            "great": u64::MAX,
            "fraction": 0.1,
            "round": 3.0,
            "huge": 1e300,
            "exponent": 1e16,
            "yes": true,
            "nothing": null,
            "list": [1, [2.5, { "deep": [] }], null],
            "": "no name",
        });
        round_trip(home, &with("odd", None, &properties)).await;
    })
    .await;
}

#[tokio::test]
async fn an_id_is_a_value_and_never_sql() {
    in_each_store(async |home| {
        for id in ["' or 1=1 --", "x\"; drop table", "$1", "%", "\\'", "🏠/ü ?#", "[]", "{}"] {
            round_trip(home, &with(id, Some(square(0.0)), &json!({ "name": id }))).await;
        }
        let store = home.open().await;
        let none = store.object(&buildings_id(), &"' or ''='".parse().unwrap()).await.unwrap();
        assert_eq!(none, None);
        assert_eq!(store.scan(&buildings_id(), None, 100).await.unwrap().len(), 8);
    })
    .await;
}

#[tokio::test]
async fn properties_that_nest_too_deep_are_refused_by_the_objects_id() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let deep = (0..100).fold(Value::Null, |inner, _| json!([inner]));
        let object = with("deep", None, &json!({ "deep": deep }));
        let error = store.write(&buildings_id(), puts([object])).await.unwrap_err();
        assert!(error.to_string().starts_with("`deep` cannot be stored"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_collections_description_comes_back_whole() {
    in_each_store(async |home| {
        let store = home.open().await;
        let mut collection = buildings();
        collection.title = "Gebäude „alle“; drop table".to_owned();
        collection.licence = Some("dl-de/by-2-0".to_owned());
        collection.schema.properties[0].codes = vec![(json!("31001_1000"), "Wohnhaus".to_owned())];
        collection.schema.properties[1].codes =
            vec![(json!(1), "one".to_owned()), (json!(2.5), String::new())];
        store.put_collection(&collection).await.unwrap();
        assert_eq!(store.collections().await.unwrap(), [collection]);
    })
    .await;
}

#[tokio::test]
async fn properties_with_any_name_do_not_break_the_layer() {
    in_each_store(async |home| {
        let store = home.open().await;
        let mut collection = buildings();
        let names = [
            "id",
            "ID",
            "geometry",
            "fid",
            "ogc_fid",
            "a\"b",
            "c'd",
            "e.f",
            "",
            "valid_from",
            "$",
            "%I",
            "g\\h",
        ];
        let long = "ü".repeat(70);
        let kinds = [quartier_model::PropertyKind::Text, quartier_model::PropertyKind::Date];
        collection.schema.properties = names
            .into_iter()
            .chain([long.as_str(), &format!("{long}!")])
            .enumerate()
            .map(|(number, name)| quartier_model::Property::new(name, kinds[number % 2]))
            .collect();
        store.put_collection(&collection).await.unwrap();
        let properties: serde_json::Map<_, _> =
            names.into_iter().map(|name| (name.to_owned(), json!("2024-02-30"))).collect();
        let object = with("odd", Some(square(0.0)), &Value::Object(properties));
        store.write(&buildings_id(), puts([object])).await.unwrap();
        assert_eq!(store.scan(&buildings_id(), None, 10).await.unwrap().len(), 1);
    })
    .await;
}
