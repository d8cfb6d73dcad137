/// Tile units on a side of a tile.
pub const EXTENT: u32 = 4096;

/// How much of a feature a tile shows. All lengths are in tile units; at 512 pixels for a tile, eight are a pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detail {
    /// How far geometry goes on past the tile's edge, so that outlines and symbols are not cut there.
    pub buffer: u16,
    /// How far a simplified outline may stray from the true one; 0 keeps every vertex.
    pub tolerance: f64,
    /// The area in square units below which a polygon, or a hole in one, is left out.
    pub min_area: f64,
}

impl Detail {
    /// Everything: for the last zoom, whose tiles a map enlarges.
    pub const FULL: Self = Self { buffer: 64, tolerance: 0.0, min_area: 0.0 };
}

impl Default for Detail {
    /// Half a pixel of tolerance, and no polygon smaller than a pixel.
    fn default() -> Self {
        Self { tolerance: 4.0, min_area: 64.0, ..Self::FULL }
    }
}
