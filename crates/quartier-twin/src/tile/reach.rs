use quartier_model::Bbox;
use quartier_tiles::TileMatrixSet;

use super::region::expressed;
use crate::CollectionSnapshot;

impl CollectionSnapshot {
    /// The box around the objects in a grid's CRS, as far as the grid goes; `None` where none is in it.
    pub fn reach_in(&self, set: &TileMatrixSet) -> Option<Bbox> {
        let (extent, grid) = (self.index.extent()?, set.reach(set.zoom_max())?);
        let stored = self.collection.storage_crs;
        if let Some(reach) = expressed(stored, set.crs, &extent).ok()? {
            return reach.intersection(&grid);
        }
        // Data of the whole world have no box in a grid of one country, but the grid has one among the data.
        let back = expressed(set.crs, stored, &grid).ok()??;
        back.intersection(&extent).map(|_| grid)
    }
}
