//! Polygons that are too small to be drawn one by one, as the blocks that they make together.
//!
//! A [`Canvas`] takes in polygons of one look, and a [`Figure`] what all looks cover. As many cells as are covered are
//! filled (`fill`), or where cells are wider than houses and streets, ground is told apart by how densely it is built
//! on (`tones`); what is filled gets smooth outlines (`outline`), and what hangs together is a [`Block`].
//!
//! **Invariants:** what happens in a cell depends on the cells near it, counted from the corner of the tile matrix
//! set, and never on the tile: neighbours agree. All sums are of integers: the order of objects does not matter.

#![expect(
    clippy::cast_possible_wrap,
    reason = "cells and units of one tile's window are counted in thousands"
)]

mod block;
mod canvas;
mod corner;
mod figure;
mod fill;
mod ground;
mod outline;
mod pieces;
mod straighten;
mod tones;

pub use block::Block;
pub use canvas::Canvas;
pub use figure::{COUNTED, Figure};
pub use ground::{Manner, Tone};

/// Tile units on a side of a cell: a pixel.
pub(crate) const CELL: u32 = 8;

/// Cells on a side of a tile.
pub const CELLS: usize = 512;

/// Cells around a tile that bear on what is drawn in its buffer: the thresholds there go by what is drawn three squares
/// of their lattice further, and that by the cells next to it.
pub const MARGIN: usize = 32;

/// Cells on a side of what is looked at.
pub const SIDE: usize = CELLS + 2 * MARGIN;

/// Cells around a tile that are drawn: the buffer of its other features.
pub(crate) const BUFFER: usize = 8;

/// A wholly covered cell.
pub const ONE: u16 = u16::MAX;
