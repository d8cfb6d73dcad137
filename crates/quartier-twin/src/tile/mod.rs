//! The city's vector tiles.

mod properties;
mod region;
mod rule;
mod selection;

pub(crate) use region::Mercator;
pub use rule::{PropertiesFrom, TileRule};
pub use selection::{TileLayer, TileSelection};

use geo_types::Coord;
use quartier_crs::Warp;
use quartier_index::ObjectRef;
use quartier_model::Bbox;
use quartier_tiles::{Detail, Layer, TileCoord, TileMatrixSet};

use self::{
    properties::{Measured, properties},
    region::STRAY_MAX_M,
};
use crate::{CollectionSnapshot, Result, Snapshot, sensors::Reader};

/// From this zoom on, tiles of Web Mercator show every vertex: a unit of theirs is 9 cm in Central Europe, and maps
/// enlarge them for deeper zooms.
pub const FULL_DETAIL_ZOOM: u8 = 16;

/// Every vertex, and a margin of 12 m: a street as wide as that, drawn to scale by a map that enlarges the tile, is
/// not cut at its edge.
const ENLARGED: Detail = Detail { buffer: 128, ..Detail::FULL };

impl Snapshot {
    /// The bytes of a vector tile with these layers; none where nothing is to be seen. With a reader, what is measured
    /// at the objects stands among their properties.
    pub fn tile(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        layers: &[TileLayer<'_>],
        reader: Option<&Reader>,
    ) -> Result<Vec<u8>> {
        let layers: Vec<Layer> =
            layers.iter().map(|layer| layer.draw(set, tile, reader)).collect::<Result<_>>()?;
        Ok(quartier_tiles::encode(&layers))
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

    fn warp(&self, set: &TileMatrixSet, region: Bbox) -> Result<Warp> {
        match self.mercator_for(set.crs).and_then(|known| known.warp.as_ref()) {
            Some(whole) => Ok(whole.clone()),
            None => Ok(Warp::fit(self.collection.storage_crs, set.crs, region, STRAY_MAX_M)?),
        }
    }
}

impl TileLayer<'_> {
    fn draw(&self, set: &TileMatrixSet, tile: TileCoord, reader: Option<&Reader>) -> Result<Layer> {
        let (it, detail) = (self.collection, detail(set, tile));
        let mut layer = Layer::new(it.collection.id.as_str(), detail);
        let Some(region) = it.region(set, tile, detail.buffer)? else { return Ok(layer) };
        let (warp, frame) = (it.warp(set, region)?, set.frame(tile));
        let to_tile = |coord: Coord<f64>| frame.apply(warp.apply(coord));
        let wanted = (it.tiles.properties_at(set.web_zoom(tile.z())), self.selection);
        it.index.visit_matching(&region, &self.selection.filter, |object| {
            let Some(plane) = object.plane() else { return };
            let measured = self.measured(object, reader);
            let properties = properties(object, &measured, wanted);
            layer.push_mapped(object.fid().0, &plane, to_tile, properties);
        });
        Ok(layer)
    }

    fn measured(&self, object: ObjectRef<'_>, reader: Option<&Reader>) -> Vec<Measured> {
        let id = &self.collection.collection.id;
        reader.map_or_else(Vec::new, |reader| Measured::all(&reader.of(id, object.fid())))
    }
}

fn detail(set: &TileMatrixSet, tile: TileCoord) -> Detail {
    if set.web_zoom(tile.z()) >= FULL_DETAIL_ZOOM { ENLARGED } else { Detail::default() }
}
