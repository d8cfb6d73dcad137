//! Geometry that was kept ready is drawn as geometry from its own coordinates is.

use fast_mvt::MvtReaderRef;
use geo::{Area as _, BooleanOps as _, Contains as _, CoordsIter as _, MapCoords as _};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Rect};
use proptest::prelude::*;
use quartier_tiles::{
    Detail, Drawn, Layer, ReadyGrid, Shapes, ShapesDraft, TileCoord, TileMatrixSet, encode,
};

use crate::{
    properties::{snapping, star, tangles},
    shapes::assert_sound,
};

const FULL_ZOOM: u8 = 16;

/// What the shapes are drawn in, in units of this tile.
fn home() -> TileCoord {
    TileCoord::new(u64::from(FULL_ZOOM), 34_127, 21_765).unwrap()
}

struct Kept {
    set: TileMatrixSet,
    grid: ReadyGrid,
    shapes: Shapes,
}

/// A geometry in units of the home tile, kept ready.
fn kept(geometry: &Geometry<f64>) -> Kept {
    let set = TileMatrixSet::web_mercator_quad();
    let grid = ReadyGrid::of(&set).unwrap();
    let bbox = set.bbox(home());
    let unit = (bbox.max_x - bbox.min_x) / 4096.0;
    let mut draft = ShapesDraft::new(grid);
    draft
        .push(Some(geometry), |c| Coord { x: bbox.min_x + c.x * unit, y: bbox.max_y - c.y * unit });
    Kept { set, grid, shapes: draft.finish(&ShapesDraft::new(grid)) }
}

impl Kept {
    /// `None` where it has to be drawn from its own coordinates.
    #[expect(clippy::option_option, reason = "nothing to be seen differs from nothing kept")]
    fn drawn(&self, tile: TileCoord, detail: Detail) -> Option<Option<Geometry<i32>>> {
        let mut layer = Layer::new("shapes", detail);
        let frame = self.grid.frame(tile, detail);
        let drawn = layer.push_ready(1, self.shapes.at(0), &frame, |_| {});
        let bytes = encode(&[layer]);
        let tile = MvtReaderRef::new(&bytes).unwrap().to_tile().unwrap();
        let geometry = tile.layers.first().map(|layer| layer.features[0].geometry.clone());
        (drawn == Drawn::Done).then_some(geometry)
    }

    fn polygons(&self, tile: TileCoord, detail: Detail) -> Option<MultiPolygon<f64>> {
        let polygons = match self.drawn(tile, detail)? {
            None => MultiPolygon::new(vec![]),
            Some(Geometry::Polygon(polygon)) => MultiPolygon::new(vec![polygon]),
            Some(Geometry::MultiPolygon(polygons)) => polygons,
            Some(other) => panic!("a polygon was drawn as {other:?}"),
        };
        Some(polygons.map_coords(|c| Coord { x: f64::from(c.x), y: f64::from(c.y) }))
    }

    /// The home tile, and those above and below it.
    fn tiles(&self) -> impl Iterator<Item = TileCoord> {
        let home = home();
        (10..=18_u8).map(move |zoom| {
            let at = |value: u32| match zoom {
                ..FULL_ZOOM => u64::from(value >> (FULL_ZOOM - zoom)),
                _ => u64::from(value << (zoom - FULL_ZOOM)),
            };
            self.set.tile(zoom.into(), at(home.x()), at(home.y())).unwrap()
        })
    }
}

fn detail(zoom: u8) -> Detail {
    if zoom >= FULL_ZOOM { Detail::FULL } else { Detail::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_polygon_that_was_kept_ready_is_valid_at_every_zoom(shape in tangles()) {
        let kept = kept(&shape);
        for tile in kept.tiles() {
            let detail = detail(tile.z());
            if let Some(polygons) = kept.polygons(tile, detail) {
                assert_sound(&polygons, detail);
            }
        }
    }

    #[test]
    fn a_ready_polygon_shows_what_lies_in_the_tile(shape in star()) {
        let kept = kept(&shape.clone().into());
        let window = Rect::new((0.0, 0.0), (4096.0, 4096.0)).to_polygon();
        let expected = shape.intersection(&window);
        let plain = Detail { buffer: 0, ..Detail::FULL };
        if let Some(polygons) = kept.polygons(home(), plain) {
            prop_assert!(polygons.xor(&expected).unsigned_area() < snapping(&shape));
        }
    }

    #[test]
    fn ready_neighbours_meet_at_the_edge_between_them(shape in star()) {
        let kept = kept(&shape.clone().into());
        let home = home();
        let beside = TileCoord::new(home.z().into(), u64::from(home.x()) + 1, home.y().into()).unwrap();
        let (left, right) = (kept.polygons(home, Detail::FULL), kept.polygons(beside, Detail::FULL));
        let (Some(left), Some(right)) = (left, right) else { return Ok(()) };
        let right = right.map_coords(|c| Coord { x: c.x + 4096.0, ..c });
        let both = Rect::new((4032.0, -64.0), (4160.0, 4160.0)).to_polygon();
        let (left, right) = (left.intersection(&both), right.intersection(&both));
        let passes = shape.exterior().0.len() as f64 * 2.0;
        prop_assert!(left.xor(&right).unsigned_area() <= passes * 128.0 * 2.0);
    }

    #[test]
    fn a_vertex_that_one_zoom_shows_is_there_at_the_next(shape in star()) {
        let kept = kept(&shape.into());
        let everything = Detail { buffer: u16::MAX, ..Detail::FULL };
        let mut above: Option<usize> = None;
        for tile in kept.tiles() {
            let Some(Some(Geometry::Polygon(polygon))) = kept.drawn(tile, everything) else { continue };
            let vertices = polygon.exterior().0.len();
            // Two vertices may fall together where the grid is coarse; none comes and goes.
            prop_assert!(above.is_none_or(|above| vertices >= above), "{tile}");
            above = Some(vertices);
        }
    }
}

#[test]
fn a_hole_that_is_seen_is_shown_after_one_that_is_not_seen_yet() {
    let square = |at: f64, side: f64| {
        let end = at + side;
        LineString::from(vec![(at, at), (end, at), (end, end), (at, end), (at, at)])
    };
    let holes = vec![square(100.0, 40.0), square(1000.0, 1000.0)];
    let kept = kept(&geo_types::Polygon::new(square(0.0, 4000.0), holes).into());
    let counts: Vec<_> = kept
        .tiles()
        .filter_map(|tile| {
            let polygons = kept.polygons(tile, Detail { buffer: 0, ..detail(tile.z()) })?;
            (tile.z() <= FULL_ZOOM).then(|| (tile.z(), polygons.0[0].interiors().len()))
        })
        .collect();
    assert!(counts.iter().all(|(_, holes)| *holes >= 1), "{counts:?}");
    assert!(counts.contains(&(10, 1)) && counts.contains(&(FULL_ZOOM, 2)), "{counts:?}");
}

#[test]
fn a_plain_house_is_ready_from_the_zoom_at_which_it_is_seen() {
    let house =
        crate::shapes::polygon(&[(100.0, 100.0), (300.0, 110.0), (290.0, 310.0), (95.0, 300.0)]);
    let kept = kept(&house);
    for tile in kept.tiles() {
        let polygons = kept.polygons(tile, detail(tile.z())).expect("a house is ready");
        let unit = f64::from(16 - i32::from(tile.z())).exp2();
        let is_seen = 39_000.0 / (unit * unit) > 64.0;
        assert_eq!(polygons.0.len(), usize::from(is_seen), "{tile}");
    }
}

#[test]
fn lines_and_points_are_ready_too() {
    let line: LineString<f64> = vec![(-10.0, 50.0), (5000.0, 70.0)].into();
    let Some(Some(Geometry::LineString(drawn))) = kept(&line.into()).drawn(home(), Detail::FULL)
    else {
        panic!("a line is ready");
    };
    assert_eq!(drawn.0, [Coord { x: -10, y: 50 }, Coord { x: 4160, y: 67 }]);
    let window = Rect::new(Coord { x: 0, y: 0 }, Coord { x: 4096, y: 4096 });
    let Some(Some(Geometry::Point(point))) =
        kept(&geo_types::Point::new(7.2, 8.6).into()).drawn(home(), Detail::FULL)
    else {
        panic!("a point is ready");
    };
    assert!(window.contains(&point) && point.x_y() == (7, 9));
}

#[test]
fn every_vertex_is_shown_at_full_detail_in_every_set() {
    let sets = [
        TileMatrixSet::web_mercator_quad(),
        TileMatrixSet::world_crs84_quad(),
        TileMatrixSet::germany_utm32(256),
    ];
    for set in sets {
        let grid = ReadyGrid::of(&set).unwrap();
        let zoom = set.full_detail_zoom();
        let tile = TileCoord::new(u64::from(zoom), 700, 700).unwrap();
        let (bbox, detail) = (set.bbox(tile), Detail::FULL);
        let unit = (bbox.max_x - bbox.min_x) / 4096.0;
        let line: LineString<f64> =
            (1..100).map(|x| (f64::from(x * 40), f64::from(x % 3))).collect();
        let mut draft = ShapesDraft::new(grid);
        draft.push(Some(&line.into()), |c| Coord {
            x: bbox.min_x + c.x * unit,
            y: bbox.max_y - c.y * unit,
        });
        let shapes = draft.finish(&ShapesDraft::new(grid));
        let mut layer = Layer::new("shapes", detail);
        layer.push_ready(1, shapes.at(0), &grid.frame(tile, detail), |_| {});
        let bytes = encode(&[layer]);
        let drawn = MvtReaderRef::new(&bytes).unwrap().to_tile().unwrap();
        let geometry = &drawn.layers[0].features[0].geometry;
        assert_eq!(geometry.coords_count(), 99, "{} has lost some", set.id);
    }
}
