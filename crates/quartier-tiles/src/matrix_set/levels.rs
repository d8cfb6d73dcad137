use geo_types::Coord;

use super::{TileMatrix, TileMatrixSet};
use crate::coord::ZOOM_MAX;

/// How far a length may be from what the levels above say, as a part of it: documents round to 15 digits.
const ROUNDED: f64 = 1e-8;

/// The most tiles in a row: those of the web's maps at the deepest zoom. More would overflow what is counted in.
const COUNT_MAX: u32 = 1 << 25;

/// The largest tile, in pixels: screens do not show more at once.
const TILE_SIZE_MAX: u32 = 8192;

/// A level of a set as a document tells it; lengths in the CRS's unit, x before y.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    pub scale_denominator: f64,
    pub cell_size: f64,
    pub top_left: Coord<f64>,
    /// Pixels across and down.
    pub tile: (u32, u32),
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// Why there can be no tiles for levels.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LevelsError {
    #[error("it has {0} levels; a set has from 1 to 25")]
    Count(usize),
    #[error("level {0}: cell size, scale and origin are to be finite numbers, sizes above 0")]
    Numbers(usize),
    #[error(
        "level {level}: its tiles are {width} by {height} pixels; only square ones can be drawn"
    )]
    NotSquare { level: usize, width: u32, height: u32 },
    #[error(
        "level {level}: tiles are {size} pixels wide; a set's are as large at all levels, and at most 8192"
    )]
    TileSize { level: usize, size: u32 },
    #[error("level {level}: the cell size {cell_size} is not half of the {above} above it")]
    NotHalf { level: usize, cell_size: f64, above: f64 },
    #[error("level {0}: its top left corner is not that of level 0")]
    Origin(usize),
    #[error(
        "level {level}: {width} by {height} tiles; there are from 1 to twice those of the level above"
    )]
    Size { level: usize, width: u32, height: u32 },
}

impl TileMatrixSet {
    /// This set with other levels: the first is zoom 0, each halves the cell of the one above it.
    pub fn with_levels(self, levels: &[Level]) -> Result<Self, LevelsError> {
        let Some(first) = levels.first().filter(|_| levels.len() <= usize::from(ZOOM_MAX) + 1)
        else {
            return Err(LevelsError::Count(levels.len()));
        };
        for (number, level) in levels.iter().enumerate() {
            level.check(number)?;
            level.check_beside(number, first)?;
        }
        for (number, pair) in levels.windows(2).enumerate() {
            pair[1].check_below(number + 1, &pair[0])?;
        }
        let matrices = (0..).zip(levels).map(|(zoom, level)| TileMatrix {
            zoom,
            scale_denominator: level.scale_denominator,
            // From level 0, so that each tile is exactly four of the next level.
            cell_size: first.cell_size / f64::from(1_u32 << zoom),
            width: level.width,
            height: level.height,
        });
        let matrices = matrices.collect();
        Ok(Self { origin: first.top_left, tile_size: first.tile.0, matrices, ..self })
    }
}

impl Level {
    fn check(&self, level: usize) -> Result<(), LevelsError> {
        let is_length = |length: f64| length.is_finite() && length > 0.0;
        let is_known = self.top_left.x.is_finite() && self.top_left.y.is_finite();
        let (width, height) = self.tile;
        if !is_length(self.scale_denominator) || !is_length(self.cell_size) || !is_known {
            return Err(LevelsError::Numbers(level));
        }
        if width != height {
            return Err(LevelsError::NotSquare { level, width, height });
        }
        let counts = [self.width, self.height];
        if !counts.iter().all(|count| (1..=COUNT_MAX).contains(count)) {
            return Err(LevelsError::Size { level, width: self.width, height: self.height });
        }
        Ok(())
    }

    fn check_beside(&self, level: usize, first: &Self) -> Result<(), LevelsError> {
        let size = self.tile.0;
        if size != first.tile.0 || !(1..=TILE_SIZE_MAX).contains(&size) {
            return Err(LevelsError::TileSize { level, size });
        }
        let off = self.top_left - first.top_left;
        if off.x.abs().max(off.y.abs()) > self.cell_size * 1e-3 {
            return Err(LevelsError::Origin(level));
        }
        Ok(())
    }

    fn check_below(&self, level: usize, above: &Self) -> Result<(), LevelsError> {
        if (self.cell_size * 2.0 / above.cell_size - 1.0).abs() > ROUNDED {
            let (cell_size, above) = (self.cell_size, above.cell_size);
            return Err(LevelsError::NotHalf { level, cell_size, above });
        }
        if self.width > 2 * above.width || self.height > 2 * above.height {
            return Err(LevelsError::Size { level, width: self.width, height: self.height });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(zoom: u8) -> Level {
        Level {
            scale_denominator: 1e6 / f64::from(1_u32 << zoom),
            cell_size: 280.0 / f64::from(1_u32 << zoom),
            top_left: Coord { x: 0.0, y: 1e6 },
            tile: (256, 256),
            width: 3 << zoom,
            height: 2 << zoom,
        }
    }

    fn refusal(change: impl Fn(&mut Level)) -> String {
        let mut levels = [level(0), level(1), level(2)];
        change(&mut levels[2]);
        TileMatrixSet::web_mercator_quad().with_levels(&levels).unwrap_err().to_string()
    }

    #[test]
    fn levels_that_halve_make_a_set() {
        let levels = [level(0), level(1), level(2)];
        let set = TileMatrixSet::web_mercator_quad().with_levels(&levels).unwrap();
        assert_eq!(set.zoom_max(), 2);
        assert!(set.tile(2, 11, 7).is_ok() && set.tile(2, 12, 0).is_err());
        assert_eq!(set.reach(0), set.reach(2));
    }

    #[test]
    fn levels_that_there_can_be_no_tiles_for_are_refused_by_number() {
        for (said, reason) in [
            (refusal(|it| it.tile.1 = 512), "level 2: its tiles are 256 by 512 pixels"),
            (refusal(|it| it.tile = (512, 512)), "level 2: tiles are 512 pixels wide"),
            (refusal(|it| it.cell_size = 100.0), "level 2: the cell size 100 is not half of"),
            (refusal(|it| it.top_left.x = 1.0), "level 2: its top left corner"),
            (refusal(|it| it.width = 13), "level 2: 13 by 8 tiles"),
            (refusal(|it| it.height = 0), "level 2: 12 by 0 tiles"),
            (refusal(|it| it.cell_size = f64::NAN), "level 2: cell size, scale and origin"),
        ] {
            assert!(said.starts_with(reason), "{said}");
        }
        let none = TileMatrixSet::web_mercator_quad().with_levels(&[]).unwrap_err();
        assert_eq!(none, LevelsError::Count(0));
    }
}
