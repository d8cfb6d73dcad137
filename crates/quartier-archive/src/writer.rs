use std::path::Path;

use crate::{About, Place, Result, mb::MbWriter, pm::PmWriter};

/// The two kinds of files of tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// [PMTiles 3](https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md).
    PmTiles,
    /// [MBTiles 1.3](https://github.com/mapbox/mbtiles-spec/blob/master/1.3/spec.md).
    MbTiles,
}

/// A file of tiles that is being written; it has its name once it is whole. Blocks: not for an async task.
pub struct Writer {
    kind: Kind,
    tiles: u64,
}

enum Kind {
    PmTiles(Box<PmWriter>),
    MbTiles(MbWriter),
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    pub tiles: u64,
    pub bytes: u64,
}

impl Writer {
    pub fn create(path: &Path, container: Container, about: &About) -> Result<Self> {
        let kind = match container {
            Container::PmTiles => Kind::PmTiles(Box::new(PmWriter::create(path, about)?)),
            Container::MbTiles => Kind::MbTiles(MbWriter::create(path, about)?),
        };
        Ok(Self { kind, tiles: 0 })
    }

    /// Adds a tile, compressed as the file says that its tiles are. In the order of the places' numbers, a file can
    /// be read fastest; an empty tile is none.
    pub fn add(&mut self, place: Place, tile: &[u8]) -> Result<()> {
        if tile.is_empty() {
            return Ok(());
        }
        self.tiles += 1;
        match &mut self.kind {
            Kind::PmTiles(writer) => writer.add(place, tile),
            Kind::MbTiles(writer) => writer.add(place, tile),
        }
    }

    pub fn finish(self) -> Result<Written> {
        let bytes = match self.kind {
            Kind::PmTiles(writer) => writer.finish()?,
            Kind::MbTiles(writer) => writer.finish()?,
        };
        Ok(Written { tiles: self.tiles, bytes })
    }
}
