use gdal::vector::ToGdal as _;
use geo::{Area as _, Validation as _};
use proptest::prelude::*;
use quartier_import::ReadOptions;

use crate::support::{Taken, file, read};

fn feature(geometry: &str) -> Taken {
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{}},"geometry":{geometry}}}]}}"#
    );
    let (_folder, path) = file("g.geojson", text);
    read(&path, &ReadOptions::default()).unwrap()
}

#[test]
fn a_bow_tie_becomes_two_polygons_and_is_reported() {
    let taken = feature(r#"{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}"#);
    let plane = taken.only().feature.geometry.clone().unwrap();
    assert!(plane.plane().is_valid());
    assert_eq!(plane.plane().unsigned_area(), 2.0);
    assert!(taken.repaired[0].1.contains("self-intersection"), "{:?}", taken.repaired);
}

#[test]
fn a_mended_polygon_keeps_its_heights_and_gets_one_where_it_crossed() {
    let taken =
        feature(r#"{"type":"Polygon","coordinates":[[[0,0,1],[2,2,3],[2,0,5],[0,2,7],[0,0,1]]]}"#);
    let geometry = taken.only().feature.geometry.clone().unwrap();
    let heights = geometry.heights().unwrap();
    for (coord, height) in geometry.coords().iter().zip(heights) {
        let expected: &[f64] = match (coord.x, coord.y) {
            (0.0, 0.0) => &[1.0],
            (2.0, 2.0) => &[3.0],
            (2.0, 0.0) => &[5.0],
            (0.0, 2.0) => &[7.0],
            // Where the edges cross, the height of either.
            _ => &[2.0, 6.0],
        };
        assert!(expected.iter().any(|it| (it - height).abs() < 1e-9), "{coord:?} {height}");
    }
}

#[test]
fn repeated_points_go_and_a_closing_point_comes() {
    let taken = feature(r#"{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,0],[2,2]]]}"#);
    assert_eq!(taken.repaired[0].1, "closed 1 ring(s), removed 1 repeated point(s)");
    assert_eq!(taken.only().feature.geometry.as_ref().unwrap().coords().len(), 4);
}

#[test]
fn a_polygon_that_is_a_line_is_rejected() {
    let taken = feature(r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[2,2],[0,0]]]}"#);
    assert!(taken.objects.is_empty());
    assert!(taken.rejected[0].1.contains("cannot be mended"), "{:?}", taken.rejected);
}

#[test]
fn a_ring_that_winds_the_other_way_is_no_defect() {
    let taken = feature(r#"{"type":"Polygon","coordinates":[[[0,0],[0,2],[2,2],[2,0],[0,0]]]}"#);
    assert_eq!(taken.repaired, []);
}

#[test]
fn overlapping_members_are_united() {
    let taken = feature(
        r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[2,0],[2,2],[0,2],[0,0]]],[[[1,0],[3,0],[3,2],[1,2],[1,0]]]]}"#,
    );
    assert_eq!(taken.only().feature.geometry.as_ref().unwrap().plane().unsigned_area(), 6.0);
    assert!(taken.repaired[0].1.contains("united"), "{:?}", taken.repaired);
}

#[test]
fn a_hole_that_touches_the_outline_in_a_point_is_fine() {
    let taken = feature(
        r#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[2,0],[3,1],[1,1],[2,0]]]}"#,
    );
    assert_eq!(taken.repaired, []);
    assert_eq!(taken.objects.len(), 1);
}

#[test]
fn a_hole_in_an_outline_without_area_does_not_become_a_polygon() {
    let taken = feature(
        r#"{"type":"Polygon","coordinates":[[[1,1],[1,0],[1,2],[1,1]],[[1,1],[1,2],[2,1],[1,1]]]}"#,
    );
    assert!(taken.objects.is_empty());
}

proptest! {
    // A failure is turned into a test with a name, not kept in a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Rings of a few points on a small grid cross, touch and fold in every way. GEOS is the second opinion.
    #[test]
    fn whatever_is_taken_is_valid(
        points in prop::collection::vec((0_i32..6, 0_i32..6), 3..12),
        hole in prop::collection::vec((1_i32..5, 1_i32..5), 0..5),
    ) {
        let ring = |points: &[(i32, i32)]| {
            let closed = points.iter().chain(points.first());
            let points: Vec<String> = closed.map(|(x, y)| format!("[{x},{y}]")).collect();
            format!("[{}]", points.join(","))
        };
        let rings = if hole.len() < 3 { ring(&points) } else { [ring(&points), ring(&hole)].join(",") };
        let taken = feature(&format!(r#"{{"type":"Polygon","coordinates":[{rings}]}}"#));
        prop_assert_eq!(taken.objects.len() + taken.rejected.len(), 1);
        for object in &taken.objects {
            let plane = object.feature.geometry.as_ref().unwrap().plane();
            prop_assert!(plane.is_valid(), "{:?}", plane);
            prop_assert!(plane.to_gdal().unwrap().is_valid(), "GEOS: {:?}", plane);
        }
    }
}
