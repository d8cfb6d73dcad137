//! The engine: the store's city in memory, kept in step with it, searched, tiled and written.
//!
//! Entry points: [`Twin`] for a server, [`import`] for a file. A request takes one [`Snapshot`] and works on it to
//! its end; writers make the next one beside it.
//!
//! **Invariants:** no HTTP. The store is the truth: what is in memory can be made from it again at any time, and a
//! write is in the store before it is in a snapshot.

mod area;
mod error;
mod follow;
mod freshness;
pub mod import;
mod learn;
mod load;
mod overlay;
mod saved;
mod search;
pub mod sensors;
mod snapshot;
mod tile;
mod twin;

pub use error::{Error, Result};
pub use freshness::TileStamp;
pub use overlay::{Overlay, Overlays};
pub use saved::SavedCity;
pub use search::{Hit, Hits, Nearby, SearchCursor};
pub use snapshot::{CollectionSnapshot, Snapshot};
pub use tile::{
    FULL_DETAIL_ZOOM, PropertiesFrom, TILE_BYTES_MAX, TileLayer, TileRule, TileSelection,
};
pub use twin::{Health, Twin};
