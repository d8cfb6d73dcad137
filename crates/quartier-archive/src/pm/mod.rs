//! PMTiles: written by the crate of that name, and read here, where each size is checked before it is believed.

mod directory;
mod header;
mod read;
mod write;

pub(crate) use header::is_pmtiles;
pub(crate) use read::PmArchive;
pub(crate) use write::PmWriter;
