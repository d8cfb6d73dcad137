//! OGC API - Tiles: [Part 1](https://docs.ogc.org/is/20-057/20-057.html), with
//! [TileJSON 3.0](https://github.com/mapbox/tilejson-spec) beside it.

mod answer;
mod asker;
mod cache;
mod coord;
mod document;
mod drawing;
mod layers;
mod limits;
mod load;
mod matrix_set;
mod metadata;
mod selection;
mod set;
pub(crate) mod tag;
mod tile;
mod tilejson;
mod turns;

pub(crate) use cache::{Accepted, Cache, Encoding, front::InFront};
pub use cache::{TileCache, TileFolder};
pub(crate) use layers::read_collections;
pub use load::{MatrixSetFileError, load_matrix_sets};
pub(crate) use matrix_set::{tile_matrix_set, tile_matrix_sets};
pub(crate) use set::{
    collection_set, collection_sets, collection_tilejson, dataset_set, dataset_sets,
    dataset_tilejson,
};
pub(crate) use tile::{collection_tile, collection_tile_xyz, dataset_tile, dataset_tile_xyz};
pub(crate) use turns::Turns;
