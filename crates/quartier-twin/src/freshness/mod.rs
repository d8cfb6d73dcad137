//! What of the city has changed where, so that a tile that was drawn is drawn again only when it must.
//!
//! **Invariants:** what a snapshot knows of changes goes up to its own sequence and no further, so that a drawing of
//! an older snapshot never passes for one of a newer. Where memory ends, a change seems larger than it was, never
//! smaller.

mod cells;
mod digest;
mod places;
mod stamp;
mod touched;

use quartier_index::{CollectionIndex, Entry};
use quartier_model::{Bbox, Collection, FeatureId};
use quartier_store::Sequence;
use xxhash_rust::xxh3::xxh3_128;

use crate::{TileRule, tile::Blocks};

pub(crate) use places::Places;
pub use stamp::TileStamp;
use touched::Touched;

/// The sources that the program draws with, as a hash: see `build.rs`.
pub(crate) const DRAWING: &str = env!("QUARTIER_DRAWING");

/// What a collection's tiles follow from, beside its objects, and where those have changed.
#[derive(Debug, Clone)]
pub(crate) struct Freshness {
    touched: Touched,
    /// The store, the program, and what is said of the collection.
    origin: u128,
}

impl Freshness {
    /// Of a collection that was loaded from this store.
    pub(crate) fn loaded(
        store: &str,
        (collection, rule, blocks): (&Collection, &TileRule, &Blocks),
        index: &CollectionIndex,
        sequence: Sequence,
    ) -> Self {
        let Collection { id, schema, storage_crs, .. } = collection;
        let blocks = blocks.identity();
        let origin = format!("{DRAWING} {store} {id} {storage_crs} {schema:?} {rule:?} {blocks}");
        let touched = Touched::whole(sequence, index.extent());
        Self { touched, origin: xxh3_128(origin.as_bytes()) }
    }

    /// After a step that changed what was, or is now, in these boxes.
    #[must_use]
    pub(crate) fn and(&self, sequence: Sequence, boxes: &[(FeatureId, Bbox)]) -> Self {
        let boxes: Vec<Bbox> = boxes.iter().map(|(_, bbox)| *bbox).collect();
        Self { touched: self.touched.and(sequence, &boxes), ..self.clone() }
    }
}

/// Where objects are before and after a change.
pub(crate) fn boxes(
    before: &CollectionIndex,
    changed: &[Entry],
    removed: &[FeatureId],
) -> Vec<(FeatureId, Bbox)> {
    let fids = changed.iter().map(|entry| entry.fid).chain(removed.iter().copied());
    let was = fids.filter_map(|fid| Some((fid, before.by_fid(fid)?.bbox()?)));
    let is = changed.iter().filter_map(|entry| {
        entry.feature.geometry.as_ref().map(|geometry| (entry.fid, geometry.bbox()))
    });
    let flat = was.chain(is).map(|(fid, bbox)| (fid, Bbox { heights: None, ..bbox }));
    // A geometry of nothing has a box without end.
    let mut boxes: Vec<_> = flat.filter(|(_, bbox)| bbox.min_x.is_finite()).collect();
    boxes.sort_by_key(|(fid, _)| *fid);
    boxes.dedup();
    boxes
}
