//! Polygons that are too small for a zoom, merged into blocks.

#![expect(clippy::cast_possible_wrap, reason = "cells of one tile are counted in thousands")]

mod chunk;
mod legible;
mod look;
mod pyramid;
mod runs;
mod site;

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
};

use quartier_crs::Warp;
use quartier_index::CollectionIndex;
use quartier_model::{Bbox, Crs, FeatureId, Filter};
use quartier_tiles::{
    Block, CELLS, EXTENT, Figure, Layer, MARGIN, TileCoord, TileMatrixSet, Value,
};

use self::{
    look::Looks,
    pyramid::Pyramid,
    site::{Cells, Site},
};
use super::{Found, TileLayer, TileRule, properties::plain_value, ready::rounded_out};
use crate::{CollectionSnapshot, Result};

/// How far around a tile objects bear on its blocks, in tile units.
pub(super) const REACH: u16 = (MARGIN * EXTENT as usize / CELLS) as u16;

/// How far a vertex of a block's objects may lie from where PROJ puts it, in metres: no cell is as small, and one
/// polynomial does for a whole city, so that neighbouring tiles see the same.
const STRAY_MAX_M: f64 = 0.05;

/// From this area on, in square pixels, an object stays what it is: as large as a letter.
const SINGLE_PX2: f64 = 16.0;

/// Grids of which the blocks are kept at once, as many as of ready geometry.
const SETS_MAX: usize = 4;

/// What a collection's blocks follow from, and what has been found of them.
#[derive(Debug)]
pub(crate) struct Blocks {
    rule: Arc<BlockRule>,
    /// With none for a set that cannot have one.
    pyramids: Mutex<Vec<Kept>>,
}

/// A tile matrix set's pyramid, by the set's id.
type Kept = (Cow<'static, str>, Option<Arc<Pyramid>>);

/// Which zooms of a collection have blocks, and of what look. Found when the collection is loaded.
#[derive(Debug)]
struct BlockRule {
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
        Self { rule: Arc::new(BlockRule { below, looks }), pyramids: Mutex::default() }
    }

    /// The same for the collection after a change of what was, or is now, in these boxes.
    pub(crate) fn after(&self, boxes: &[(FeatureId, Bbox)]) -> Self {
        let boxes: Vec<Bbox> = boxes.iter().map(|(_, bbox)| *bbox).collect();
        let before = self.pyramids.lock().unwrap_or_else(PoisonError::into_inner);
        let next = before.iter().filter_map(|(id, pyramid)| {
            let next = pyramid.as_ref()?.after(&boxes)?;
            Some((id.clone(), Some(Arc::new(next))))
        });
        Self { rule: Arc::clone(&self.rule), pyramids: Mutex::new(next.collect()) }
    }

    /// What was found of the collection when it was loaded, and tiles follow from.
    pub(crate) fn identity(&self) -> String {
        format!("{:?}", self.rule)
    }

    /// What they take in memory.
    fn memory_bytes(&self) -> usize {
        let pyramids = self.pyramids.lock().unwrap_or_else(PoisonError::into_inner);
        pyramids
            .iter()
            .filter_map(|(_, pyramid)| pyramid.as_ref())
            .map(|it| it.memory_bytes())
            .sum()
    }

    /// Whether a zoom of the web's maps has blocks.
    pub(super) fn are_at(&self, web_zoom: u8) -> bool {
        web_zoom < self.rule.below
    }

    fn looks(&self) -> &Looks {
        &self.rule.looks
    }
}

impl CollectionSnapshot {
    /// Finds the blocks of the web's maps before anyone asks. Takes a few microseconds for each object, on all cores.
    pub(crate) fn prepare_blocks(&self) {
        let set = TileMatrixSet::web_mercator_quad();
        if self.blocks.are_at(0)
            && let Some(pyramid) = self.pyramid(&set)
        {
            pyramid.fill(self);
            let (collection, bytes) = (self.collection.id.as_str(), self.blocks.memory_bytes());
            tracing::debug!(collection, bytes, "the blocks of low zooms are found");
        }
    }

    fn pyramid(&self, set: &TileMatrixSet) -> Option<Arc<Pyramid>> {
        let mut pyramids = self.blocks.pyramids.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = pyramids.iter().find(|(id, _)| *id == set.id) {
            return known.clone();
        }
        let base = set.zoom_of_web(self.blocks.rule.below.saturating_sub(1));
        let made = Pyramid::of(self, set, base).map(Arc::new);
        if pyramids.len() == SETS_MAX {
            pyramids.remove(0);
        }
        pyramids.push((set.id.clone(), made.clone()));
        made
    }
}

impl<'a> TileLayer<'a> {
    /// Adds the blocks that the small objects make; the others are to be drawn as they are.
    pub(super) fn draw_blocks(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        region: &Bbox,
        layer: &mut Layer,
    ) -> Result<Vec<Found<'a>>> {
        let index = &self.collection.index;
        let is_whole = self.selection.filter == Filter::default();
        let pyramid = if is_whole { self.collection.pyramid(set) } else { None };
        let (figure, singles) = match pyramid {
            Some(pyramid) => {
                let (figure, singles) = pyramid.figure(self.collection, tile);
                (figure, singles.into_iter().filter_map(|fid| index.locate(fid)).collect())
            }
            None => self.sum_up(set, tile, region)?,
        };
        figure.blocks().iter().for_each(|block| self.push_block(layer, block));
        Ok(singles)
    }

    /// The same from the objects themselves, of which some are not chosen.
    fn sum_up(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        region: &Bbox,
    ) -> Result<(Figure, Vec<Found<'a>>)> {
        let it = self.collection;
        let Some(extent) = it.index.extent() else { return Ok((Figure::default(), Vec::new())) };
        let crs = it.collection.storage_crs;
        let warp = Warp::fit(crs, set.crs, rounded_out(extent), STRAY_MAX_M)?;
        let (cells, mut site) = (Cells::new(warp, set, tile.z()), Site::default());
        for object in self.objects(region) {
            site.add(object, it.blocks.looks(), &cells);
        }
        Ok((site.figure(tile, &cells), site.singles))
    }

    fn push_block(&self, layer: &mut Layer, block: &Block) {
        let count = std::iter::once(("count", Value::Integer(block.count.cast_signed())));
        let shared = self.collection.blocks.looks().properties(block.look);
        let shared = shared.filter(|(name, _)| *name != "count" && self.selection.takes(name));
        let shared = shared.filter_map(|(name, value)| Some((name, plain_value(value)?)));
        layer.push_block(block, count.chain(shared));
    }
}
