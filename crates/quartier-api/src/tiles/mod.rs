//! OGC API - Tiles: [Part 1](https://docs.ogc.org/is/20-057/20-057.html), with
//! [TileJSON 3.0](https://github.com/mapbox/tilejson-spec) beside it.

mod coord;
mod drawing;
mod kept;
mod layers;
mod matrix_set;
mod set;
mod tile;
mod tilejson;

pub(crate) use kept::Kept;
pub(crate) use layers::read_collections;
pub(crate) use matrix_set::{tile_matrix_set, tile_matrix_sets};
pub(crate) use set::{
    collection_set, collection_sets, collection_tilejson, dataset_set, dataset_sets,
    dataset_tilejson,
};
pub(crate) use tile::{collection_tile, collection_tile_xyz, dataset_tile, dataset_tile_xyz};
