//! Each step from a geometry to a tile, seen from its end.

use geo::Area as _;
use geo_types::{Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Polygon, point};
use quartier_tiles::Detail;

use crate::shapes::{assert_sound, drawn, drawn_polygons, polygon, ring};

const COARSE: Detail = Detail { buffer: 64, tolerance: 4.0, min_area: 64.0 };

fn rectangle(min: f64, max: f64) -> Geometry<f64> {
    polygon(&[(min, min), (max, min), (max, max), (min, max)])
}

#[test]
fn a_polygon_wound_either_way_is_wound_by_the_specification() {
    let square = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)];
    let mut reversed = square;
    reversed.reverse();
    for coords in [square, reversed] {
        let polygons = drawn_polygons(&polygon(&coords), Detail::FULL);
        assert_sound(&polygons, Detail::FULL);
        assert_eq!(polygons.unsigned_area(), 10_000.0);
    }
}

#[test]
fn what_covers_the_tile_fills_it_and_its_buffer() {
    let polygons = drawn_polygons(&rectangle(-9000.0, 9000.0), Detail::FULL);
    assert_eq!(polygons.unsigned_area(), 4224.0 * 4224.0);
}

#[test]
fn a_comb_that_leaves_the_tile_comes_back_in_pieces() {
    // Three teeth, joined to the left of the window.
    let comb = polygon(&[
        (-500.0, 0.0),
        (300.0, 0.0),
        (300.0, 100.0),
        (-300.0, 100.0),
        (-300.0, 200.0),
        (300.0, 200.0),
        (300.0, 300.0),
        (-300.0, 300.0),
        (-300.0, 400.0),
        (300.0, 400.0),
        (300.0, 500.0),
        (-500.0, 500.0),
    ]);
    let polygons = drawn_polygons(&comb, Detail::FULL);
    assert_sound(&polygons, Detail::FULL);
    assert_eq!(polygons.0.len(), 3);
    assert_eq!(polygons.unsigned_area(), 3.0 * 364.0 * 100.0);
}

#[test]
fn a_hole_across_the_edge_opens_the_polygon_there() {
    let hole = ring(&[(-200.0, 1000.0), (1000.0, 1000.0), (1000.0, 2000.0), (-200.0, 2000.0)]);
    let around = ring(&[(-900.0, -900.0), (5000.0, -900.0), (5000.0, 5000.0), (-900.0, 5000.0)]);
    let polygons = drawn_polygons(&Polygon::new(around, vec![hole]).into(), Detail::FULL);
    assert_sound(&polygons, Detail::FULL);
    assert_eq!(polygons.unsigned_area(), 4224.0 * 4224.0 - 1064.0 * 1000.0);
}

#[test]
fn a_tile_in_a_hole_shows_nothing() {
    let hole = ring(&[(-900.0, -900.0), (5000.0, -900.0), (5000.0, 5000.0), (-900.0, 5000.0)]);
    let around = ring(&[(-1e4, -1e4), (1e4, -1e4), (1e4, 1e4), (-1e4, 1e4)]);
    assert_eq!(drawn(&Polygon::new(around, vec![hole]).into(), Detail::FULL), None);
}

#[test]
fn a_bow_tie_becomes_two_triangles() {
    let bow = polygon(&[(0.0, 0.0), (100.0, 100.0), (100.0, 0.0), (0.0, 100.0)]);
    let polygons = drawn_polygons(&bow, Detail::FULL);
    assert_sound(&polygons, Detail::FULL);
    assert_eq!((polygons.0.len(), polygons.unsigned_area()), (2, 5000.0));
}

#[test]
fn a_hole_outside_its_polygon_stands_beside_it() {
    let around = ring(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]);
    let hole = ring(&[(200.0, 0.0), (300.0, 0.0), (300.0, 100.0), (200.0, 100.0)]);
    let polygons = drawn_polygons(&Polygon::new(around, vec![hole]).into(), Detail::FULL);
    assert_sound(&polygons, Detail::FULL);
    assert_eq!(polygons.unsigned_area(), 20_000.0);
}

#[test]
fn polygons_of_one_feature_that_overlap_become_one() {
    let one = ring(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]);
    let other = ring(&[(50.0, 0.0), (150.0, 0.0), (150.0, 100.0), (50.0, 100.0)]);
    let inner = ring(&[(10.0, 10.0), (20.0, 10.0), (20.0, 20.0), (10.0, 20.0)]);
    let all = [one, other, inner].map(|exterior| Polygon::new(exterior, vec![]));
    let polygons = drawn_polygons(&MultiPolygon::new(all.to_vec()).into(), Detail::FULL);
    assert_sound(&polygons, Detail::FULL);
    assert_eq!((polygons.0.len(), polygons.unsigned_area()), (1, 15_000.0));
}

#[test]
fn what_is_smaller_than_a_pixel_is_left_out_at_low_zooms() {
    assert_eq!(drawn(&rectangle(10.0, 17.0), COARSE), None);
    assert!(drawn(&rectangle(10.0, 19.0), COARSE).is_some());
    assert!(drawn(&rectangle(10.0, 12.0), Detail::FULL).is_some());
}

#[test]
fn a_house_stays_four_cornered() {
    let house = [(10.0, 10.0), (40.0, 10.0), (40.0, 13.0), (10.0, 13.0)];
    assert_eq!(drawn_polygons(&polygon(&house), COARSE).unsigned_area(), 90.0);
}

#[test]
fn a_circle_loses_vertices_and_keeps_its_area() {
    let on_circle = |step: i32| {
        let (sin, cos) = (f64::from(step) / 500.0 * std::f64::consts::PI).sin_cos();
        (2000.0 + 1000.0 * cos, 2000.0 + 1000.0 * sin)
    };
    let circle: Vec<_> = (0..1000).map(on_circle).collect();
    let polygons = drawn_polygons(&polygon(&circle), COARSE);
    let vertices = polygons.0[0].exterior().0.len();
    assert!((20..80).contains(&vertices), "{vertices}");
    assert!((polygons.unsigned_area() / 3_141_592.0 - 1.0).abs() < 0.01);
}

#[test]
fn a_line_that_leaves_the_tile_and_comes_back_is_two() {
    let line: LineString<f64> =
        vec![(0.0, 10.0), (5000.0, 10.0), (5000.0, 20.0), (0.0, 20.0)].into();
    let pieces = MultiLineString::new(vec![
        vec![(0, 10), (4160, 10)].into(),
        vec![(4160, 20), (0, 20)].into(),
    ]);
    assert_eq!(drawn(&line.into(), Detail::FULL), Some(pieces.into()));
}

#[test]
fn a_line_with_both_ends_outside_is_cut_at_both_edges() {
    let line: LineString<f64> = vec![(-1000.0, 2048.0), (9000.0, 2048.0)].into();
    let piece: LineString<i32> = vec![(-64, 2048), (4160, 2048)].into();
    assert_eq!(drawn(&line.into(), Detail::FULL), Some(piece.into()));
}

#[test]
fn a_line_that_touches_a_corner_only_is_not_drawn() {
    let line: LineString<f64> = vec![(-164.0, 36.0), (36.0, -164.0)].into();
    assert_eq!(drawn(&line.into(), Detail::FULL), None);
}

#[test]
fn a_line_shorter_than_a_unit_is_not_drawn() {
    let line: LineString<f64> = vec![(10.1, 10.1), (10.2, 10.3)].into();
    assert_eq!(drawn(&line.into(), Detail::FULL), None);
}

#[test]
fn a_line_shorter_than_a_pixel_is_left_out_at_low_zooms() {
    let line = |reach: f64| LineString::from(vec![(10.0, 10.0), (10.0 + reach, 12.0)]);
    assert_eq!(drawn(&line(7.0).into(), COARSE), None);
    assert!(drawn(&line(9.0).into(), COARSE).is_some());
    assert!(drawn(&line(7.0).into(), Detail::FULL).is_some());
}

#[test]
fn points_outside_the_window_are_left_out() {
    let points: MultiPoint<f64> = vec![(10.0, 10.0), (-65.0, 10.0), (4160.0, 4160.0)].into();
    let kept: MultiPoint<i32> = vec![(10, 10), (4160, 4160)].into();
    assert_eq!(drawn(&points.into(), Detail::FULL), Some(kept.into()));
    assert_eq!(drawn(&point!(x: 4161.0, y: 0.0).into(), Detail::FULL), None);
}
