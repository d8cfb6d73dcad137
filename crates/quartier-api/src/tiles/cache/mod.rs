//! Tiles that were drawn, as they were sent.
//!
//! **Invariants:** what is found here is checked against the snapshot of whoever asks: a tile that a change has touched
//! since it was drawn is not found. Memory is bounded; what one client's wishes take is bounded for each client, in a
//! part of its own, so that it never makes what all look at go.

mod accept;
mod disk;
mod encoding;
mod flights;
pub(crate) mod front;
mod memory;
mod shares;

use std::{fmt, io, path::PathBuf, sync::Arc};

use bytes::Bytes;
use quartier_twin::TileStamp;

pub(crate) use accept::Accepted;
use disk::Disk;
pub(crate) use encoding::Encoding;
use flights::Flights;
pub(super) use flights::{Follow, Lead};
pub(crate) use front::Asked;
use front::Front;
use memory::Memory;
pub(crate) use memory::Tile;
use shares::Shares;

use super::tag;
use crate::client::Client;

/// What some two hundred desks look at, in two encodings of 60 kB for a full tile.
const MEMORY_BYTES: u64 = 256 * 1024 * 1024;

/// The part of memory, one in so many, that is for tiles that clients chose something for…
const CHOSEN_PART: u64 = 4;

/// …and of that the part that one client may have.
const CLIENT_PART: u64 = 8;

/// Where tiles are kept that were drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileCache {
    pub memory_bytes: u64,
    /// Survives a restart; none where it is not asked for.
    pub disk: Option<TileFolder>,
}

/// A folder for drawn tiles, which nobody else writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileFolder {
    pub folder: PathBuf,
    pub bytes_max: u64,
}

impl Default for TileCache {
    fn default() -> Self {
        Self { memory_bytes: MEMORY_BYTES, disk: None }
    }
}

/// Why a tile could not be drawn.
pub(super) type Broken = Arc<quartier_twin::Error>;

/// What is asked for, apart from the objects' state and the encoding.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) hash: u128,
    /// The client whose wishes it follows; `None` where everyone asks for the same.
    pub(super) chosen_by: Option<Client>,
}

pub(crate) struct Cache {
    plain: Memory,
    chosen: Memory,
    shares: Arc<Shares>,
    disk: Option<Arc<Disk>>,
    pub(crate) front: Front,
    pub(super) flights: Arc<Flights<Result<Arc<Tile>, Broken>>>,
}

impl Cache {
    pub(crate) fn open(settings: &TileCache) -> io::Result<Self> {
        let TileCache { memory_bytes, disk } = settings;
        let chosen = memory_bytes / CHOSEN_PART;
        let disk =
            disk.as_ref().map(|it| Disk::open(it.folder.clone(), it.bytes_max)).transpose()?;
        Ok(Self {
            disk,
            front: Front::default(),
            plain: Memory::new(memory_bytes - chosen),
            chosen: Memory::new(chosen),
            shares: Arc::new(Shares::new(chosen / CLIENT_PART)),
            flights: Arc::default(),
        })
    }

    /// Whether a tile may be read from a disk, and is written there.
    pub(super) fn has_disk(&self) -> bool {
        self.disk.is_some()
    }

    /// Bytes from the disk, where they are there; else they are made, and put there.
    pub(super) fn written(
        &self,
        digest: u128,
        encoding: Encoding,
        make: impl FnOnce() -> quartier_twin::Result<Bytes>,
    ) -> quartier_twin::Result<Bytes> {
        let Some(disk) = &self.disk else { return make() };
        if let Some(bytes) = disk.tile(digest, encoding) {
            return Ok(bytes);
        }
        let bytes = make()?;
        disk.keep(digest, encoding, &bytes);
        Ok(bytes)
    }

    /// A tile in an encoding, or as it is where it is too small to gain by that; whoever asks still has to see
    /// whether its stamp holds.
    pub(super) fn tile(&self, key: Key, encoding: Encoding) -> Option<Arc<Tile>> {
        self.memory(key).tile(key.hash, encoding)
    }

    /// Keeps bytes as what is sent to those who ask for an encoding.
    pub(super) fn keep(
        &self,
        key: Key,
        asked: Encoding,
        (encoding, bytes): (Encoding, Bytes),
        (digest, stamp): (u128, Arc<TileStamp>),
    ) -> Arc<Tile> {
        let share = key
            .chosen_by
            .map(|client| self.shares.take(client, (key.hash, asked), Tile::weight(&bytes)));
        let (owned, spent) =
            share.map_or((None, Vec::new()), |(owned, spent)| (Some(owned), spent));
        for (hash, encoding) in spent {
            self.chosen.give_up(hash, encoding);
        }
        let etag = tag::of(digest, encoding);
        let tile = Arc::new(Tile { bytes, asked, encoding, etag, digest, stamp, _owned: owned });
        self.memory(key).keep(key.hash, asked, Arc::clone(&tile));
        tile
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.plain.bytes() + self.chosen.bytes()
    }

    /// What is in the folder; 0 where there is none.
    pub(crate) fn disk_bytes(&self) -> u64 {
        self.disk.as_ref().map_or(0, |disk| disk.bytes())
    }

    pub(crate) fn len(&self) -> usize {
        self.plain.len() + self.chosen.len()
    }

    fn memory(&self, key: Key) -> &Memory {
        if key.chosen_by.is_some() { &self.chosen } else { &self.plain }
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Cache")
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    const TILE_BYTES: usize = 2_000;

    fn client(number: u8) -> Client {
        Client::Address(IpAddr::from([192, 0, 2, number]))
    }

    fn keep(cache: &Cache, key: Key) {
        let bytes = Bytes::from(vec![0; TILE_BYTES]);
        cache.keep(key, Encoding::Identity, (Encoding::Identity, bytes), (0, Arc::default()));
    }

    #[test]
    fn a_hundred_thousand_wishes_of_one_client_leave_everyone_elses_tiles_where_they_are() {
        let memory_bytes = 8 * 1024 * 1024;
        let cache = Cache::open(&TileCache { memory_bytes, disk: None }).unwrap();
        let (common, other) =
            (Key { hash: 1, chosen_by: None }, Key { hash: 2, chosen_by: Some(client(2)) });
        keep(&cache, common);
        keep(&cache, other);
        for wish in 0..100_000 {
            keep(&cache, Key { hash: 1_000 + wish, chosen_by: Some(client(1)) });
        }
        assert!(cache.tile(common, Encoding::Identity).is_some());
        assert!(cache.tile(other, Encoding::Identity).is_some());
        let share = memory_bytes / CHOSEN_PART / CLIENT_PART;
        assert!(cache.chosen.bytes() <= share + 2 * (TILE_BYTES as u64 + 1_000));
        assert!(cache.len() > 50, "the client has its share");
    }
}
