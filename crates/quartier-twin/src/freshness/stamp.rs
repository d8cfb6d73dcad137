use std::sync::atomic::{AtomicU64, Ordering};

use quartier_model::Bbox;
use quartier_store::Sequence;
use quartier_tiles::{TileCoord, TileMatrixSet};
use xxhash_rust::xxh3::Xxh3;

use super::Touched;
use crate::{
    CollectionSnapshot, Result, Snapshot, TileLayer,
    tile::{ReadySet, expressed},
};

/// How far around a tile objects have a say in what it shows, in its units: 256 for the blocks that stand for small
/// buildings, which look furthest, and some for the bend of the tile's edges in the working CRS.
const INFLUENCE_UNITS: u16 = 320;

/// Up to which change a tile is as it was drawn.
#[derive(Debug, Default)]
pub struct TileStamp {
    parts: Box<[Part]>,
    /// The newest snapshot of which it is known that it shows the same.
    known_until: AtomicU64,
}

/// What a tile shows of one collection.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    reach: Reach,
    touched: Sequence,
}

/// The part of a tile in which there are objects, or were, in the working CRS.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Reach {
    hull: Option<Bbox>,
    region: Option<Bbox>,
}

impl TileStamp {
    /// Whether it was already seen that a snapshot of this sequence, or a newer one, shows the same.
    pub fn is_known_at(&self, sequence: Sequence) -> bool {
        self.known_until.load(Ordering::Acquire) >= sequence
    }

    /// A number for the changes: drawings of the same tile that have the same one are the same.
    pub fn digest(&self) -> u64 {
        let mut hash = Xxh3::new();
        self.parts.iter().for_each(|part| hash.update(&part.touched.to_le_bytes()));
        hash.digest()
    }
}

impl Snapshot {
    /// When the tile was last touched by a change of these layers' collections, as far as this snapshot goes.
    pub fn tile_stamp(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        layers: &[TileLayer<'_>],
    ) -> Result<TileStamp> {
        let parts = layers.iter().map(|TileLayer { collection: it, .. }| {
            let reach = it.reach(set, tile)?;
            Ok(Part { reach, touched: reach.last_touch(&it.freshness.touched) })
        });
        let parts = parts.collect::<Result<_>>()?;
        Ok(TileStamp { parts, known_until: AtomicU64::new(self.sequence) })
    }

    /// Whether the tile still is as it was when it got its stamp, with the same layers.
    pub fn shows_the_same(
        &self,
        stamp: &TileStamp,
        set: &TileMatrixSet,
        tile: TileCoord,
        layers: &[TileLayer<'_>],
    ) -> Result<bool> {
        if stamp.is_known_at(self.sequence) {
            return Ok(true);
        }
        if stamp.parts.len() != layers.len() {
            return Ok(false);
        }
        for (part, TileLayer { collection: it, .. }) in stamp.parts.iter().zip(layers) {
            let has_grown = part.reach.hull != it.freshness.touched.hull();
            let reach = if has_grown { it.reach(set, tile)? } else { part.reach };
            if reach.last_touch(&it.freshness.touched) != part.touched {
                return Ok(false);
            }
        }
        stamp.known_until.fetch_max(self.sequence, Ordering::AcqRel);
        Ok(true)
    }
}

impl Reach {
    fn last_touch(&self, touched: &Touched) -> Sequence {
        // A tile that lies outside is as new as the collection's outermost object.
        self.region.map_or_else(|| touched.base(), |region| touched.last_in(&region))
    }
}

impl CollectionSnapshot {
    fn reach(&self, set: &TileMatrixSet, tile: TileCoord) -> Result<Reach> {
        let hull = self.freshness.touched.hull();
        let region = match hull {
            // Requests that wait for nothing ask too.
            Some(hull) => self.influence(set, tile, &hull, self.ready.made(set).as_deref())?,
            None => None,
        };
        Ok(Reach { hull, region })
    }

    /// The part of a box, in the working CRS, whose objects have a say in what the tile shows.
    pub(super) fn influence(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        around: &Bbox,
        ready: Option<&ReadySet>,
    ) -> Result<Option<Bbox>> {
        let place = set.bbox_with_buffer(tile, INFLUENCE_UNITS);
        if let Some(region) = ready.and_then(|ready| ready.ways.region_around(&place, around)) {
            return Ok(region);
        }
        let crs = self.collection.storage_crs;
        // From the objects to the tile and not the other way: a tile of a low zoom reaches beyond what the working
        // CRS can express.
        let reach = expressed(crs, set.crs, around)?.unwrap_or(place);
        let Some(shown) = place.intersection(&reach) else { return Ok(None) };
        // Where it cannot be told which objects have a say, all have.
        Ok(Some(expressed(set.crs, crs, &shown)?.unwrap_or(*around)))
    }
}
