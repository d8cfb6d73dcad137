//! The city's vector tiles.

mod blocks;
mod budget;
mod columns;
mod crowd;
mod occupied;
mod properties;
mod reach;
mod ready;
mod region;
mod rule;
mod scene;
mod selection;
mod ways;

pub(crate) use blocks::{Blocks, KeptBlocks};
pub use budget::TILE_BYTES_MAX;
pub(crate) use ready::{ReadySet, ReadySets};
pub(crate) use region::expressed;
pub use rule::{PropertiesFrom, TileRule};
pub use selection::{TileLayer, TileSelection};

use quartier_tiles::{Detail, TileCoord, TileMatrixSet};

use self::scene::Scene;
use crate::{CollectionSnapshot, Result, Snapshot, sensors::Reader};

/// From this zoom on, tiles of Web Mercator show every vertex: a unit of theirs is 9 cm in Central Europe, and maps
/// enlarge them for deeper zooms.
pub const FULL_DETAIL_ZOOM: u8 = 16;

/// Every vertex, and a margin of 12 m: a street as wide as that, drawn to scale by a map that enlarges the tile, is
/// not cut at its edge.
const ENLARGED: Detail = Detail { buffer: 128, ..Detail::FULL };

/// Objects in a layer, and layers, that are drawn at once where the request is taken: a few dozen microseconds each.
const QUICK_MAX: usize = 256;
const QUICK_LAYERS_MAX: usize = 4;

impl Snapshot {
    /// The bytes of a vector tile with these layers, no more than the configuration allows; none where nothing is to be seen. With
    /// a reader, what is measured at the objects stands among their properties.
    pub fn tile(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        layers: &[TileLayer<'_>],
        reader: Option<&Reader>,
    ) -> Result<Vec<u8>> {
        let bytes_max = layers.iter().map(|layer| layer.collection.tiles.bytes_max).max();
        self.tile_within(bytes_max.unwrap_or(TILE_BYTES_MAX), (set, tile), layers, reader)
    }

    /// The same, of so many bytes at most.
    pub fn tile_within(
        &self,
        bytes_max: usize,
        (set, tile): (&TileMatrixSet, TileCoord),
        layers: &[TileLayer<'_>],
        reader: Option<&Reader>,
    ) -> Result<Vec<u8>> {
        let scenes = layers.iter().map(|layer| Scene::of(layer, set, tile, reader));
        let scenes: Vec<_> = scenes.filter_map(Result::transpose).collect::<Result<_>>()?;
        Ok(quartier_tiles::encode(&budget::draw(&scenes, bytes_max)?))
    }

    /// Whether the tile is drawn in less time than it takes to hand it to another thread.
    pub fn is_tile_quick(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        layers: &[TileLayer<'_>],
    ) -> bool {
        let has_few = |layer: &TileLayer<'_>| {
            let ready = layer.collection.ready.made(set);
            let region = ready.map(|ready| ready.region(tile, detail(set, tile).buffer));
            region.is_some_and(|region| {
                region.is_none_or(|region| layer.collection.index.has_few_in(&region, QUICK_MAX))
            })
        };
        layers.len() <= QUICK_LAYERS_MAX
            && layers.iter().all(|layer| layer.selection == TileSelection::ALL && has_few(layer))
    }

    /// Numbers, one for each layer, of which some change when what is measured at the tile's objects does.
    pub fn tile_stamps(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        layers: &[TileLayer<'_>],
        reader: &Reader,
    ) -> Result<Vec<u64>> {
        layers.iter().map(|layer| layer.collection.stamp(set, tile, reader)).collect()
    }
}

impl CollectionSnapshot {
    fn stamp(&self, set: &TileMatrixSet, tile: TileCoord, reader: &Reader) -> Result<u64> {
        let region = self.region(set, tile, detail(set, tile).buffer)?;
        let mut fids = Vec::new();
        if let Some(region) = region {
            self.index.visit_box(&region, |object| fids.push(object.fid()));
        }
        Ok(reader.stamp(&self.collection.id, fids))
    }
}

fn detail(set: &TileMatrixSet, tile: TileCoord) -> Detail {
    if set.web_zoom(tile.z()) >= FULL_DETAIL_ZOOM { ENLARGED } else { Detail::default() }
}
