use fast_mvt::{MvtReaderRef, MvtTile, MvtValue};
use geo_types::{Geometry, GeometryCollection, line_string, point, polygon};
use quartier_tiles::{Detail, Layer, Value, encode};

const NONE: [(&str, Value<'static>); 0] = [];

fn read(bytes: &[u8]) -> MvtTile {
    MvtReaderRef::new(bytes).unwrap().to_tile().unwrap()
}

fn layer() -> Layer {
    Layer::new("buildings", Detail::FULL)
}

#[test]
fn a_tile_of_nothing_has_no_bytes() {
    assert!(encode(&[]).is_empty());
    assert!(encode(&[layer()]).is_empty());
}

#[test]
fn every_type_of_value_comes_back_as_it_went() {
    let mut layer = layer();
    let properties = [
        ("name", Value::Text("Rathaus")),
        ("height_m", Value::Number(12.0)),
        ("storeys", Value::Integer(3)),
        ("below", Value::Integer(-2)),
        ("listed", Value::Boolean(true)),
        ("nothing", Value::Null),
    ];
    layer.push(7, &point!(x: 1.0, y: 2.0).into(), properties);
    let tile = read(&encode(&[layer]));
    let feature = &tile.layers[0].features[0];
    assert_eq!(feature.id, Some(7));
    let shown: Vec<_> =
        feature.properties.iter().map(|(name, value)| (name.as_str(), value)).collect();
    assert!(
        matches!(
            shown.as_slice(),
            [
                ("name", MvtValue::String(name)),
                ("height_m", MvtValue::Double(12.0)),
                ("storeys", MvtValue::UInt(3)),
                ("below", MvtValue::SInt(-2)),
                ("listed", MvtValue::Bool(true)),
            ] if name == "Rathaus"
        ),
        "{shown:?}"
    );
}

#[test]
fn values_that_are_alike_but_not_the_same_stay_apart() {
    let mut layer = layer();
    let values = [Value::Text("1"), Value::Integer(1), Value::Number(1.0), Value::Boolean(true)];
    for (id, value) in (0..).zip(values.iter().chain(&values)) {
        layer.push(id, &point!(x: 1.0, y: 2.0).into(), [("value", *value)]);
    }
    let bytes = encode(&[layer]);
    let reader = MvtReaderRef::new(&bytes).unwrap();
    let layer = reader.layers().next().unwrap();
    assert_eq!(layer.values().len(), 4);
    assert_eq!(layer.keys(), ["value"]);
    let codes: Vec<_> = layer.features().map(|feature| feature.tags()[1]).collect();
    assert_eq!(codes, [0, 1, 2, 3, 0, 1, 2, 3]);
}

#[test]
fn properties_may_come_in_any_order_and_number() {
    let mut layer = layer();
    let place: Geometry<f64> = point!(x: 1.0, y: 2.0).into();
    layer.push(1, &place, [("a", Value::Integer(1)), ("b", Value::Integer(2))]);
    layer.push(2, &place, [("b", Value::Integer(2)), ("a", Value::Integer(1))]);
    layer.push(3, &place, [("c", Value::Integer(3))]);
    layer.push(4, &place, NONE);
    let tile = read(&encode(&[layer]));
    let names = |index: usize| -> String {
        tile.layers[0].features[index].properties.iter().map(|(name, _)| name.as_str()).collect()
    };
    assert_eq!([0, 1, 2, 3].map(names), ["ab", "ba", "c", ""]);
}

#[test]
fn the_members_of_a_collection_become_features_with_one_id() {
    let inner = vec![
        line_string![(x: 0.0, y: 0.0), (x: 9.0, y: 9.0)].into(),
        Geometry::GeometryCollection(GeometryCollection::default()),
    ];
    let outer = vec![
        point!(x: 1.0, y: 2.0).into(),
        Geometry::GeometryCollection(GeometryCollection::new_from(inner)),
        polygon![(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0)].into(),
        point!(x: 9999.0, y: 2.0).into(),
    ];
    let nested = Geometry::GeometryCollection(GeometryCollection::new_from(outer));
    let mut layer = layer();
    layer.push(5, &nested, [("name", Value::Text("all"))]);
    assert_eq!(layer.len(), 3);
    let tile = read(&encode(&[layer]));
    let features = &tile.layers[0].features;
    assert!(features.iter().all(|feature| feature.id == Some(5) && feature.properties.len() == 1));
    assert!(matches!(features[0].geometry, Geometry::Point(_)));
    assert!(matches!(features[1].geometry, Geometry::LineString(_)));
    assert!(matches!(features[2].geometry, Geometry::Polygon(_)));
}
