use std::fmt;

use bytes::Bytes;
use quick_cache::{Weighter, sync::Cache};

/// Memory of tiles that were drawn: what some fifty desks look at, at 60 kB for a full tile.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A tile of a quiet place; with the sum it says for how many tiles there are places.
const BYTES_TYPICAL: u64 = 8 * 1024;

/// What a tile takes beside its bytes.
const BYTES_BESIDE: u64 = 128;

/// Tiles by what they show and how far the city was: one that was drawn is drawn again only after an object has
/// changed. Those that are asked for seldom make room.
pub(crate) struct Kept(Cache<u128, Bytes, Weight>);

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<u128, Bytes> for Weight {
    fn weight(&self, _key: &u128, tile: &Bytes) -> u64 {
        tile.len() as u64 + BYTES_BESIDE
    }
}

impl Kept {
    pub(super) fn tile(&self, key: u128) -> Option<Bytes> {
        self.0.get(&key)
    }

    pub(super) fn keep(&self, key: u128, tile: Bytes) {
        self.0.insert(key, tile);
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.0.weight()
    }
}

impl Default for Kept {
    fn default() -> Self {
        let places = (BYTES_MAX / BYTES_TYPICAL) as usize;
        Self(Cache::with_weighter(places, BYTES_MAX, Weight))
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Kept")
    }
}
