//! Distances in degrees, beside dense samples of every edge.

use geo::{Distance as _, Geodesic, LinesIter as _};
use geo_types::{Coord, Geometry as Plane, LineString, Point, Polygon, point};
use proptest::{prelude::ProptestConfig, proptest};
use quartier_index::{Entry, Metric};
use quartier_model::{Feature, Filter, Geometry, SpatialFilter, TimeRange};

use crate::city::{built, entry};

/// Samples on an edge.
const SAMPLES: i32 = 2_000;

fn feature(plane: Plane<f64>) -> Feature {
    Feature {
        id: "x".parse().unwrap(),
        source_id: None,
        geometry: Some(Geometry::new(plane).unwrap()),
        properties: serde_json::Map::new(),
        valid: TimeRange::ALWAYS,
    }
}

pub(crate) fn tree(fid: u64, longitude: f64, latitude: f64) -> Entry {
    entry(fid, 1, feature(point!(x: longitude, y: latitude).into()))
}

fn triangle(west: f64, south: f64, size: f64) -> Plane<f64> {
    let corners =
        vec![(west, south), (west + size, south + size / 3.0), (west + size / 2.0, south + size)];
    Polygon::new(LineString::from(corners), Vec::new()).into()
}

fn sampled(plane: &Plane<f64>, point: Point<f64>) -> f64 {
    let Plane::Polygon(polygon) = plane else { panic!("triangles only") };
    let samples = polygon.lines_iter().flat_map(|line| {
        (0..=SAMPLES)
            .map(move |at| line.start + line.delta() * (f64::from(at) / f64::from(SAMPLES)))
    });
    samples.map(|sample| Geodesic.distance(point, Point(sample))).fold(f64::INFINITY, f64::min)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_geodesic_distance_is_that_to_the_nearest_sample(
        west in -10.0..10.0_f64,
        south in -70.0..70.0_f64,
        size in 0.0005..0.05_f64,
        east in 0.06..3.0_f64,
        north in -2.0..2.0_f64,
    ) {
        let plane = triangle(west, south, size);
        let index = built([&entry(1, 1, feature(plane.clone()))], Metric::Geodesic);
        let at = Coord { x: west + east, y: south + north };
        let found = index.nearest(at, 1, None)[0].distance_m;
        let expected = sampled(&plane, Point(at));
        assert!(found <= expected + 1e-6, "{found} {expected}");
        assert!(found >= expected - 0.1, "{found} {expected}");
    }

    #[test]
    fn the_nearest_in_degrees_are_those_by_measuring_to_every_object(
        trees in proptest::collection::vec((-180.0..180.0_f64, -90.0..90.0_f64), 1..200),
        longitude in -180.0..180.0_f64,
        latitude in -90.0..90.0_f64,
    ) {
        let entries: Vec<_> = trees.iter().zip(1..).map(|((x, y), fid)| tree(fid, *x, *y)).collect();
        let index = built(&entries, Metric::Geodesic);
        let at = Point::new(longitude, latitude);
        let mut expected: Vec<_> = trees.iter().map(|(x, y)| Geodesic.distance(at, Point::new(*x, *y))).collect();
        let metres = expected[0] * 1.000_001;
        let near = expected.iter().filter(|distance| **distance <= metres).count();
        expected.sort_by(f64::total_cmp);
        let found = index.nearest(at.0, 10, None);
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found.distance_m - expected).abs() < 1e-6);
        }
        let geometry = Geometry::new(at.into()).unwrap();
        let filter = Filter { space: vec![SpatialFilter::Distance { geometry, metres }], ..Filter::default() };
        assert_eq!(index.count(&filter), near);
    }
}

#[test]
fn a_tree_in_a_park_is_at_no_distance_from_it() {
    let index = built([&entry(1, 1, feature(triangle(7.6, 51.9, 0.01)))], Metric::Geodesic);
    assert_eq!(index.nearest(Coord { x: 7.605, y: 51.905 }, 1, None)[0].distance_m, 0.0);
}

#[test]
fn one_is_near_across_the_antimeridian() {
    let index = built([&tree(1, 179.999, 0.0), &tree(2, -179.99, 0.0)], Metric::Geodesic);
    let near = index.nearest(Coord { x: -179.999, y: 0.0 }, 1, Some(300.0));
    assert_eq!(near[0].object.fid().0, 1);
    assert!((near[0].distance_m - 222.64).abs() < 0.01);
}

#[test]
fn a_degree_on_the_equator_is_as_long_as_the_ellipsoid_says() {
    let index = built([&tree(1, 1.0, 0.0)], Metric::Geodesic);
    let distance = index.nearest(Coord { x: 0.0, y: 0.0 }, 1, None)[0].distance_m;
    assert!((distance - 111_319.490_793).abs() < 1e-6);
}
