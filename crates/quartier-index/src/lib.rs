//! One collection in memory: found by id, space, time and property, in few bytes.
//!
//! A [`Builder`] gathers objects into columns, compact geometry and a packed R-tree; a [`CollectionIndex`] is the
//! result, which readers share. **Invariants:** no I/O, no async. An index is never changed: a change makes another,
//! which shares what has stayed the same. What was put in comes out as the same bits, geometry and properties.

mod builder;
mod collection_index;
mod column;
mod decimal;
mod digest;
mod geometry;
mod id_slots;
mod matching;
mod moments;
mod nearest;
mod object;
mod occupied;
mod packed;
mod page;
mod segment;
mod segment_ref;
mod space;
mod strings;
mod table;
mod validity;
mod value;

pub use builder::Builder;
pub use collection_index::{CollectionIndex, Entry};
pub use nearest::Near;
pub use object::ObjectRef;
pub use page::Page;
pub use segment_ref::{ColumnRef, SegmentKey, SegmentRef};
pub use space::Metric;
pub use value::ValueRef;
