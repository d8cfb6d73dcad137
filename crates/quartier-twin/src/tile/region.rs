use quartier_crs::Transform;
use quartier_model::{Bbox, Crs};
use quartier_tiles::{TileCoord, TileMatrixSet};

use crate::{CollectionSnapshot, Result};

/// How far a vertex may lie from where PROJ puts it, in metres: a hundredth of a unit at
/// [`super::FULL_DETAIL_ZOOM`].
pub(super) const STRAY_MAX_M: f64 = 0.001;

impl CollectionSnapshot {
    /// The part of the tile where the collection has objects, in the working CRS.
    pub(super) fn region(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        buffer: u16,
    ) -> Result<Option<Bbox>> {
        let crs = self.collection.storage_crs;
        let Some(extent) = self.index.extent() else { return Ok(None) };
        if let Some(ready) = self.ready(set) {
            return Ok(ready.region(tile, buffer));
        }
        let place = set.bbox_with_buffer(tile, buffer);
        // From the extent to the tile and not the other way: a tile of a low zoom reaches beyond what the working
        // CRS can express.
        // Where the grid's CRS cannot express the whole extent, the tile's box is all that there is to go by.
        let reach = expressed(crs, set.crs, &extent)?.unwrap_or(place);
        let Some(shown) = place.intersection(&reach) else { return Ok(None) };
        expressed(set.crs, crs, &shown)
    }
}

/// A box in another CRS; `None` where that has no place for it.
pub(crate) fn expressed(from: Crs, to: Crs, bbox: &Bbox) -> Result<Option<Bbox>> {
    match Transform::between(from, to)?.bbox(bbox) {
        Ok(moved) => Ok(Some(moved)),
        Err(quartier_crs::Error::OutOfDomain { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
