//! City objects to files that other programs read.
//!
//! **Invariants:** a file appears under its name when it is whole, and not before: a run that fails leaves what was
//! there. Objects are written as they come; none is held for longer than it takes to write it.

mod error;
mod fgb;
mod sequence;
mod target;

pub use error::{Error, Result};
pub use fgb::flatgeobuf;
pub use sequence::city_json_seq;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    pub objects: u64,
    /// Objects that the format has no place for: those without a geometry.
    pub left_out: u64,
    pub bytes: u64,
}
