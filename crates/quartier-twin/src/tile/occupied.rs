use quartier_tiles::{TileCoord, TileMatrixSet};

use super::detail;
use crate::CollectionSnapshot;

impl CollectionSnapshot {
    /// Does now what a set's first tile would wait for. Threads of rayon's draw tiles only after that: they would wait
    /// for work that is spread over themselves.
    pub fn prepare(&self, set: &TileMatrixSet) {
        self.ready(set);
        self.prepare_blocks(set);
    }

    /// Whether a tile, or a tile below it, may show something of the collection. Where it cannot be told, it may.
    pub fn may_be_in(&self, set: &TileMatrixSet, tile: TileCoord) -> bool {
        match self.region(set, tile, detail(set, tile).buffer) {
            Ok(Some(region)) => self.index.may_touch(&region),
            Ok(None) => false,
            Err(_) => true,
        }
    }
}
