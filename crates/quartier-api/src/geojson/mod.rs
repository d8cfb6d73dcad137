//! GeoJSON (RFC 7946) in and out, in any CRS that was agreed on.

mod depth;
mod position;
mod read;
mod shape;
mod stream;
mod view;
mod write;

pub(crate) use read::{Draft, Patch, parse, read_feature, read_geometry, read_patch};
pub(crate) use stream::{FeatureCollection, Listed};
pub(crate) use view::View;
pub(crate) use write::{write_feature, write_json};
