use quartier_crs::{Transform, Warp};
use quartier_model::{Bbox, Crs};
use quartier_tiles::{TileCoord, TileMatrixSet};

use crate::{CollectionSnapshot, Result};

/// How far a vertex may lie from where PROJ puts it, in metres: a hundredth of a unit at
/// [`super::FULL_DETAIL_ZOOM`].
pub(super) const STRAY_MAX_M: f64 = 0.001;

/// What every tile of Web Mercator needs of a collection, made once for them all.
#[derive(Debug)]
pub(crate) struct Mercator {
    /// The box around the collection's objects in EPSG:3857.
    pub(super) reach: Bbox,
    /// The way of the whole collection, where one is near enough to PROJ: else each tile has its own.
    pub(super) warp: Option<Warp>,
}

impl Mercator {
    /// `None` where the extent cannot be brought into Web Mercator.
    pub(crate) fn of(crs: Crs, extent: Bbox) -> Option<Self> {
        let reach = Transform::between(crs, Crs::WEB_MERCATOR).ok()?.bbox(&extent).ok()?;
        let whole = Warp::fit(crs, Crs::WEB_MERCATOR, extent, STRAY_MAX_M).ok()?;
        Some(Self { reach, warp: (!whole.is_exact()).then_some(whole) })
    }
}

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
        let place = set.bbox_with_buffer(tile, buffer);
        // From the extent to the tile and not the other way: a tile of a low zoom reaches beyond what the working
        // CRS can express.
        let reach = match self.mercator_for(set.crs) {
            Some(known) => known.reach,
            // Where the grid's CRS cannot express the whole extent, the tile's box is all that there is to go by.
            None => expressed(crs, set.crs, &extent)?.unwrap_or(place),
        };
        let Some(shown) = place.intersection(&reach) else { return Ok(None) };
        expressed(set.crs, crs, &shown)
    }

    pub(super) fn mercator_for(&self, crs: Crs) -> Option<&Mercator> {
        self.mercator.as_ref().filter(|_| crs == Crs::WEB_MERCATOR)
    }
}

/// A box in another CRS; `None` where that has no place for it.
fn expressed(from: Crs, to: Crs, bbox: &Bbox) -> Result<Option<Bbox>> {
    match Transform::between(from, to)?.bbox(bbox) {
        Ok(moved) => Ok(Some(moved)),
        Err(quartier_crs::Error::OutOfDomain { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
