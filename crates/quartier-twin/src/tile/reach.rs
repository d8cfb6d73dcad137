use quartier_model::Bbox;
use quartier_tiles::{TileMatrixSet, TileRange};

use super::region::expressed;
use crate::CollectionSnapshot;

impl CollectionSnapshot {
    /// The tiles of a grid's zoom that the collection's objects lie in; `None` where it is empty, beyond the grid, or
    /// not in tiles of the zoom by its rule.
    pub fn tiles_at(&self, set: &TileMatrixSet, zoom: u8) -> Option<TileRange> {
        if !self.tiles.shows(set.web_zoom(zoom)) {
            return None;
        }
        set.covering(zoom, &self.reach_in(set)?)
    }

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
