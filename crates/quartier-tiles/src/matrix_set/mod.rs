mod catalogue;
mod known;
mod levels;

use std::borrow::Cow;

use geo_types::Coord;
use quartier_model::{Bbox, Crs};

pub use catalogue::{TileMatrixSets, TileMatrixSetsError};
pub use levels::{Level, LevelsError};

use crate::{EXTENT, TileCoord, TileCoordError, TileRange, coord::numbers};

/// A pixel of the standard's screen, in metres: OGC 17-083r4, 6.1.1.1.
pub const PIXEL_M: f64 = 0.000_28;

/// The tile unit on the ground, in metres, that is fine enough to show every vertex: that of `WebMercatorQuad` at zoom
/// 16, at the equator.
const FULL_DETAIL_UNIT_M: f64 = 0.15;

/// The first zoom of the web's maps that shows every vertex.
const WEB_FULL_DETAIL_ZOOM: u8 = 16;

/// How a plane is cut into tiles: OGC Two Dimensional Tile Matrix Set 2.0, without variable widths.
#[derive(Debug, Clone, PartialEq)]
pub struct TileMatrixSet {
    /// The name in URLs.
    pub id: Cow<'static, str>,
    pub title: Cow<'static, str>,
    /// The set's URI in the OGC register, where it stands there.
    pub uri: Option<Cow<'static, str>>,
    /// The URI of the scales that it has, where these are registered too.
    pub scale_set: Option<Cow<'static, str>>,
    pub crs: Crs,
    /// What documents call the CRS's axes, in the order of its register.
    pub axes: [Cow<'static, str>; 2],
    /// Documents have y before x, as that register does. Everything here has x before y.
    pub is_north_first: bool,
    /// The top left corner, x before y, in the CRS's unit.
    pub origin: Coord<f64>,
    /// Pixels on a side of a tile.
    pub tile_size: u32,
    /// By zoom, from 0.
    pub matrices: Vec<TileMatrix>,
}

/// One zoom of a tile matrix set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TileMatrix {
    pub zoom: u8,
    pub scale_denominator: f64,
    /// The width of a pixel in the CRS's unit.
    pub cell_size: f64,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// From the coordinates of a tile matrix set's CRS to the units of one tile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    origin: Coord<f64>,
    units_per_length: f64,
}

impl TileMatrixSet {
    pub fn zoom_max(&self) -> u8 {
        self.matrices.last().map_or(0, |matrix| matrix.zoom)
    }

    pub fn matrix(&self, zoom: u8) -> Option<&TileMatrix> {
        self.matrices.get(usize::from(zoom))
    }

    /// The first zoom whose tiles show every vertex; the last one where none is fine enough.
    pub fn full_detail_zoom(&self) -> u8 {
        let unit_m = |matrix: &TileMatrix| {
            matrix.scale_denominator * PIXEL_M * f64::from(self.tile_size) / f64::from(EXTENT)
        };
        let fine = self.matrices.iter().find(|matrix| unit_m(matrix) <= FULL_DETAIL_UNIT_M);
        fine.map_or(self.zoom_max(), |matrix| matrix.zoom)
    }

    /// The zoom of the web's maps whose tiles show as much as this set's of the given zoom: rules are written in those.
    pub fn web_zoom(&self, zoom: u8) -> u8 {
        (zoom + WEB_FULL_DETAIL_ZOOM).saturating_sub(self.full_detail_zoom())
    }

    /// The first zoom of this set that shows as much as the web's maps do at the given one: what a rule means here.
    pub fn zoom_of_web(&self, web_zoom: u8) -> u8 {
        (web_zoom + self.full_detail_zoom())
            .saturating_sub(WEB_FULL_DETAIL_ZOOM)
            .min(self.zoom_max())
    }

    /// The box of all tiles of a zoom, in the set's CRS.
    pub fn reach(&self, zoom: u8) -> Option<Bbox> {
        let matrix = self.matrix(zoom)?;
        let first = self.bbox(TileCoord::inside(zoom, 0, 0));
        let last = self.bbox(TileCoord::inside(zoom, matrix.width - 1, matrix.height - 1));
        Some(first.union(last))
    }

    /// A tile of this set.
    pub fn tile(&self, z: u64, x: u64, y: u64) -> Result<TileCoord, TileCoordError> {
        let size = |zoom| self.matrix(zoom).map_or((0, 0), |matrix| (matrix.width, matrix.height));
        TileCoord::within(z, x, y, self.zoom_max(), size)
    }

    /// Reads the parts of a path to a tile of this set.
    pub fn parse(&self, z: &str, x: &str, y: &str) -> Result<TileCoord, TileCoordError> {
        let (z, x, y) = numbers(z, x, y)?;
        self.tile(z, x, y)
    }

    /// The tile's box in the set's CRS. The tile must be one of this set; a deeper one is taken for the deepest.
    pub fn bbox(&self, tile: TileCoord) -> Bbox {
        let span = self.span(tile.z());
        let left = self.origin.x + span * f64::from(tile.x());
        let top = self.origin.y - span * f64::from(tile.y());
        Bbox { min_x: left, min_y: top - span, max_x: left + span, max_y: top, heights: None }
    }

    /// The tile's box with so many tile units around it: where features are sought.
    pub fn bbox_with_buffer(&self, tile: TileCoord, buffer: u16) -> Bbox {
        self.bbox(tile).grown(self.span(tile.z()) * f64::from(buffer) / f64::from(EXTENT))
    }

    /// The way from the set's CRS into the tile.
    pub fn frame(&self, tile: TileCoord) -> Frame {
        let bbox = self.bbox(tile);
        Frame {
            origin: Coord { x: bbox.min_x, y: bbox.max_y },
            units_per_length: f64::from(EXTENT) / self.span(tile.z()),
        }
    }

    /// The way from the set's CRS to the columns and rows of a zoom's cells, so many on a side of a tile.
    pub fn cells(&self, zoom: u8, on_side: usize) -> Frame {
        Frame { origin: self.origin, units_per_length: on_side as f64 / self.span(zoom) }
    }

    /// The tiles that a box in the set's CRS touches; `None` where it lies outside, or the zoom is not there.
    pub fn covering(&self, zoom: u8, bbox: &Bbox) -> Option<TileRange> {
        let matrix = self.matrix(zoom)?;
        let span = self.span(zoom);
        let across = (bbox.min_x - self.origin.x, bbox.max_x - self.origin.x);
        let down = (self.origin.y - bbox.max_y, self.origin.y - bbox.min_y);
        let (min_x, max_x) = cells(across, span, matrix.width)?;
        let (min_y, max_y) = cells(down, span, matrix.height)?;
        Some(TileRange { z: zoom, min_x, max_x, min_y, max_y })
    }

    /// The width of a tile in the CRS's unit.
    fn span(&self, zoom: u8) -> f64 {
        let matrix = self.matrix(zoom).or(self.matrices.last());
        matrix.map_or(1.0, |matrix| matrix.cell_size * f64::from(self.tile_size))
    }
}

impl Frame {
    /// A coordinate of the set's CRS in the tile's units, right and down.
    #[inline]
    pub fn apply(&self, coord: Coord<f64>) -> Coord<f64> {
        Coord {
            x: (coord.x - self.origin.x) * self.units_per_length,
            y: (self.origin.y - coord.y) * self.units_per_length,
        }
    }
}

/// The first and last cell that a stretch touches.
fn cells((from, to): (f64, f64), span: f64, count: u32) -> Option<(u32, u32)> {
    let last = f64::from(count) - 1.0;
    let (first, end) = ((from / span).floor(), (to / span).floor());
    let touches = first <= last + 1.0 && end >= 0.0 && from <= span * f64::from(count);
    touches.then(|| (first.clamp(0.0, last) as u32, end.clamp(0.0, last) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_tiles_that_cover_a_box_are_those_that_touch_it(
            grid in 0..4_usize, zoom in 0..4_u8, place in [-0.2..1.2, -0.2..1.2], side in 0.0..0.4,
        ) {
            let set = TileMatrixSets::default().iter().nth(grid).unwrap().clone();
            let reach = set.reach(zoom).unwrap();
            let size = (reach.max_x - reach.min_x, reach.max_y - reach.min_y);
            let (x, y) = (reach.min_x + place[0] * size.0, reach.min_y + place[1] * size.1);
            let bbox = Bbox::new(x, y, x + side * size.0, y + side * size.1).unwrap();
            let matrix = set.matrix(zoom).unwrap();
            let all = (0..matrix.height).flat_map(|y| (0..matrix.width).map(move |x| (x, y)));
            let all = all.map(|(x, y)| TileCoord::inside(zoom, x, y));
            let touching: Vec<_> =
                all.filter(|tile| set.bbox(*tile).intersection(&bbox).is_some()).collect();
            let covering = set.covering(zoom, &bbox).map_or(Vec::new(), |it| it.tiles().collect());
            prop_assert_eq!(covering, touching);
        }
    }

    #[test]
    fn tiles_cover_the_boxes_that_they_have() {
        let set = TileMatrixSet::web_mercator_quad();
        let tile = set.tile(14, 8531, 5441).unwrap();
        let range = set.covering(14, &set.bbox(tile).grown(-1.0)).unwrap();
        assert_eq!(range.tiles().collect::<Vec<_>>(), [tile]);
        assert_eq!(set.covering(14, &set.bbox(tile).grown(1.0)).unwrap().count(), 9);
    }

    #[test]
    fn a_box_beyond_the_grid_is_covered_up_to_its_edge() {
        let set = TileMatrixSet::web_mercator_quad();
        let world = Bbox::new(-1e9, -1e9, 1e9, 1e9).unwrap();
        assert_eq!(set.covering(3, &world).unwrap().count(), 64);
        assert_eq!(set.covering(3, &Bbox::new(1e8, 0.0, 1e9, 1.0).unwrap()), None);
        assert_eq!(set.covering(25, &world), None);
    }

    #[test]
    fn a_frame_runs_right_and_down() {
        let set = TileMatrixSet::web_mercator_quad();
        let tile = set.tile(3, 4, 2).unwrap();
        let (bbox, frame) = (set.bbox(tile), set.frame(tile));
        assert_eq!(frame.apply(Coord { x: bbox.min_x, y: bbox.max_y }), Coord { x: 0.0, y: 0.0 });
        let far = frame.apply(Coord { x: bbox.max_x, y: bbox.min_y });
        assert!((far.x - 4096.0).abs() < 1e-6 && (far.y - 4096.0).abs() < 1e-6, "{far:?}");
    }

    #[test]
    fn rules_are_written_in_zooms_of_the_webs_maps() {
        let [web, degrees, utm, large] = [
            TileMatrixSet::web_mercator_quad(),
            TileMatrixSet::world_crs84_quad(),
            TileMatrixSet::germany_utm32(256),
            TileMatrixSet::germany_utm32(512),
        ];
        let finest = [&web, &degrees, &utm, &large].map(TileMatrixSet::full_detail_zoom);
        assert_eq!(finest, [16, 15, 11, 12]);
        assert_eq!([web.web_zoom(9), utm.web_zoom(9), large.web_zoom(9)], [9, 14, 13]);
        assert_eq!([web.zoom_of_web(14), utm.zoom_of_web(14), utm.zoom_of_web(3)], [14, 9, 0]);
    }
}
