//! Shapes to draw, and what is to be asked of what was drawn.

use fast_mvt::MvtReaderRef;
use geo::{Area as _, MapCoords as _, Validation as _};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use quartier_tiles::{Detail, Layer, Value, encode};

const NO_PROPERTIES: [(&str, Value<'static>); 0] = [];

/// The geometry that another reader finds in a tile with this one feature.
pub(crate) fn drawn(geometry: &Geometry<f64>, detail: Detail) -> Option<Geometry<i32>> {
    let mut layer = Layer::new("shapes", detail);
    layer.push(1, geometry, NO_PROPERTIES);
    let bytes = encode(&[layer]);
    let tile = MvtReaderRef::new(&bytes).unwrap().to_tile().unwrap();
    tile.layers.first().map(|layer| layer.features[0].geometry.clone())
}

/// The polygons that another reader finds, which are none where nothing was left.
pub(crate) fn drawn_polygons(geometry: &Geometry<f64>, detail: Detail) -> MultiPolygon<f64> {
    let polygons = match drawn(geometry, detail) {
        None => return MultiPolygon::new(vec![]),
        Some(Geometry::Polygon(polygon)) => MultiPolygon::new(vec![polygon]),
        Some(Geometry::MultiPolygon(polygons)) => polygons,
        Some(other) => panic!("a polygon was drawn as {other:?}"),
    };
    polygons.map_coords(|coord| Coord { x: f64::from(coord.x), y: f64::from(coord.y) })
}

/// Panics unless the polygons are valid, inside the window, and wound by the specification.
pub(crate) fn assert_sound(polygons: &MultiPolygon<f64>, detail: Detail) {
    if let Err(error) = polygons.check_validation() {
        panic!("{error}: {polygons:?}");
    }
    for polygon in polygons {
        assert!(signed_area(polygon.exterior()) > 0.0, "exterior {polygon:?}");
        assert!(polygon.interiors().iter().all(|hole| signed_area(hole) < 0.0), "hole {polygon:?}");
    }
    let (min, max) = (-f64::from(detail.buffer), 4096.0 + f64::from(detail.buffer));
    let mut coords = polygons.iter().flat_map(|polygon| polygon.exterior().coords());
    assert!(coords.all(|coord| coord.x.min(coord.y) >= min && coord.x.max(coord.y) <= max));
}

fn signed_area(ring: &LineString<f64>) -> f64 {
    Polygon::new(ring.clone(), vec![]).signed_area()
}

pub(crate) fn ring(coords: &[(f64, f64)]) -> LineString<f64> {
    let mut ring: LineString<f64> = coords.iter().copied().collect();
    ring.close();
    ring
}

pub(crate) fn polygon(coords: &[(f64, f64)]) -> Geometry<f64> {
    Polygon::new(ring(coords), vec![]).into()
}
