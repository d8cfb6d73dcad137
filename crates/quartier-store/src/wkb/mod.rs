//! Geometry as the databases keep it: Well-Known Binary, as `PostGIS` extends it (EWKB) and as GeoPackage wraps it.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use read::{read_ewkb, read_geopackage};
pub(crate) use write::{write_ewkb, write_geopackage};

const LITTLE_ENDIAN: u8 = 1;

/// The numbers of ISO 13249-3 for the kinds that a [`quartier_model::Geometry`] can be.
mod code {
    pub(super) const POINT: u32 = 1;
    pub(super) const LINE_STRING: u32 = 2;
    pub(super) const POLYGON: u32 = 3;
    pub(super) const MULTI_POINT: u32 = 4;
    pub(super) const MULTI_LINE_STRING: u32 = 5;
    pub(super) const MULTI_POLYGON: u32 = 6;
    pub(super) const GEOMETRY_COLLECTION: u32 = 7;
}

/// EWKB marks heights and the SRID with bits.
const EWKB_HEIGHTS: u32 = 0x8000_0000;
const EWKB_SRID: u32 = 0x2000_0000;
/// ISO WKB marks heights by adding this.
const ISO_HEIGHTS: u32 = 1000;

/// `GP`, version 1.
const GEOPACKAGE_MAGIC: [u8; 3] = [b'G', b'P', 0];
/// Shift of the envelope's kind in the flags.
const ENVELOPE_SHIFT: u8 = 1;
