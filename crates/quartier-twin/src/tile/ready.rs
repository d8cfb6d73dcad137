use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use quartier_crs::Warp;
use quartier_index::{CollectionIndex, ObjectRef, SegmentKey, SegmentRef};
use quartier_model::{Bbox, Crs, FeatureId};
use quartier_slab::{Misfit, Sectioned as _, Sections};
use quartier_tiles::{ReadyGrid, Shapes, ShapesDraft, TileCoord, TileMatrixSet};
use rayon::prelude::{ParallelIterator as _, ParallelSlice as _};

use super::ways::Ways;
use crate::CollectionSnapshot;

/// Rows that one thread makes ready at a time.
const CHUNK: usize = 16_384;

/// Neighbours of a change that are looked at: more than any house has, few enough that a change stays cheap. A change
/// in the midst of more agrees with them when the collection is built anew.
const BESIDE_MAX: usize = 5_000;

/// Tile matrix sets that a collection is kept ready for at once, one and a half times its geometry each; who asks for
/// more waits for one of them to be made anew.
const SETS_MAX: usize = 4;

/// A collection's geometry, ready for the tiles of one tile matrix set.
#[derive(Debug)]
pub(crate) struct ReadySet {
    set: TileMatrixSet,
    pub(super) grid: ReadyGrid,
    pub(crate) ways: Arc<Ways>,
    /// In the order of the index's segments.
    pub(super) parts: Vec<ReadyPart>,
}

#[derive(Debug, Clone)]
pub(super) struct ReadyPart {
    key: SegmentKey,
    pub(super) shapes: Arc<Shapes>,
}

/// What a collection is ready for. It grows as sets are asked for, and goes over to the collection's next version.
#[derive(Debug, Default)]
pub(crate) struct ReadySets(Mutex<Vec<Arc<ReadySet>>>);

impl ReadySets {
    /// The same for the collection after a change: only what has changed is made ready anew.
    pub(crate) fn after(&self, index: &CollectionIndex, crs: Crs) -> Self {
        let before = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let next = before
            .iter()
            .filter_map(|it| ReadySet::make(&it.set, index, crs, (&it.parts, Some(&it.ways))));
        Self(Mutex::new(next.map(Arc::new).collect()))
    }

    /// What is ready now for a set's tiles; `None` also while it is being made.
    pub(crate) fn made(&self, set: &TileMatrixSet) -> Option<Arc<ReadySet>> {
        let sets = self.0.try_lock().ok()?;
        sets.iter().find(|it| it.set.id == set.id).cloned()
    }
}

/// In a file there is only what the web's maps ask for.
impl ReadySets {
    pub(crate) fn put_into(&self, sections: &mut Sections) {
        let sets = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let web = TileMatrixSet::web_mercator_quad();
        let parts = sets.iter().find(|it| it.set.id == web.id).map_or(&[][..], |it| &it.parts);
        sections.put_few("ready", &[parts.len() as u64]);
        for part in parts {
            part.shapes.put_into(sections);
        }
    }

    /// What was put of the collection with this index.
    pub(crate) fn take_from(
        sections: &mut Sections,
        index: &CollectionIndex,
        crs: Crs,
    ) -> Result<Self, Misfit> {
        let [count] = sections.take_few::<u64, 1>("ready")?;
        let shapes = (0..count).map(|_| Shapes::take_from(sections));
        let shapes = shapes.collect::<Result<Vec<_>, _>>()?;
        let part = |(segment, shapes): (SegmentRef<'_>, Shapes)| {
            let is_whole = shapes.len() == segment.rows() as usize;
            is_whole.then(|| ReadyPart { key: segment.key(), shapes: Arc::new(shapes) })
        };
        let parts: Vec<_> = index.segments().zip(shapes).filter_map(part).collect();
        let web = TileMatrixSet::web_mercator_quad();
        let set = (count > 0).then(|| ReadySet::make(&web, index, crs, (&parts, None))).flatten();
        Ok(Self(Mutex::new(set.into_iter().map(Arc::new).collect())))
    }
}

impl CollectionSnapshot {
    /// The geometry for a set's tiles; made now if nobody has asked before, while others who ask wait. `None` where it
    /// cannot be kept so.
    pub(crate) fn ready(&self, set: &TileMatrixSet) -> Option<Arc<ReadySet>> {
        let mut sets = self.ready.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = sets.iter().find(|it| it.set.id == set.id) {
            return Some(Arc::clone(known));
        }
        let made = ReadySet::make(set, &self.index, self.collection.storage_crs, (&[], None))?;
        let made = Arc::new(made);
        if sets.len() == SETS_MAX {
            sets.pop();
        }
        sets.push(Arc::clone(&made));
        Some(made)
    }
}

impl ReadySet {
    /// Of what is known already, only what has changed is made anew.
    fn make(
        set: &TileMatrixSet,
        index: &CollectionIndex,
        crs: Crs,
        (parts, ways): (&[ReadyPart], Option<&Arc<Ways>>),
    ) -> Option<Self> {
        let grid = ReadyGrid::of(set)?;
        let extent = Ways::rounded_out(index.extent()?);
        let ways = ways.filter(|it| it.extent == extent).cloned();
        let ways = ways.or_else(|| Ways::of(crs, set.crs, extent).map(Arc::new))?;
        let part = |segment: SegmentRef<'_>| {
            let key = segment.key();
            let ready = parts.iter().find(|part| part.key == key).cloned();
            ready.unwrap_or_else(|| ReadyPart {
                key,
                shapes: Arc::new(shapes(index, segment, grid, &ways.there)),
            })
        };
        let parts = index.segments().map(part).collect();
        Some(Self { set: set.clone(), grid, ways, parts })
    }

    /// The part of the tile where the collection has objects, in the working CRS; a little more than that.
    pub(super) fn region(&self, tile: TileCoord, buffer: u16) -> Option<Bbox> {
        self.ways.region(&self.set.bbox_with_buffer(tile, buffer))
    }
}

/// A segment's shapes; outlines agree with those beside them, in whichever segment these are.
fn shapes(
    index: &CollectionIndex,
    segment: SegmentRef<'_>,
    grid: ReadyGrid,
    warp: &Warp,
) -> Shapes {
    let rows: Vec<ObjectRef<'_>> = (0..segment.rows()).map(|row| segment.object(row)).collect();
    let is_base = index.segments().next().is_some_and(|base| base.key() == segment.key());
    let beside = if is_base { Vec::new() } else { beside(index, &rows) };
    draft(&rows, grid, warp).finish(&draft(&beside, grid, warp))
}

/// The objects near some that have changed, and those near these: what a zoom shows of an edge depends on both.
fn beside<'a>(index: &'a CollectionIndex, changed: &[ObjectRef<'a>]) -> Vec<ObjectRef<'a>> {
    let mut known: HashSet<FeatureId> = changed.iter().map(|object| object.fid()).collect();
    let near = around(index, changed, &mut known);
    let further = around(index, &near, &mut known);
    [near, further].concat()
}

/// The objects that are not known yet and whose boxes meet those of some others.
fn around<'a>(
    index: &'a CollectionIndex,
    objects: &[ObjectRef<'a>],
    known: &mut HashSet<FeatureId>,
) -> Vec<ObjectRef<'a>> {
    let mut found = Vec::new();
    for bbox in objects.iter().filter_map(|object| object.bbox()) {
        index.visit_box(&bbox, |object| found.push(object));
        if found.len() > BESIDE_MAX {
            return Vec::new();
        }
    }
    found.retain(|object| known.insert(object.fid()));
    found
}

fn draft(objects: &[ObjectRef<'_>], grid: ReadyGrid, warp: &Warp) -> ShapesDraft {
    let chunks = objects.par_chunks(CHUNK).map(|objects| {
        let mut draft = ShapesDraft::new(grid);
        for object in objects {
            draft.push(object.plane().as_ref(), |coord| warp.apply(coord));
        }
        draft
    });
    let chunks: Vec<ShapesDraft> = chunks.collect();
    let mut all = ShapesDraft::new(grid);
    for chunk in chunks {
        all.append(chunk);
    }
    all
}
