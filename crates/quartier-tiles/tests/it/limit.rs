//! A layer that may not grow.

use fast_mvt::MvtReaderRef;
use geo_types::{Geometry, GeometryCollection, Point};
use quartier_tiles::{Detail, Layer, Value, encode};

/// Features of very different sizes, each with a text of its own.
fn filled(bytes_max: usize) -> Layer {
    let mut layer = Layer::within("notes", Detail::FULL, bytes_max);
    for id in 0..200_u64 {
        let text = "x".repeat((id * id % 977) as usize);
        let name = format!("key {}", id % 7);
        let point = |step: u64| Geometry::from(Point::new((id + step) as f64, 7.0));
        let pair = GeometryCollection::new_from(vec![point(0), point(1)]);
        layer.push(id, &Geometry::GeometryCollection(pair), [(name.as_str(), Value::Text(&text))]);
    }
    layer
}

#[test]
fn a_layer_never_outgrows_its_limit() {
    for bytes_max in [0, 40, 60, 500, 3000, 30_000, 1_000_000] {
        let layer = filled(bytes_max);
        let (features, refused) = (layer.len(), layer.refused());
        let bytes = encode(&[layer]);
        assert!(bytes.len() <= bytes_max, "{} > {bytes_max}", bytes.len());
        assert_eq!(features == 400, refused == 0);
        assert!(features / 2 + refused <= 200 && features.div_ceil(2) + refused >= 200);
        if features > 0 {
            let tile = MvtReaderRef::new(&bytes).unwrap().to_tile().unwrap();
            assert_eq!(tile.layers[0].features.len(), features);
        }
    }
}

#[test]
fn what_was_refused_leaves_nothing_behind() {
    let layer = filled(3000);
    assert!(layer.refused() > 0 && layer.len() > 3);
    let bytes = encode(&[layer]);
    let tile = MvtReaderRef::new(&bytes).unwrap().to_tile().unwrap();
    for feature in &tile.layers[0].features {
        let id = feature.id.unwrap();
        let (_, value) = feature.properties.first().unwrap();
        let expected = (id * id % 977) as usize;
        assert!(
            format!("{value:?}").matches('x').count().abs_diff(expected) <= 1,
            "{id}: {value:?}"
        );
    }
}
