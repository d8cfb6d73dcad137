//! Polygons that are too small for a zoom, merged into blocks.

#![expect(clippy::cast_possible_wrap, reason = "cells of one tile are counted in thousands")]

mod chunk;
mod kept;
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
    Block, CELLS, EXTENT, Figure, Layer, MARGIN, Manner, TileCoord, TileMatrixSet, Value,
};

pub(crate) use self::kept::KeptBlocks;
use self::{
    look::Looks,
    pyramid::Pyramid,
    site::{Cells, Site},
};
use super::{
    TileLayer, TileRule,
    properties::plain_value,
    scene::Found,
    ways::{ROUGH_STRAY_MAX_M, Ways},
};
use crate::{CollectionSnapshot, Result};

/// How far around a tile objects bear on its blocks, in tile units.
pub(super) const REACH: u16 = (MARGIN * EXTENT as usize / CELLS) as u16;

/// From this area on, in square pixels, an object stays what it is: as large as a letter.
const SINGLE_PX2: f64 = 16.0;

/// Zooms with blocks that show a plan: only the deepest, where a pixel is no wider than a street. Above it blocks show
/// tones.
const PLANNED_ZOOMS: u8 = 1;

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

    /// What has been found for the web's maps.
    pub(crate) fn keep(&self) -> KeptBlocks {
        let pyramids = self.pyramids.lock().unwrap_or_else(PoisonError::into_inner);
        let web = TileMatrixSet::web_mercator_quad();
        let pyramid = pyramids.iter().find(|(id, _)| *id == web.id);
        let pyramid = pyramid.and_then(|(_, it)| it.as_ref());
        pyramid.map(|it| it.keep(self.identity())).unwrap_or_default()
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

    /// The deepest zoom of a set that has blocks.
    fn base(&self, set: &TileMatrixSet) -> u8 {
        set.zoom_of_web(self.rule.below.saturating_sub(1))
    }

    /// How a zoom of the web's maps shows them.
    fn manner(&self, web_zoom: u8) -> Manner {
        if web_zoom + PLANNED_ZOOMS < self.rule.below { Manner::Tones } else { Manner::Plan }
    }

    fn looks(&self) -> &Looks {
        &self.rule.looks
    }
}

impl CollectionSnapshot {
    /// Takes over what had been found before, if it is of what there is now.
    pub(crate) fn take_over_blocks(&self, kept: KeptBlocks) {
        let set = TileMatrixSet::web_mercator_quad();
        if kept.identity == self.blocks.identity()
            && let Some(pyramid) = Pyramid::of_kept(self, &set, self.blocks.base(&set), kept)
        {
            let mut pyramids = self.blocks.pyramids.lock().unwrap_or_else(PoisonError::into_inner);
            pyramids.push((set.id, Some(Arc::new(pyramid))));
        }
    }

    /// Finds a set's blocks before anyone asks. Takes a few microseconds for each object, on all cores.
    pub(super) fn prepare_blocks(&self, set: &TileMatrixSet) {
        if self.blocks.are_at(0)
            && let Some(pyramid) = self.pyramid(set)
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
        let made = Pyramid::of(self, set, self.blocks.base(set)).map(Arc::new);
        if pyramids.len() == SETS_MAX {
            pyramids.remove(0);
        }
        pyramids.push((set.id.clone(), made.clone()));
        made
    }
}

impl<'a> TileLayer<'a> {
    /// The blocks that the small objects make, and the others, which are to be drawn as they are.
    pub(super) fn blocks(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        region: &Bbox,
    ) -> Result<(Vec<Block>, Vec<Found<'a>>)> {
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
        let manner = self.collection.blocks.manner(set.web_zoom(tile.z()));
        Ok((figure.blocks(manner), singles))
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
        let (ready, fitted);
        let warp = if let Some(known) = it.ready(set) {
            ready = known;
            &ready.ways.rough
        } else {
            let (crs, extent) = (it.collection.storage_crs, Ways::rounded_out(extent));
            fitted = Warp::fit(crs, set.crs, extent, ROUGH_STRAY_MAX_M)?;
            &fitted
        };
        let (cells, mut site) = (Cells::new(warp, set, tile.z()), Site::default());
        for object in self.objects(region) {
            site.add(object, it.blocks.looks(), &cells);
        }
        Ok((site.figure(tile, &cells), site.singles))
    }

    pub(super) fn push_block(&self, layer: &mut Layer, block: &Block) {
        let count = ("count", Value::Integer(block.count.cast_signed()));
        let covered = block.tone.map(|tone| ("covered", Value::Number(tone.covered())));
        let own = || std::iter::once(count).chain(covered);
        let shared = self.collection.blocks.looks().properties(block.look);
        let is_free = |name: &str| own().all(|it| it.0 != name) && self.selection.takes(name);
        let shared = shared.filter(|(name, _)| is_free(name));
        let shared = shared.filter_map(|(name, value)| Some((name, plain_value(value)?)));
        layer.push_block(block, own().chain(shared));
    }
}
