//! Towns of small houses, and the blocks that they become.

#![expect(clippy::cast_possible_wrap, reason = "cells of one tile are counted in thousands")]

use fast_mvt::{MvtReaderRef, MvtValue};
use geo::{Area as _, BooleanOps as _, MapCoords as _, Translate as _};
use geo_types::{Coord, Geometry, MultiPolygon, Polygon, Rect};
use proptest::prelude::*;
use quartier_tiles::{
    CELLS, Canvas, Detail, Figure, Layer, MARGIN, Manner, SIDE, Tone, Value, encode,
};

use crate::shapes::{assert_sound, ring};

/// A town takes a second; ten times as many have been tried.
const CASES: u32 = 4;

/// Tile units of a cell.
const CELL: f64 = 4096.0 / CELLS as f64;

#[derive(Debug, Clone)]
struct House {
    look: u16,
    walls: Polygon<f64>,
}

/// A block as another reader finds it.
struct Found {
    look: u64,
    count: u64,
    /// How densely it is covered; a plan is where it is drawn.
    covered: f64,
    area: MultiPolygon<f64>,
}

/// Houses of about a cell, in rows along streets; coordinates are in cells.
fn town(looks: u16) -> impl Strategy<Value = Vec<House>> {
    let house = (0.0..1.6_f64, 0.0..1.6_f64, 0.2..1.5_f64, 0.2..1.5_f64, 0..looks);
    let start = (CELLS as f64 - 60.0)..(CELLS as f64 + 20.0);
    (prop::collection::vec(house, 400..900), start.clone(), start).prop_map(
        |(houses, left, top)| {
            let place = |(at, (x, y, width, height, look)): (usize, &(f64, f64, f64, f64, u16))| {
                let (column, row) = ((at % 30) as f64, (at / 30) as f64);
                let (x, y) =
                    (left + x + 1.8 * column, top + y + 2.2 * row + (column / 6.0).floor());
                let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
                House { look: *look, walls: Polygon::new(ring(&corners), vec![]) }
            };
            houses.iter().enumerate().map(place).collect()
        },
    )
}

fn figure(houses: &[House], (column, row): (i64, i64)) -> Figure {
    let corner = |tile: i64| tile * CELLS as i64 - MARGIN as i64;
    let mut figure = Figure::default();
    let mut looks: Vec<u16> = houses.iter().map(|house| house.look).collect();
    looks.sort_unstable();
    looks.dedup();
    for look in looks {
        let mut canvas = Canvas::new((corner(column), corner(row)), SIDE, SIDE);
        for house in houses.iter().filter(|house| house.look == look) {
            canvas.add(&house.walls, |cells| cells);
            let (x, y) = centre(house);
            figure.count((x - column * CELLS as i64, y - row * CELLS as i64), 1);
        }
        figure.lay(look, &canvas.shares().collect::<Vec<_>>());
    }
    figure
}

/// The cell of a house's centre.
fn centre(house: &House) -> (i64, i64) {
    let corners = &house.walls.exterior().0;
    let (x, y) = (corners[0].x.midpoint(corners[2].x), corners[0].y.midpoint(corners[2].y));
    (x.floor() as i64, y.floor() as i64)
}

fn drawn(houses: &[House], tile: (i64, i64), manner: Manner) -> Vec<Found> {
    let bytes = bytes(houses, tile, manner);
    let tile = MvtReaderRef::new(&bytes).unwrap().to_tile().unwrap();
    let features = tile.layers.into_iter().flat_map(|layer| layer.features);
    features
        .map(|feature| {
            assert_eq!(feature.id, None);
            let value = |name: &str| feature.properties.iter().find(|(key, _)| key == name);
            let number = |name: &str| match value(name) {
                Some((_, MvtValue::UInt(number))) => *number,
                other => panic!("{name} is {other:?}"),
            };
            let covered = match value("covered") {
                Some((_, MvtValue::Double(covered))) => *covered,
                other => panic!("it is covered by {other:?}"),
            };
            Found {
                look: number("look"),
                count: number("count"),
                covered,
                area: plain(feature.geometry.clone()),
            }
        })
        .collect()
}

fn bytes(houses: &[House], tile: (i64, i64), manner: Manner) -> Vec<u8> {
    let mut layer = Layer::new("houses", Detail::default());
    for block in figure(houses, tile).blocks(manner) {
        let (count, look) = (block.count.cast_signed(), block.look.into());
        let covered = block.tone.map_or(1.0, Tone::covered);
        let numbers =
            [("count", count), ("look", look)].map(|(name, it)| (name, Value::Integer(it)));
        layer.push_block(&block, numbers.into_iter().chain([("covered", Value::Number(covered))]));
    }
    encode(&[layer])
}

fn plain(geometry: Geometry<i32>) -> MultiPolygon<f64> {
    let polygons = match geometry {
        Geometry::Polygon(polygon) => MultiPolygon::new(vec![polygon]),
        Geometry::MultiPolygon(polygons) => polygons,
        other => panic!("a block was drawn as {other:?}"),
    };
    polygons.map_coords(|coord| Coord { x: f64::from(coord.x), y: f64::from(coord.y) })
}

/// What all blocks say is covered within the tile.
fn within(found: &[Found]) -> f64 {
    let tile = Rect::new((0.0, 0.0), (4096.0, 4096.0)).to_polygon();
    let area = |block: &Found| block.area.intersection(&tile).unsigned_area();
    found.iter().map(|block| block.covered * area(block)).sum()
}

fn manners() -> impl Strategy<Value = Manner> {
    prop_oneof![Just(Manner::Plan), Just(Manner::Tones)]
}

const TILES: [(i64, i64); 4] = [(0, 0), (1, 0), (0, 1), (1, 1)];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn blocks_are_valid_and_wound_by_the_specification(
        town in town(3),
        manner in manners(),
    ) {
        for tile in TILES {
            for block in drawn(&town, tile, manner) {
                prop_assert_eq!(block.area.0.len(), 1);
                assert_sound(&block.area, Detail::default());
            }
        }
    }

    #[test]
    fn blocks_keep_nine_tenths_of_the_area_that_houses_cover(town in town(1)) {
        // The houses of one town do not overlap by much; what they cover twice counts once.
        let covered = figure_area(&town) * CELL * CELL;
        let drawn: f64 = TILES.iter().map(|tile| within(&drawn(&town, *tile, Manner::Plan))).sum();
        prop_assert!((drawn / covered - 1.0).abs() < 0.1, "{} of {}", drawn, covered);
    }

    #[test]
    fn tones_tell_about_how_much_houses_cover(town in town(1)) {
        let covered = figure_area(&town) * CELL * CELL;
        let told: f64 = TILES.iter().map(|tile| within(&drawn(&town, *tile, Manner::Tones))).sum();
        prop_assert!((told / covered - 1.0).abs() < 0.25, "{} of {}", told, covered);
    }

    #[test]
    fn every_house_is_counted_in_one_tile(
        town in town(2),
        manner in manners(),
    ) {
        let counts = TILES.iter().flat_map(|tile| drawn(&town, *tile, manner)).map(|block| block.count);
        prop_assert_eq!(counts.sum::<u64>(), town.len() as u64);
    }

    #[test]
    fn blocks_of_different_looks_share_their_edges(
        town in town(3),
        manner in manners(),
    ) {
        let found = drawn(&town, (0, 0), manner);
        let apart: f64 = found.iter().map(|block| block.area.unsigned_area()).sum();
        let none = MultiPolygon::new(vec![]);
        let together = found.iter().fold(none, |sum, block| sum.union(&block.area));
        let twice = apart - together.unsigned_area();
        prop_assert!(twice.abs() <= 1e-6 * apart, "{} of {} is drawn twice", twice, apart);
    }

    #[test]
    fn neighbours_draw_the_same_at_the_edge_between_them(
        town in town(2),
        manner in manners(),
    ) {
        let (left, right) = (drawn(&town, (0, 0), manner), drawn(&town, (1, 0), manner));
        prop_assert_eq!(on_line(&left, 4096.0), on_line(&right, 0.0));
        let moved = right.iter().map(|block| (block.look, block.area.translate(4096.0, 0.0)));
        let both = Rect::new((4096.0 - 48.0, 0.0), (4096.0 + 48.0, 4096.0)).to_polygon();
        for (look, area) in moved {
            let near = area.intersection(&both);
            let same = left.iter().filter(|block| block.look == look);
            let drawn: f64 = same.map(|block| block.area.intersection(&near).unsigned_area()).sum();
            // Outlines are straightened anew in each tile, by less than half a pixel.
            prop_assert!(near.unsigned_area() - drawn <= 0.1 * near.unsigned_area() + 32.0);
        }
    }

    #[test]
    fn the_order_of_houses_does_not_matter(
        town in town(3),
        manner in manners(),
    ) {
        let reversed: Vec<House> = town.iter().rev().cloned().collect();
        prop_assert_eq!(bytes(&town, (0, 0), manner), bytes(&reversed, (0, 0), manner));
    }

    #[test]
    fn a_canvas_covers_what_polygons_cover(
        corners in prop::collection::vec((-20.0..60.0_f64, -20.0..60.0_f64), 3),
    ) {
        let triangle = Polygon::new(ring(&corners), vec![]);
        let mut canvas = Canvas::new((3, 5), 30, 20);
        canvas.add(&triangle, |cells| cells);
        for (index, share) in canvas.shares().enumerate() {
            let (x, y) = ((3 + index % 30) as f64, (5 + index / 30) as f64);
            let cell = Rect::new((x, y), (x + 1.0, y + 1.0)).to_polygon();
            let expected = triangle.intersection(&cell).unsigned_area();
            prop_assert!((f64::from(share) / 65_535.0 - expected).abs() < 0.02);
        }
    }
}

/// What the houses cover, in cells.
fn figure_area(houses: &[House]) -> f64 {
    let shares = TILES.map(|(column, row)| {
        let corner = (column * CELLS as i64, row * CELLS as i64);
        let mut canvas = Canvas::new(corner, CELLS, CELLS);
        for house in houses {
            canvas.add(&house.walls, |cells| cells);
        }
        canvas.shares().map(|share| f64::from(share) / 65_535.0).sum::<f64>()
    });
    shares.iter().sum()
}

/// The corners on a line from top to bottom within the tile, by look; no outline crosses the line elsewhere.
fn on_line(found: &[Found], x: f64) -> Vec<(u64, i64)> {
    let mut corners = Vec::new();
    for block in found {
        let rings = block
            .area
            .iter()
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
        for ring in rings {
            for edge in ring.lines() {
                assert!((edge.start.x - x) * (edge.end.x - x) >= 0.0, "{edge:?} crosses {x}");
                let is_there = edge.start.x == x && (0.0..=4096.0).contains(&edge.start.y);
                corners.extend(is_there.then_some((block.look, edge.start.y as i64)));
            }
        }
    }
    corners.sort_unstable();
    corners.dedup();
    corners
}

#[test]
fn a_polygon_without_an_end_covers_nothing() {
    let mut canvas = Canvas::new((0, 0), 10, 10);
    let endless = ring(&[(0.0, 0.0), (f64::INFINITY, 0.0), (5.0, f64::NAN)]);
    canvas.add(&Polygon::new(endless, vec![]), |cells| cells);
    let vast = ring(&[(-1e300, -1e300), (1e300, -1e300), (1e300, 1e300), (-1e300, 1e300)]);
    assert!(canvas.shares().all(|share| share == 0));
    canvas.add(&Polygon::new(vast, vec![]), |cells| cells);
    assert!(canvas.shares().all(|share| share == u16::MAX));
}

#[test]
fn a_wholly_covered_tile_is_one_block() {
    let land = ring(&[(-600.0, -600.0), (1200.0, -600.0), (1200.0, 1200.0), (-600.0, 1200.0)]);
    let found =
        drawn(&[House { look: 0, walls: Polygon::new(land, vec![]) }], (0, 0), Manner::Plan);
    assert_eq!(found.len(), 1);
    assert_eq!(within(&found), 4096.0 * 4096.0);
}

#[test]
fn a_bare_tile_has_no_blocks() {
    assert!(Figure::default().blocks(Manner::Plan).is_empty());
}
