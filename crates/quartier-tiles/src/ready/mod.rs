//! Geometry kept ready for tiles: projected once, on the integer grid of its tile matrix set, each vertex with the
//! lowest zoom that shows it, and each outline with the zoom from which it is known to be drawn as it is.
//!
//! [`ShapesDraft`] makes [`Shapes`] of a collection's geometries, one for each row; a [`ReadyFrame`] looks at them from
//! one tile. What is not kept so (a collection of geometries, an outline that has to be mended) is a [`Drawn::Not`]:
//! whoever asks draws it from its own coordinates.

mod cell;
mod draft;
mod frame;
mod grid;
mod outline;
mod packing;
mod shapes;
mod soundness;
mod wire;

pub use draft::ShapesDraft;
pub use frame::ReadyFrame;
pub use grid::ReadyGrid;
pub(crate) use outline::{Outline, Reading};
pub use shapes::{ReadyShape, Shapes};
pub(crate) use wire::ShapeKind;

/// What came of drawing a ready shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// It is in the layer, or nothing of it is to be seen.
    Done,
    /// It is to be drawn from its own coordinates.
    Not,
}
