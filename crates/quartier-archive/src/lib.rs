//! Files of tiles: PMTiles and MBTiles, written whole or not at all, and read tile by tile.
//!
//! **Invariants:** a file appears under its name when it is whole. A file that is read is not believed: each size that
//! it states has a limit, and what is wrong with it is an error that says so. Everything here blocks.

mod about;
mod archive;
mod error;
mod gzip;
mod limits;
mod mb;
mod part_file;
mod place;
mod pm;
mod walk;
mod writer;

use std::path::Path;

pub use about::{About, Center, Coding, TileFormat};
pub use archive::Archive;
pub use error::{Error, Result};
pub use gzip::gzip;
pub use place::Place;
pub use walk::walk;
pub use writer::{Container, Writer, Written};

/// What a file is called that does not say it itself.
fn name_of(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}
