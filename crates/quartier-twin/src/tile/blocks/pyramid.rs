use std::{
    collections::{BTreeSet, HashSet},
    sync::{Arc, OnceLock},
};

use quartier_model::{Bbox, FeatureId, GeometryKind};
use quartier_tiles::{Figure, SIDE, TileCoord, TileMatrixSet};
use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::{
    chunk::{Chunk, Draft},
    kept::{KeptBlocks, corners},
    site::{Cells, Site},
};
use crate::{CollectionSnapshot, tile::ways::Ways};

/// Tiles of the deepest zoom with blocks that one object may lie in: a lake, no ocean. Where one lies in more, tiles
/// are drawn from the objects each time.
const SPREAD_MAX: u64 = 4_096;

/// What is covered of the tiles of every zoom with blocks. A tile of the deepest is summed up from its objects, one above
/// from the four below it, each when it is first asked for.
///
/// A chunk is never changed: after a change those that it touches are to be made anew, and the others are shared.
#[derive(Debug, Clone)]
pub(super) struct Pyramid {
    set: TileMatrixSet,
    base: u8,
    ways: Arc<Ways>,
    chunks: Chunks,
}

pub(super) type Chunks = imbl::HashMap<Key, Arc<OnceLock<Chunk>>>;

/// A tile's zoom, column and row.
pub(super) type Key = (u8, u32, u32);

impl Pyramid {
    /// With nothing summed up yet. `None` where the collection or the set cannot have one.
    pub(super) fn of(it: &CollectionSnapshot, set: &TileMatrixSet, base: u8) -> Option<Self> {
        let is_polygon = |kind: &GeometryKind| {
            matches!(kind, GeometryKind::Polygon | GeometryKind::MultiPolygon)
        };
        if !it.index.kinds().iter().all(is_polygon) {
            return None;
        }
        let ways = Arc::clone(&it.ready(set)?.ways);
        let mut pyramid = Self { set: set.clone(), base, ways, chunks: imbl::HashMap::new() };
        let (mut keys, mut is_spread) = (HashSet::new(), false);
        let cells = pyramid.cells(base);
        it.index.visit_box(&pyramid.ways.extent, |object| {
            match object.bbox().map(|bbox| pyramid.keys(&bbox, &cells)) {
                Some(Some(touched)) => keys.extend(touched),
                Some(None) => is_spread = true,
                None => {}
            }
        });
        pyramid.renew(keys);
        (!is_spread).then_some(pyramid)
    }

    /// With what has been summed up of the same collection by the same ways; `None` where they are others.
    pub(super) fn of_kept(
        it: &CollectionSnapshot,
        set: &TileMatrixSet,
        base: u8,
        kept: KeptBlocks,
    ) -> Option<Self> {
        let ways = Arc::clone(&it.ready(set)?.ways);
        let is_same = corners(&ways.extent) == kept.extent;
        is_same.then(|| Self { set: set.clone(), base, ways, chunks: kept.chunks })
    }

    pub(super) fn keep(&self, identity: String) -> KeptBlocks {
        KeptBlocks { identity, extent: corners(&self.ways.extent), chunks: self.chunks.clone() }
    }

    /// The same after a change of what is in these boxes of the working CRS; `None` where that is too much, or goes
    /// beyond where there were objects.
    pub(super) fn after(&self, boxes: &[Bbox]) -> Option<Self> {
        if !boxes.iter().all(|bbox| self.ways.extent.contains(bbox)) {
            return None;
        }
        let cells = self.cells(self.base);
        let mut touched = HashSet::new();
        for bbox in boxes {
            touched.extend(self.keys(bbox, &cells)?);
        }
        let mut next = self.clone();
        next.renew(touched);
        Some(next)
    }

    /// Sums up everything, side by side.
    pub(super) fn fill(&self, it: &CollectionSnapshot) {
        for zoom in (0..=self.base).rev() {
            let keys: Vec<Key> = self.chunks.keys().filter(|key| key.0 == zoom).copied().collect();
            // Each chunk is made by one thread that waits for nobody who waits for it.
            keys.par_iter().for_each(|key| {
                self.chunk(it, *key);
            });
        }
    }

    /// What the tile's blocks are made of, and the objects in and around it that are drawn one by one.
    pub(super) fn figure(
        &self,
        it: &CollectionSnapshot,
        tile: TileCoord,
    ) -> (Figure, Vec<FeatureId>) {
        let near = [-1, 0, 1].into_iter().flat_map(|below| [-1, 0, 1].map(|right| (right, below)));
        let chunks: Vec<_> = near
            .filter_map(|(right, below)| {
                let x = tile.x().checked_add_signed(right)?;
                let y = tile.y().checked_add_signed(below)?;
                let chunk = self.chunk(it, (tile.z(), x, y))?;
                Some(((i64::from(right), i64::from(below)), chunk))
            })
            .collect();
        let mut figure = Figure::default();
        let looks: BTreeSet<u16> = chunks.iter().flat_map(|(_, chunk)| chunk.looks()).collect();
        for look in looks {
            let mut shares = vec![0; SIDE * SIDE];
            for (place, chunk) in &chunks {
                chunk.add_to(look, *place, &mut shares);
            }
            figure.lay(look, &shares);
        }
        if let Some((_, own)) = chunks.iter().find(|(place, _)| *place == (0, 0)) {
            own.count_in(&mut figure);
        }
        let singles: BTreeSet<_> = chunks.iter().flat_map(|(_, it)| &it.singles).copied().collect();
        (figure, singles.into_iter().collect())
    }

    /// What it takes in memory, of what has been asked for.
    pub(super) fn memory_bytes(&self) -> usize {
        let made = self.chunks.values().filter_map(|chunk| chunk.get());
        made.map(Chunk::memory_bytes).sum()
    }

    fn chunk(&self, it: &CollectionSnapshot, key: Key) -> Option<&Chunk> {
        let chunk = self.chunks.get(&key)?;
        let tile = self.set.tile(key.0.into(), key.1.into(), key.2.into()).ok()?;
        Some(chunk.get_or_init(|| {
            if key.0 == self.base { self.of_objects(it, tile) } else { self.of_four(it, tile) }
        }))
    }

    fn of_objects(&self, it: &CollectionSnapshot, tile: TileCoord) -> Chunk {
        let (cells, mut site) = (self.cells(tile.z()), Site::default());
        if let Some(region) = self.ways.region(&self.set.bbox(tile)) {
            it.index.visit_box(&region, |object| {
                site.add((0, 0, object), it.blocks.looks(), &cells);
            });
        }
        let mut draft = Draft::default();
        draft.add_site(&site, tile, &cells);
        draft.finish()
    }

    /// What was large enough to stay as it is at the zoom below may be small here.
    fn of_four(&self, it: &CollectionSnapshot, tile: TileCoord) -> Chunk {
        let cells = self.cells(tile.z());
        let (mut draft, mut singles) = (Draft::default(), BTreeSet::new());
        for place @ (right, below) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let (x, y) = (2 * tile.x() + right as u32, 2 * tile.y() + below as u32);
            let key = (tile.z() + 1, x, y);
            if let Some(chunk) = self.chunk(it, key) {
                draft.add_quarter(chunk, place);
                singles.extend(&chunk.singles);
            }
        }
        let mut site = Site::default();
        for object in singles.into_iter().filter_map(|fid| it.index.by_fid(fid)) {
            site.add((0, 0, object), it.blocks.looks(), &cells);
        }
        draft.add_site(&site, tile, &cells);
        draft.finish()
    }

    fn cells(&self, zoom: u8) -> Cells<'_> {
        Cells::new(&self.ways.rough, &self.set, zoom)
    }

    /// The tiles of the deepest zoom that a box has a part of; `None` of too many.
    fn keys(&self, bbox: &Bbox, cells: &Cells<'_>) -> Option<impl Iterator<Item = Key> + use<>> {
        let ((min_x, min_y), (max_x, max_y)) = cells.tiles(bbox)?;
        let base = self.base;
        let count = (u64::from(max_x - min_x) + 1).saturating_mul(u64::from(max_y - min_y) + 1);
        let tiles = (min_y..=max_y).flat_map(move |y| (min_x..=max_x).map(move |x| (base, x, y)));
        (count <= SPREAD_MAX).then_some(tiles)
    }

    /// Forgets what was summed up of tiles of the deepest zoom, and of those above them.
    fn renew(&mut self, mut keys: HashSet<Key>) {
        while !keys.is_empty() {
            for key in &keys {
                self.chunks.insert(*key, Arc::default());
            }
            let above = keys.iter().filter(|(zoom, ..)| *zoom > 0);
            keys = above.map(|(zoom, x, y)| (zoom - 1, x / 2, y / 2)).collect();
        }
    }
}
