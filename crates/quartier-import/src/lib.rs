//! Files to city objects: everything that GDAL reads, CityJSON, CityJSONSeq and CityGML.
//!
//! [`inputs`] turns what a user wrote into files, [`open`] says what is in one, [`Source::read`] streams its objects.
//!
//! **Invariants:** the only user of `gdal`. Coordinates leave in x (east, longitude), y (north, latitude), whatever
//! the file's order is, and otherwise as they are in the file. An object that cannot be read is a
//! [`Record::Rejected`] and never silently missing; a file that breaks off is an error. Everything blocks: run it
//! on a thread of its own.

mod archive;
mod citygml;
mod cityjson;
mod crs;
mod error;
mod footprint;
mod geometry;
mod input;
mod intake;
mod metered;
mod ogr;
mod sniff;
mod solid;
mod source;

pub use crs::SourceCrs;
pub use error::{Error, Result};
pub use input::{Input, inputs};
pub use metered::Progress;
pub use source::{Expected, ReadOptions, Record, Source, open};
