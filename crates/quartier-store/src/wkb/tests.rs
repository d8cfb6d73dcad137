use geo_types::{
    Coord, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon, point, polygon,
};
use proptest::prelude::*;

use super::{read::WkbError, *};
use quartier_model::Geometry;

type Plane = geo_types::Geometry<f64>;

fn coord() -> impl Strategy<Value = Coord<f64>> {
    (-1e7..1e7, -1e7..1e7).prop_map(|(x, y)| Coord { x, y })
}

fn line() -> impl Strategy<Value = LineString<f64>> {
    prop::collection::vec(coord(), 2..8).prop_map(LineString)
}

fn any_polygon() -> impl Strategy<Value = Polygon<f64>> {
    let ring = || prop::collection::vec(coord(), 3..8).prop_map(LineString);
    (ring(), prop::collection::vec(ring(), 0..3))
        .prop_map(|(exterior, interiors)| Polygon::new(exterior, interiors))
        .prop_filter("rings of four", |polygon| {
            polygon.exterior().0.len() >= 4 && polygon.interiors().iter().all(|it| it.0.len() >= 4)
        })
}

fn plane() -> impl Strategy<Value = Plane> {
    let single = prop_oneof![
        coord().prop_map(|coord| Plane::Point(Point(coord))),
        line().prop_map(Plane::LineString),
        any_polygon().prop_map(Plane::Polygon),
        prop::collection::vec(coord().prop_map(Point), 1..4)
            .prop_map(|points| Plane::MultiPoint(MultiPoint(points))),
        prop::collection::vec(line(), 1..4)
            .prop_map(|lines| Plane::MultiLineString(MultiLineString(lines))),
        prop::collection::vec(any_polygon(), 1..4)
            .prop_map(|polygons| Plane::MultiPolygon(MultiPolygon(polygons))),
    ];
    single.prop_recursive(3, 16, 4, |inner| {
        prop::collection::vec(inner, 1..4)
            .prop_map(|members| Plane::GeometryCollection(GeometryCollection(members)))
    })
}

fn geometry() -> impl Strategy<Value = Geometry> {
    (plane(), any::<bool>()).prop_map(|(plane, has_heights)| {
        let flat = Geometry::new(plane).unwrap();
        if !has_heights {
            return flat;
        }
        let heights = flat.coords().iter().map(|coord| coord.x / 3.0 - coord.y).collect();
        Geometry::with_heights(flat.into_parts().0, heights).unwrap()
    })
}

fn ewkb(geometry: &Geometry) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_ewkb(geometry, 25832, &mut bytes);
    bytes
}

proptest! {
    #[test]
    fn every_geometry_comes_back_bit_for_bit(geometry in geometry()) {
        prop_assert_eq!(read_ewkb(&ewkb(&geometry)).unwrap(), geometry.clone());
        let mut bytes = Vec::new();
        write_geopackage(&geometry, 25832, &mut bytes);
        prop_assert_eq!(read_geopackage(&bytes).unwrap(), geometry);
    }

    #[test]
    fn bytes_of_any_kind_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_ewkb(&bytes);
        let _ = read_geopackage(&bytes);
    }

    #[test]
    fn a_damaged_geometry_never_panics(geometry in geometry(), at in any::<prop::sample::Index>(), byte: u8) {
        let mut bytes = ewkb(&geometry);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = read_ewkb(&bytes);
        let _ = read_ewkb(&bytes[..at]);
    }
}

#[test]
fn a_point_is_written_as_postgis_writes_it() {
    // select ST_AsEWKB('SRID=25832;POINT Z (1 2 3)')
    let geometry = Geometry::with_heights(point!(x: 1.0, y: 2.0).into(), vec![3.0]).unwrap();
    let expected = [
        &[1, 1, 0, 0, 0xa0, 0xe8, 0x64, 0, 0][..],
        &1f64.to_le_bytes(),
        &2f64.to_le_bytes(),
        &3f64.to_le_bytes(),
    ];
    assert_eq!(ewkb(&geometry), expected.concat());
}

#[test]
fn a_count_that_the_bytes_cannot_hold_allocates_nothing() {
    let mut bytes = vec![LITTLE_ENDIAN];
    bytes.extend(code::LINE_STRING.to_le_bytes());
    bytes.extend(u32::MAX.to_le_bytes());
    assert_eq!(read_ewkb(&bytes), Err(WkbError::Short));
}

#[test]
fn collections_that_nest_without_end_are_refused() {
    let level = [1, 7, 0, 0, 0, 1, 0, 0, 0];
    assert_eq!(read_ewkb(&level.repeat(100_000)), Err(WkbError::Deep));
}

#[test]
fn a_geometry_of_a_kind_that_cities_do_not_have_is_named() {
    let circular_string = [1, 8, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(read_ewkb(&circular_string), Err(WkbError::Kind(8)));
}

#[test]
fn the_envelope_stands_in_the_geopackage_header() {
    let square = polygon![(x: 1., y: 2.), (x: 5., y: 2.), (x: 5., y: 9.)];
    let mut bytes = Vec::new();
    write_geopackage(&Geometry::new(square.into()).unwrap(), 25832, &mut bytes);
    let numbers: Vec<f64> = bytes[8..40]
        .chunks_exact(8)
        .map(|chunk| f64::from_le_bytes(chunk.try_into().unwrap()))
        .collect();
    assert_eq!(numbers, [1., 5., 2., 9.]);
}
