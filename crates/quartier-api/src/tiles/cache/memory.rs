use std::sync::Arc;

use axum::http::HeaderValue;
use bytes::Bytes;
use quartier_twin::TileStamp;
use quick_cache::{Weighter, sync::Cache};

use super::{Encoding, shares::Owned};

/// A tile of a quiet place; with the sum it says for how many tiles there are places.
const BYTES_TYPICAL: u64 = 8 * 1024;

/// What a tile takes beside its bytes: its stamp, its place, and what the cache keeps of it.
const BYTES_BESIDE: u64 = 512;

/// A tile as it is sent.
#[derive(Debug)]
pub(crate) struct Tile {
    /// Empty where there is nothing to be seen.
    pub(crate) bytes: Bytes,
    /// What it was made for; a small one is sent as it is.
    pub(crate) asked: Encoding,
    pub(crate) encoding: Encoding,
    pub(crate) etag: HeaderValue,
    /// What it shows, in whatever encoding.
    pub(crate) digest: u128,
    pub(crate) stamp: Arc<TileStamp>,
    /// Whose it is, where it was made for one client's wishes.
    pub(super) _owned: Option<Owned>,
}

impl Tile {
    /// What it takes of the memory.
    pub(super) fn weight(bytes: &Bytes) -> u64 {
        bytes.len() as u64 + BYTES_BESIDE
    }
}

/// Tiles of which none is too large to be kept; those that are asked for seldom make room.
pub(super) struct Memory(Cache<(u128, Encoding), Arc<Tile>, Weight>);

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<(u128, Encoding), Arc<Tile>> for Weight {
    fn weight(&self, _key: &(u128, Encoding), tile: &Arc<Tile>) -> u64 {
        Tile::weight(&tile.bytes)
    }
}

impl Memory {
    pub(super) fn new(bytes_max: u64) -> Self {
        let places = (bytes_max / BYTES_TYPICAL).max(1) as usize;
        Self(Cache::with_weighter(places, bytes_max, Weight))
    }

    pub(super) fn tile(&self, key: u128, encoding: Encoding) -> Option<Arc<Tile>> {
        self.0.get(&(key, encoding))
    }

    pub(super) fn keep(&self, key: u128, encoding: Encoding, tile: Arc<Tile>) {
        self.0.insert((key, encoding), tile);
    }

    pub(super) fn give_up(&self, key: u128, encoding: Encoding) {
        self.0.remove(&(key, encoding));
    }

    pub(super) fn bytes(&self) -> u64 {
        self.0.weight()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
