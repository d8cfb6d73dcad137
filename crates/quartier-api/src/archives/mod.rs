//! Base layers from files of tiles: TileJSON and the tiles, for maps. No standard of the OGC's is about them.

mod list;
mod shelf;
mod tile;
mod tilejson;

pub(crate) use list::archives;
pub use shelf::{ArchiveConfig, Archives};
pub(crate) use tile::tile;
pub(crate) use tilejson::archive;
