//! CityJSON 1.0 to 2.0 and CityJSONSeq.
//!
//! A CityJSON file keeps its vertices apart from its objects, mostly at the end: it is read twice, and its vertices
//! (24 bytes each) and the objects whose parents or children have not come yet are kept in memory. A CityJSONSeq
//! file takes the memory of its largest feature.

mod assembly;
mod boundaries;
mod document;
mod format;
mod object;
mod sequence;

pub(crate) use document::{Document, open_document, read_document};
pub(crate) use sequence::{Sequence, open_sequence, read_sequence};

/// The same as for CityGML.
const OBJECT_BYTES_MAX: u64 = 256 << 20;
