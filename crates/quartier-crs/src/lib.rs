//! Coordinate reference systems through PROJ: transformations, axis order, and a fast approximation for tiles.
//!
//! **Invariants:** the only crate that uses PROJ, and the only one with `unsafe` code (`describe.rs`). Coordinates go
//! in and come out as x (east, longitude), y (north, latitude); heights pass unchanged. No network: grids that are
//! not installed are not fetched.

mod describe;
mod error;
mod transform;
mod warp;

pub use describe::{Axes, Description, describe};
pub use error::{Error, Result};
pub use transform::Transform;
pub use warp::Warp;
