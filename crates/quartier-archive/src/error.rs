use std::{
    io,
    path::{Path, PathBuf},
};

pub type Result<T> = std::result::Result<T, Error>;

/// What is wrong with a file of tiles, or why one was not written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot make a file in {}: check that the folder exists and may be written", folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    #[error("cannot write {}: check that there is room on the disk", path.display())]
    Write { path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("cannot put {} in its place: check that nothing else stands there", path.display())]
    Place { path: PathBuf, source: io::Error },
    #[error("there is no tile {z}/{x}/{y}: at zoom {z} columns and rows go from 0 to 2^{z} - 1")]
    NoSuchTile { z: u8, x: u32, y: u32 },
    #[error("cannot read {}: check that the file is there and may be read", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} is no file of tiles: PMTiles (version 3) and MBTiles can be read", path.display())]
    Unknown { path: PathBuf },
    #[error("{} is damaged: {what}; make it anew", path.display())]
    Damaged { path: PathBuf, what: &'static str },
    #[error("{} cannot be read as MBTiles: check it with `sqlite3`, or make it anew", path.display())]
    Database { path: PathBuf, source: sqlx::Error },
    #[error("{} {what}: convert it with a tool such as `pmtiles` or `tile-join`", path.display())]
    Unsupported { path: PathBuf, what: &'static str },
}

impl Error {
    pub(crate) fn write(
        path: &Path,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Write { path: path.to_owned(), source: source.into() }
    }
}
