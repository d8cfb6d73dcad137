use crate::TileCoord;

/// A rectangle of tiles at one zoom, first and last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileRange {
    pub z: u8,
    pub min_x: u32,
    pub max_x: u32,
    pub min_y: u32,
    pub max_y: u32,
}

impl TileRange {
    /// How many tiles there are: ask before walking over them.
    pub fn count(&self) -> u64 {
        u64::from(self.max_x - self.min_x + 1) * u64::from(self.max_y - self.min_y + 1)
    }

    pub fn contains(&self, tile: TileCoord) -> bool {
        self.z == tile.z()
            && (self.min_x..=self.max_x).contains(&tile.x())
            && (self.min_y..=self.max_y).contains(&tile.y())
    }

    /// The tiles, row by row from the top left.
    pub fn tiles(self) -> impl Iterator<Item = TileCoord> {
        (self.min_y..=self.max_y).flat_map(move |y| {
            (self.min_x..=self.max_x).map(move |x| TileCoord::inside(self.z, x, y))
        })
    }
}
