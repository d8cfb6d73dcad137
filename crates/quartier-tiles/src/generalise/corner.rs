use geo_types::Coord;

use super::{BUFFER, CELL, CELLS, MARGIN, SIDE, ground::Ground};

/// Cells on a side of what is drawn: the tile and its buffer.
pub(crate) const DRAWN: usize = CELLS + 2 * BUFFER;

/// Corners on a side of what is drawn.
pub(crate) const CORNERS: usize = DRAWN + 1;

/// How far from its place on the lattice a corner may be drawn, in tile units: within the square around it that no
/// other corner enters, so that outlines never cross.
pub(crate) const REACH: i32 = CELL as i32 / 2 - 1;

/// The first cell that is drawn, in the window that is looked at.
const FIRST: usize = MARGIN - BUFFER;

/// Where a corner between cells is on the lattice, in tile units.
pub(crate) fn lattice(corner: usize) -> Coord<i32> {
    let unit = |place: usize| (place as i32 - BUFFER as i32) * CELL as i32;
    Coord { x: unit(corner % CORNERS), y: unit(corner / CORNERS) }
}

/// Where a corner is drawn. At the tile's edges corners stay on the edge, where both neighbours draw them; so they do
/// at the window's.
pub(crate) fn place(ground: &Ground, corner: usize) -> Coord<i32> {
    let (column, row) = (corner % CORNERS, corner / CORNERS);
    let shift = shift(ground.around((row + FIRST) * SIDE + column + FIRST));
    let lattice = lattice(corner);
    Coord {
        x: lattice.x + if is_edge(column) { 0 } else { shift.x },
        y: lattice.y + if is_edge(row) { 0 } else { shift.y },
    }
}

/// The four cells around the top left corner of one: on the left and right above, and on the left and right.
pub(crate) fn around(cell: usize) -> [usize; 4] {
    [cell - SIDE - 1, cell - SIDE, cell - 1, cell]
}

/// How far off the lattice a corner is drawn: on the line along which what is told of the four cells around it would
/// be 0, in tile units. Between cells that are all above it, it stays.
pub(crate) fn shift([left_above, right_above, left, right]: [i64; 4]) -> Coord<i32> {
    if left_above > 0 && right_above > 0 && left > 0 && right > 0 {
        return Coord { x: 0, y: 0 };
    }
    let sum = left + right + left_above + right_above;
    let across = right + right_above - left - left_above;
    let down = left + right - left_above - right_above;
    let steepness = (across * across + down * down).max(1);
    let reach = i64::from(REACH);
    let shift =
        |slope: i64| (-sum * slope * i64::from(CELL) / 2 / steepness).clamp(-reach, reach) as i32;
    Coord { x: shift(across), y: shift(down) }
}

/// Whether a row or column of corners is an edge of the tile or of what is drawn.
pub(crate) fn is_edge(place: usize) -> bool {
    [0, BUFFER, BUFFER + CELLS, DRAWN].contains(&place)
}
