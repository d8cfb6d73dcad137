//! Polygons that are too small for a zoom, merged into blocks.

mod legible;
mod look;
mod site;

use quartier_crs::Warp;
use quartier_index::CollectionIndex;
use quartier_model::Crs;
use quartier_tiles::{Block, CELLS, EXTENT, Layer, MARGIN, TileCoord, TileMatrixSet, Value};

use self::{
    look::Looks,
    site::{Cells, Site},
};
use super::{Found, TileLayer, TileRule, properties::plain_value};
use crate::Result;

/// How far around a tile objects bear on its blocks, in tile units.
pub(super) const REACH: u16 = (MARGIN * EXTENT as usize / CELLS) as u16;

/// How far a vertex of a block's objects may lie from where PROJ puts it, in metres: no cell is as small, and one
/// polynomial does for a whole city, so that neighbouring tiles see the same.
const STRAY_MAX_M: f64 = 0.05;

/// From this area on, in square pixels, an object stays what it is: as large as a letter.
const SINGLE_PX2: f64 = 16.0;

/// Which zooms of a collection have blocks, and of what look. Found when the collection is loaded.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    /// The zoom of the web's maps below which there are blocks.
    below: u8,
    looks: Looks,
}

impl Blocks {
    pub(crate) fn of(index: &CollectionIndex, rule: &TileRule, crs: Crs) -> Self {
        let below = match rule.blocks_below {
            Some(below) => below,
            None => legible::first_zoom(index, crs),
        };
        let looks = if below == 0 { Looks::default() } else { Looks::of(index, &rule.look) };
        Self { below, looks }
    }

    /// What was found of the collection when it was loaded, and tiles follow from.
    pub(crate) fn identity(&self) -> String {
        format!("{} {:?}", self.below, self.looks)
    }

    /// Whether a zoom of the web's maps has blocks.
    pub(super) fn are_at(&self, web_zoom: u8) -> bool {
        web_zoom < self.below
    }
}

impl<'a> TileLayer<'a> {
    /// Adds the blocks that the small objects make; the others are to be drawn as they are.
    pub(super) fn merge_small(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        objects: Vec<Found<'a>>,
        layer: &mut Layer,
    ) -> Result<Vec<Found<'a>>> {
        let it = self.collection;
        let Some(extent) = it.index.extent() else { return Ok(objects) };
        let warp = Warp::fit(it.collection.storage_crs, set.crs, extent, STRAY_MAX_M)?;
        let cells = Cells::new(warp, set, tile.z());
        let mut site = Site::default();
        for object in objects {
            site.add(object, &it.blocks.looks, &cells);
        }
        for block in site.figure(tile, &cells).blocks() {
            self.push_block(layer, &block);
        }
        Ok(site.singles)
    }

    fn push_block(&self, layer: &mut Layer, block: &Block) {
        let count = std::iter::once(("count", Value::Integer(block.count.cast_signed())));
        let shared = self.collection.blocks.looks.properties(block.look);
        let shared = shared.filter(|(name, _)| *name != "count" && self.selection.takes(name));
        let shared = shared.filter_map(|(name, value)| Some((name, plain_value(value)?)));
        layer.push_block(block, count.chain(shared));
    }
}
