use quartier_tiles::{TileCoord, TileMatrixSet};
use xxhash_rust::xxh3::Xxh3;

use crate::{CollectionSnapshot, Result, Snapshot, TileLayer};

impl Snapshot {
    /// A number that tells what a tile with these layers shows, without drawing it: the same after a restart, and
    /// as long as no object in the tile or near its edge gets another version.
    pub fn tile_digest(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        layers: &[TileLayer<'_>],
    ) -> Result<u128> {
        let mut hash = Xxh3::new();
        let corner = set.bbox(tile);
        let place = format!("{} {} {tile} {corner:?}", set.id, set.crs);
        hash.update(place.as_bytes());
        for TileLayer { collection: it, selection } in layers {
            hash.update(format!("{selection:?}").as_bytes());
            hash.update(&it.freshness.origin.to_le_bytes());
            hash.update(&it.objects_digest(set, tile)?.to_le_bytes());
        }
        Ok(hash.digest128())
    }
}

impl CollectionSnapshot {
    fn objects_digest(&self, set: &TileMatrixSet, tile: TileCoord) -> Result<u128> {
        let Some(extent) = self.index.extent() else { return Ok(0) };
        let region = self.influence(set, tile, &extent, self.ready(set).as_deref())?;
        Ok(region.map_or(0, |region| self.index.digest(&region)))
    }
}
