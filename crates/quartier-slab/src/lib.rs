//! Flat arrays that are made in memory, or are a part of a file that is mapped into it: whoever reads them cannot tell.
//!
//! A structure whose arrays are [`Slab`]s puts them into [`Sections`], one after another and by name; whoever has the
//! sections in a file takes the structure from them again, without copying.
//!
//! **Invariants:** no I/O. A slab is never changed.

mod misfit;
mod sections;
mod slab;

pub use misfit::Misfit;
pub use sections::{Section, Sectioned, Sections};
pub use slab::{Element, Slab};
