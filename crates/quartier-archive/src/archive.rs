use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use bytes::Bytes;

use crate::{About, Coding, Error, Place, Result, gzip::inflate, limits, mb::MbArchive, pm};

/// How SQLite's files begin.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// A file of tiles that is open for reading. What takes its name later is another file, and not seen.
pub struct Archive {
    pub about: About,
    path: PathBuf,
    kind: Kind,
}

enum Kind {
    PmTiles(Box<pm::PmArchive>),
    MbTiles(MbArchive),
}

impl Archive {
    /// Opens a file by what it holds, not by its name.
    pub async fn open(path: &Path) -> Result<Self> {
        let unread = |source| Error::Read { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(unread)?;
        let mut first = Vec::new();
        file.by_ref().take(SQLITE.len() as u64).read_to_end(&mut first).map_err(unread)?;
        let (kind, about) = if pm::is_pmtiles(&first) {
            let (archive, about) = pm::PmArchive::open(path, file)?;
            (Kind::PmTiles(Box::new(archive)), about)
        } else if first == SQLITE {
            let (archive, about) = MbArchive::open(path).await?;
            (Kind::MbTiles(archive), about)
        } else {
            return Err(Error::Unknown { path: path.to_owned() });
        };
        if matches!(about.coding, Coding::Brotli | Coding::Zstd) {
            let what = "has tiles that are compressed by brotli or zstd and not by gzip";
            return Err(Error::Unsupported { path: path.to_owned(), what });
        }
        Ok(Self { about, path: path.to_owned(), kind })
    }

    /// A tile as it stands in the file, compressed as [`About::coding`] says. Blocks: not for an async task.
    pub fn tile(&self, place: Place) -> Result<Option<Bytes>> {
        match &self.kind {
            Kind::PmTiles(archive) => archive.tile(place),
            Kind::MbTiles(archive) => archive.tile(place),
        }
    }

    /// A tile of this file as it is when nothing is compressed.
    pub fn unpacked(&self, tile: &Bytes) -> Result<Bytes> {
        if self.about.coding == Coding::Identity {
            return Ok(tile.clone());
        }
        let what = "a tile does not unpack";
        let unpacked = inflate(tile, limits::TILE_BYTES_MAX).map(Bytes::from);
        unpacked.ok_or_else(|| Error::Damaged { path: self.path.clone(), what })
    }
}
