//! Geometry that nobody should send.

use geo_types::{Geometry, LineString, MultiPolygon, Point, Polygon, Rect};
use quartier_tiles::{Detail, Layer, Value, encode};

use crate::shapes::{assert_sound, drawn, drawn_polygons, polygon};

/// Numbers between 0 and 1 that look random and are the same in every run.
fn noise() -> impl FnMut() -> f64 {
    let mut state = 42_u64;
    move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[test]
fn a_scribble_with_a_million_vertices_is_drawn_as_its_hull() {
    let mut noise = noise();
    let scribble: Vec<_> = (0..1_000_000).map(|_| (noise() * 6000.0, noise() * 6000.0)).collect();
    for detail in [Detail::FULL, Detail::default()] {
        let polygons = drawn_polygons(&polygon(&scribble), detail);
        assert_sound(&polygons, detail);
        assert_eq!(polygons.0.len(), 1);
    }
}

#[test]
fn a_million_vertices_in_a_fine_zigzag_are_drawn() {
    let zigzag =
        |step: u32| (f64::from(step) / 250.0, if step.is_multiple_of(2) { 0.0 } else { 4000.0 });
    let mut coords: Vec<_> = (0..1_000_000).map(zigzag).collect();
    coords.push((4000.0, 4050.0));
    coords.push((0.0, 4050.0));
    for detail in [Detail::FULL, Detail::default()] {
        assert_sound(&drawn_polygons(&polygon(&coords), detail), detail);
    }
}

#[test]
fn coordinates_beyond_the_earth_never_overflow() {
    let far = 1e15;
    let huge = polygon(&[(-far, -far), (far, -far), (far, far), (-far, far)]);
    assert_sound(&drawn_polygons(&huge, Detail::FULL), Detail::FULL);
    let wedge = polygon(&[(10.0, 10.0), (far, 20.0), (far, far)]);
    assert_sound(&drawn_polygons(&wedge, Detail::default()), Detail::default());
    let line: LineString<f64> = vec![(-far, -far), (far, far)].into();
    assert!(drawn(&line.into(), Detail::FULL).is_some());
    assert_eq!(drawn(&Point::new(far, -far).into(), Detail::FULL), None);
}

#[test]
fn coordinates_that_are_no_numbers_are_not_drawn() {
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(drawn(&polygon(&[(0.0, 0.0), (odd, 0.0), (9.0, 9.0)]), Detail::FULL), None);
        assert_eq!(drawn(&polygon(&[(0.0, 0.0), (9.0, odd), (9.0, 9.0)]), Detail::default()), None);
        let line: LineString<f64> = vec![(0.0, 0.0), (odd, 9.0)].into();
        assert_eq!(drawn(&line.into(), Detail::FULL), None);
        assert_eq!(drawn(&Point::new(odd, 0.0).into(), Detail::FULL), None);
    }
    let most = f64::MAX;
    let widest = polygon(&[(-most, -most), (most, -most), (most, most), (-most, most)]);
    assert_sound(&drawn_polygons(&widest, Detail::default()), Detail::default());
}

#[test]
fn geometries_of_nothing_are_not_drawn() {
    let nothing: [Geometry<f64>; 4] = [
        LineString::new(vec![]).into(),
        Polygon::new(LineString::new(vec![]), vec![]).into(),
        MultiPolygon::new(vec![]).into(),
        Rect::new((5.0, 5.0), (5.0, 5.0)).into(),
    ];
    for geometry in nothing {
        assert_eq!(drawn(&geometry, Detail::default()), None, "{geometry:?}");
    }
}

#[test]
fn a_feature_with_ten_thousand_properties_is_written() {
    let names: Vec<String> = (0..10_000).map(|number| format!("property {number}")).collect();
    let mut layer = Layer::new("wide", Detail::FULL);
    for id in 0..20 {
        let properties = names.iter().map(|name| (name.as_str(), Value::Integer(id)));
        layer.push(1, &Point::new(1.0, 1.0).into(), properties);
    }
    assert!(encode(&[layer]).len() > 10_000);
}
