use geo_types::Coord;

use crate::{Detail, EXTENT, TileCoord};

/// How far from a tile's corner a point may be for arithmetic with 32 bits.
const NEAR: i64 = 1 << 28;

/// From ready coordinates to the units of one tile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadyFrame {
    /// Zooms from the tile up to the grid; below 0 where the tile is the deeper one.
    pub(super) shift: i32,
    half: i64,
    corner: Coord<i64>,
    pub(crate) zoom: u8,
    pub(crate) detail: Detail,
}

impl ReadyFrame {
    pub(super) fn new(tile: TileCoord, grid_zoom: u8, detail: Detail) -> Self {
        let shift = i32::from(grid_zoom) - i32::from(tile.z());
        Self {
            shift,
            half: if shift > 0 { 1 << (shift - 1) } else { 0 },
            corner: Coord { x: i64::from(tile.x()), y: i64::from(tile.y()) } * i64::from(EXTENT),
            zoom: tile.z(),
            detail,
        }
    }

    /// The whole plane at a zoom, for what does not depend on a tile.
    pub(super) fn plane(zoom: u8, grid_zoom: u8, detail: Detail) -> Self {
        Self::new(TileCoord::inside(zoom, 0, 0), grid_zoom, detail)
    }

    /// The point in tile units. Halves go right and down, in every tile alike. Far points stay far.
    #[inline]
    pub(super) fn place(&self, x: i32, y: i32) -> Coord<i64> {
        let scaled = |value: i32| {
            let value = i64::from(value);
            if self.shift >= 0 { (value + self.half) >> self.shift } else { value << -self.shift }
        };
        Coord { x: scaled(x) - self.corner.x, y: scaled(y) - self.corner.y }
    }

    /// Whether all points between these two can be reckoned with in 32 bits.
    pub(super) fn is_near(min: Coord<i64>, max: Coord<i64>) -> bool {
        min.x.min(min.y) >= -NEAR && max.x.max(max.y) <= NEAR
    }
}
