use geo_types::Coord;

use super::{
    CELL, ONE, SIDE,
    corner::{around, shift},
};

/// Cells between two knots of the lattice on which the threshold is found: tight enough that each quarter keeps its
/// tone, wide enough that it has streets and houses.
const STEP: usize = 8;

/// The same in halves of a cell, in which places of cells are whole.
const FAR: i32 = 2 * STEP as i32;

const SQUARES: usize = SIDE / STEP;
const KNOTS: usize = SQUARES + 1;

/// Steps in which cells are told apart by how densely they are covered.
const BINS: usize = 64;

/// How much more or less than is covered may be filled to make up for what smooth outlines take or add: beyond that
/// nothing is left of it to be seen, such as one house in a wide field.
const CORRECTION: std::ops::RangeInclusive<f64> = 0.5..=2.0;

/// How much denser than its threshold each cell is; what is above 0 is filled.
///
/// Density is what is covered of a cell and its neighbours. The threshold is the one above which there are as many
/// cells as are covered around each knot of a lattice, and runs evenly between the knots: so the area stays, and
/// streets and yards open where they are widest. It is found twice: at first for the cells, and then for their
/// outlines, which enclose less where blocks are small.
pub(crate) fn surplus(total: &[u16]) -> Vec<i32> {
    let density = blurred(total, 1);
    let mut squares = squares(total, &density);
    let first = above(density.clone(), &thresholds(&squares));
    measure(&mut squares, &first);
    above(density, &thresholds(&squares))
}

fn above(mut density: Vec<i32>, knots: &[Option<i32>]) -> Vec<i32> {
    for (row, cells) in density.chunks_exact_mut(SIDE).enumerate() {
        for (column, cells) in cells.chunks_exact_mut(STEP).enumerate() {
            let first = row / STEP * KNOTS + column;
            let corners = [first, first + 1, first + KNOTS, first + KNOTS + 1];
            lower(cells, corners.map(|knot| knots[knot]), row % STEP);
        }
    }
    density
}

/// Finds what would be drawn of each square.
fn measure(squares: &mut [Square], surplus: &[i32]) {
    for square in squares.iter_mut() {
        square.drawn = 0;
    }
    let solid = solid(surplus);
    for row in 1..SIDE - 1 {
        let filled = (row * SIDE + 1..(row + 1) * SIDE - 1).filter(|cell| surplus[*cell] > 0);
        for cell in filled {
            let share = if solid[cell] { ONE.into() } else { share(surplus, cell) };
            squares[row / STEP * SQUARES + cell % SIDE / STEP].drawn += share;
        }
    }
}

/// Which cells are filled with all around them. The outermost ones are not asked for.
fn solid(surplus: &[i32]) -> Vec<bool> {
    let filled: Vec<bool> = surplus.iter().map(|surplus| *surplus > 0).collect();
    three(&three(&filled, 1), SIDE)
}

fn three(filled: &[bool], step: usize) -> Vec<bool> {
    let mut all = vec![false; filled.len()];
    let inner = step..filled.len() - step;
    let around = filled.iter().zip(&filled[step..]).zip(&filled[2 * step..]);
    for (all, ((before, own), after)) in all[inner].iter_mut().zip(around) {
        *all = before & own & after;
    }
    all
}

/// What is drawn of a filled cell at a rim, in parts of [`ONE`]: what lies between its corners.
fn share(surplus: &[i32], cell: usize) -> u32 {
    let side = CELL as i32;
    let at = |cell: usize, x: i32, y: i32| {
        shift(around(cell).map(|cell| surplus[cell].into())) + Coord { x, y }
    };
    let (a, b) = (at(cell, 0, 0), at(cell + 1, side, 0));
    let (c, d) = (at(cell + SIDE + 1, side, side), at(cell + SIDE, 0, side));
    let doubled = (c.x - a.x) * (d.y - b.y) - (d.x - b.x) * (c.y - a.y);
    u32::from(ONE) * doubled.unsigned_abs() / (2 * CELL * CELL)
}

/// The mean of each cell and its neighbours, by the weights 1 2 1 across and down, so many times over.
pub(crate) fn blurred(cells: &[u16], times: usize) -> Vec<i32> {
    let mut sums: Vec<i32> = cells.iter().map(|cell| i32::from(*cell)).collect();
    for step in [1, SIDE] {
        for _ in 0..times {
            sums = smooth(&sums, step);
        }
    }
    for sum in &mut sums {
        *sum >>= 4 * times;
    }
    sums
}

/// Each cell twice and those before and after it, in rows or, with a row's length as the step, in columns.
fn smooth(cells: &[i32], step: usize) -> Vec<i32> {
    let mut sums = vec![0; cells.len()];
    let inner = step..cells.len() - step;
    let around = cells.iter().zip(&cells[step..]).zip(&cells[2 * step..]);
    for (sum, ((before, cell), after)) in sums[inner].iter_mut().zip(around) {
        *sum = before + 2 * cell + after;
    }
    sums
}

/// The cells between four knots: how many there are of each density, and in parts of [`ONE`] how much is covered, and
/// drawn of it.
#[derive(Clone)]
struct Square {
    bins: [u8; BINS],
    covered: u32,
    drawn: u32,
}

fn squares(total: &[u16], density: &[i32]) -> Vec<Square> {
    let mut squares = vec![Square { bins: [0; BINS], covered: 0, drawn: 0 }; SQUARES * SQUARES];
    let rows = total.chunks_exact(SIDE).zip(density.chunks_exact(SIDE)).enumerate();
    for (row, (total, density)) in rows {
        let squares = &mut squares[row / STEP * SQUARES..][..SQUARES];
        let pieces = total.chunks_exact(STEP).zip(density.chunks_exact(STEP));
        for (square, (total, density)) in squares.iter_mut().zip(pieces) {
            square.covered += total.iter().map(|share| u32::from(*share)).sum::<u32>();
            square.drawn = square.covered;
            for density in density {
                square.bins[*density as usize * BINS / (usize::from(ONE) + 1)] += 1;
            }
        }
    }
    squares
}

/// The threshold at each knot; `None` where nothing is covered around it, and at the outermost ones.
fn thresholds(squares: &[Square]) -> Vec<Option<i32>> {
    let mut knots = vec![None; KNOTS * KNOTS];
    for row in 1..SQUARES {
        for column in 1..SQUARES {
            let first = (row - 1) * SQUARES + column - 1;
            let around = [first, first + 1, first + SQUARES, first + SQUARES + 1];
            knots[row * KNOTS + column] = threshold(around.map(|index| &squares[index]));
        }
    }
    knots
}

/// The density above which there are as many cells as are covered, or more where less than that would be drawn.
fn threshold(squares: [&Square; 4]) -> Option<i32> {
    let covered: u32 = squares.iter().map(|square| square.covered).sum();
    if covered == 0 {
        return None;
    }
    let drawn: u32 = squares.iter().map(|square| square.drawn).sum();
    let share = f64::from(covered) / f64::from(drawn.max(1));
    let share = share.clamp(*CORRECTION.start(), *CORRECTION.end());
    let mut left = f64::from(covered) * share / f64::from(ONE);
    let width = f64::from(ONE) / BINS as f64;
    for bin in (0..BINS).rev() {
        let count: u32 = squares.iter().map(|square| u32::from(square.bins[bin])).sum();
        if f64::from(count) > left {
            return Some(((bin as f64 + 1.0 - left / f64::from(count)) * width) as i32);
        }
        left -= f64::from(count);
    }
    Some(0)
}

/// Takes from a square's row of cells the threshold, which runs evenly between those of its corners that have one.
fn lower(cells: &mut [i32], knots: [Option<i32>; 4], row: usize) {
    let (below, above) = (2 * row as i32 + 1, FAR - 2 * row as i32 - 1);
    match knots {
        [None, None, None, None] => cells.iter_mut().for_each(|cell| *cell -= i32::from(ONE)),
        [Some(left_above), Some(right_above), Some(left), Some(right)] => {
            let (left, right) =
                (left_above * above + left * below, right_above * above + right * below);
            for (column, cell) in cells.iter_mut().enumerate() {
                let x = 2 * column as i32 + 1;
                *cell -= ((FAR - x) * left + x * right) / (FAR * FAR);
            }
        }
        _ => lower_at_rim(cells, knots, (above, below)),
    }
}

/// The same where some of the corners have no threshold.
fn lower_at_rim(cells: &mut [i32], knots: [Option<i32>; 4], (above, below): (i32, i32)) {
    for (column, cell) in cells.iter_mut().enumerate() {
        let x = 2 * column as i32 + 1;
        let weights = [(FAR - x) * above, x * above, (FAR - x) * below, x * below];
        let known = knots.iter().zip(weights).filter_map(|(knot, weight)| Some(((*knot)?, weight)));
        let (sum, weight) =
            known.fold((0, 0), |(sum, all), (knot, weight)| (sum + knot * weight, all + weight));
        *cell -= sum / weight;
    }
}
