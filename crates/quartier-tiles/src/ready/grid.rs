use geo_types::Coord;

use super::ReadyFrame;
use crate::{Detail, EXTENT, TileCoord, TileMatrixSet};

/// Ready coordinates are those of tiles so many zooms below full detail: 2 cm for the web's maps, so that a deep tile
/// is as true as its source, and the world still fits into 31 bits.
const FINER: u8 = 2;

/// How far from the origin a ready coordinate may be: the difference of two fits into 32 bits.
const REACH: f64 = (1_u32 << 30) as f64;

/// The integer grid that a tile matrix set's geometries are kept on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadyGrid {
    origin: Coord<f64>,
    units_per_length: f64,
    /// The zoom from which on every vertex is shown.
    pub(super) full: u8,
}

impl ReadyGrid {
    /// The grid of a set. `None` where the set's levels do not halve, or its unit is so small that coordinates outgrow
    /// 31 bits.
    pub fn of(set: &TileMatrixSet) -> Option<Self> {
        let full = set.full_detail_zoom();
        let [first, ..] = set.matrices.as_slice() else { return None };
        let halves = set.matrices.iter().enumerate().all(|(level, matrix)| {
            let expected = first.cell_size / (level as f64).exp2();
            (matrix.cell_size / expected - 1.0).abs() < 1e-9
        });
        let span = first.cell_size * f64::from(set.tile_size);
        let units_per_length = f64::from(EXTENT) * f64::from(full + FINER).exp2() / span;
        let widest = span * units_per_length * f64::from(first.width.max(first.height));
        let grid = Self { origin: set.origin, units_per_length, full };
        (halves && widest <= REACH).then_some(grid)
    }

    /// The grid's point next to a coordinate of the set's CRS; `None` where it is far off the set, or no place at all.
    pub(crate) fn point(&self, coord: Coord<f64>) -> Option<Coord<i32>> {
        let x = (coord.x - self.origin.x) * self.units_per_length;
        let y = (self.origin.y - coord.y) * self.units_per_length;
        let is_near = x.abs() <= REACH && y.abs() <= REACH;
        is_near.then(|| Coord { x: (x + 0.5).floor() as i32, y: (y + 0.5).floor() as i32 })
    }

    /// A tile seen from here.
    pub fn frame(&self, tile: TileCoord, detail: Detail) -> ReadyFrame {
        ReadyFrame::new(tile, self.zoom(), detail)
    }

    /// The zoom whose tile units are the grid's.
    pub(crate) fn zoom(&self) -> u8 {
        self.full + FINER
    }
}
