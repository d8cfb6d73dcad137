//! The HTTP face of the twin: one folder for each standard that it speaks. Start reading at `routes.rs`.
//!
//! **Invariants:** the only crate that knows HTTP. No SQL. What a client sends becomes a word of the model in an
//! extractor or in `params`, or is refused there by name. Whatever computes does so on a blocking thread.

mod app;
mod archives;
mod ask;
mod auth;
mod base;
mod body;
mod city;
mod client;
mod error;
mod features;
mod format;
mod geojson;
mod html;
mod layers;
mod limits;
mod links;
mod live;
mod map;
mod openapi;
mod operations;
mod params;
mod problem;
mod query;
mod readings;
mod routes;
mod sensorthings;
mod serve;
mod styles;
mod tag;
mod tiles;
mod twin;

pub use app::{App, Settings, SetupError};
pub use archives::{ArchiveConfig, Archives};
pub use base::{Base, BaseError};
pub use routes::router;
pub use sensorthings::{SensorThings, Writers, serve_mqtt};
pub use serve::serve;
pub use tiles::{MatrixSetFileError, TileCache, TileFolder, load_matrix_sets};
