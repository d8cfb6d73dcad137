//! What holds for every polygon, shown with random ones.

use std::f64::consts::TAU;

use geo::{Area as _, BooleanOps as _, Euclidean, Length as _, MapCoords as _};
use geo_types::{Coord, Geometry, MultiPolygon, Polygon, Rect};
use proptest::prelude::*;
use quartier_tiles::Detail;

use crate::shapes::{assert_sound, drawn_polygons, polygon, ring};

/// Seconds of testing; ten times as many have been run.
const CASES: u32 = 128;

const TILE: Detail = Detail { buffer: 0, ..Detail::FULL };

/// Star-shaped polygons, with a hole of the same shape in every second; most reach over the tile's edge.
pub(crate) fn star() -> impl Strategy<Value = Polygon<f64>> {
    let radii = prop::collection::vec(5.0..3000.0_f64, 4..40);
    let centre = (-500.0..4500.0_f64, -500.0..4500.0_f64);
    (radii, centre, prop::option::of(0.1..0.9_f64)).prop_map(|(radii, centre, hole)| {
        let scaled = |share: f64| {
            let count = radii.len() as f64;
            let corner = |(step, radius): (usize, &f64)| {
                let (sin, cos) = (step as f64 / count * TAU).sin_cos();
                (centre.0 + radius * share * cos, centre.1 + radius * share * sin)
            };
            ring(&radii.iter().enumerate().map(corner).collect::<Vec<_>>())
        };
        Polygon::new(scaled(1.0), hole.map(scaled).into_iter().collect())
    })
}

/// Rings that cross, touch and run along themselves.
fn tangle() -> impl Strategy<Value = Geometry<f64>> {
    let fine = (-1000.0..5000.0_f64, -1000.0..5000.0_f64);
    let coarse =
        (-3..12_i32, -3..12_i32).prop_map(|(x, y)| (f64::from(x) * 512.0, f64::from(y) * 512.0));
    let tiny = (0.0..6.0_f64, 0.0..6.0_f64);
    let coords = prop_oneof![
        prop::collection::vec(fine, 3..20),
        prop::collection::vec(coarse, 3..40),
        prop::collection::vec(tiny, 3..20),
    ];
    let rings = prop::collection::vec(coords, 1..4);
    rings.prop_map(|rings| {
        let mut rings: Vec<_> = rings.iter().map(|coords| ring(coords)).collect();
        let exterior = rings.remove(0);
        Polygon::new(exterior, rings).into()
    })
}

pub(crate) fn tangles() -> impl Strategy<Value = Geometry<f64>> {
    prop::collection::vec(tangle(), 1..5).prop_map(|polygons| {
        let polygons = polygons.into_iter().filter_map(|polygon| polygon.try_into().ok());
        MultiPolygon::new(polygons.collect()).into()
    })
}

/// How much area snapping may add or take: every point of an outline moves by less than one unit.
pub(crate) fn snapping(polygon: &Polygon<f64>) -> f64 {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    rings.map(|ring| Euclidean.length(ring)).sum::<f64>() + 10.0
}

fn moved(polygon: &Polygon<f64>, scale: f64, x: f64, y: f64) -> Geometry<f64> {
    polygon.map_coords(|c| Coord { x: c.x * scale - x, y: c.y * scale - y }).into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn every_polygon_in_a_tile_is_valid_and_wound_by_the_specification(shape in tangles()) {
        for detail in [Detail::FULL, Detail::default()] {
            assert_sound(&drawn_polygons(&shape, detail), detail);
        }
    }

    #[test]
    fn drawing_a_tile_again_changes_nothing(shape in tangles()) {
        let once = drawn_polygons(&shape, Detail::FULL);
        let twice = drawn_polygons(&once.clone().into(), Detail::FULL);
        prop_assert_eq!(once.unsigned_area(), twice.unsigned_area());
        prop_assert_eq!(once.xor(&twice).unsigned_area(), 0.0);
    }

    #[test]
    fn a_tile_shows_what_lies_in_it(shape in star()) {
        let window = Rect::new((0.0, 0.0), (4096.0, 4096.0)).to_polygon();
        let expected = shape.intersection(&window);
        let polygons = drawn_polygons(&shape.clone().into(), TILE);
        prop_assert!(polygons.xor(&expected).unsigned_area() < snapping(&shape));
    }

    #[test]
    fn four_tiles_show_what_the_tile_above_them_shows(shape in star()) {
        let whole = drawn_polygons(&shape.clone().into(), TILE).unsigned_area();
        let quarters: f64 = [(0.0, 0.0), (4096.0, 0.0), (0.0, 4096.0), (4096.0, 4096.0)]
            .iter()
            .map(|&(x, y)| drawn_polygons(&moved(&shape, 2.0, x, y), TILE).unsigned_area())
            .sum();
        prop_assert!((quarters / 4.0 - whole).abs() < 2.0 * snapping(&shape));
    }

    #[test]
    fn neighbours_meet_at_the_edge_between_them(shape in star()) {
        let left = drawn_polygons(&shape.clone().into(), Detail::FULL);
        let right = drawn_polygons(&moved(&shape, 1.0, 4096.0, 0.0), Detail::FULL);
        let right = right.map_coords(|c| Coord { x: c.x + 4096.0, ..c });
        let both = Rect::new((4032.0, -64.0), (4160.0, 4160.0)).to_polygon();
        let (left, right) = (left.intersection(&both), right.intersection(&both));
        // 128 units lie in both, where each outline may be off by one.
        let passes = shape.exterior().0.len() as f64 * 2.0;
        prop_assert!(left.xor(&right).unsigned_area() <= passes * 128.0 * 2.0);
    }

    #[test]
    fn a_simplified_outline_stays_near_the_true_one(shape in star()) {
        let detail = Detail { min_area: 0.0, ..Detail::default() };
        let true_one = drawn_polygons(&shape.clone().into(), Detail::FULL);
        let simple = drawn_polygons(&shape.clone().into(), detail);
        let tolerance = (detail.tolerance + 1.0) * snapping(&shape);
        prop_assert!(true_one.xor(&simple).unsigned_area() <= tolerance);
    }
}

#[test]
fn a_polygon_that_touches_itself_is_parted_there() {
    let hourglass = polygon(&[
        (0.0, 0.0),
        (100.0, 0.0),
        (50.0, 50.0),
        (100.0, 100.0),
        (0.0, 100.0),
        (50.0, 50.0),
    ]);
    let polygons = drawn_polygons(&hourglass, Detail::FULL);
    assert_sound(&polygons, Detail::FULL);
    assert_eq!((polygons.0.len(), polygons.unsigned_area()), (2, 5000.0));
}
