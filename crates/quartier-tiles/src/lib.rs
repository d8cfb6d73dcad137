//! Vector tiles from geometry: where tiles lie, and how features become their bytes.
//!
//! A feature goes through [`Layer::push`]: it is simplified for the zoom, clipped to the tile and its margin, snapped
//! to the tile's grid, mended where that broke it, and written. [`encode`] puts layers together.
//!
//! **Invariants:** no I/O, no async, no projection. Tile units run right and down from the tile's top left corner,
//! [`EXTENT`] of them on a side. Every polygon in a tile is valid and wound as the specification says.

mod clip;
mod commands;
mod coord;
mod detail;
mod dictionary;
mod generalise;
mod layer;
mod line;
mod matrix_set;
mod nest;
mod pen;
mod polygon;
mod ready;
mod repair;
mod rings;
mod simplify;
mod snap;
mod survey;
mod thin;
mod tile_range;
mod topology;
mod trace;
mod wire;

pub use coord::{TileCoord, TileCoordError, ZOOM_MAX};
pub use detail::{Detail, EXTENT};
pub use dictionary::Value;
pub use generalise::{Block, CELLS, COUNTED, Canvas, Figure, MARGIN, Manner, ONE, SIDE, Tone};
pub use layer::{KeyCode, Layer, Tags, ValueCode, encode};
pub use matrix_set::{
    Frame, Level, LevelsError, PIXEL_M, TileMatrix, TileMatrixSet, TileMatrixSets,
    TileMatrixSetsError,
};
pub use ready::{Drawn, ReadyFrame, ReadyGrid, ReadyShape, Shapes, ShapesDraft};
pub use thin::{CrowdPoint, Standing, thin};
pub use tile_range::TileRange;
pub use topology::{Form, Path, shown_from};
