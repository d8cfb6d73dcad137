use std::collections::BTreeMap;

use quartier_model::FeatureId;
use quartier_tiles::{CELLS, COUNTED, Figure, MARGIN, SIDE, TileCoord};

use super::{
    runs::Runs,
    site::{Cells, Site, corner},
};

/// Squares of counted objects on a side of a tile.
const COUNTS: usize = CELLS / COUNTED;

/// A cell's parts from a byte's: a wholly covered cell is all ones in both.
const PER_BYTE: u16 = 257;

/// What the small objects of a tile cover, and which objects are large.
#[derive(Debug)]
pub(super) struct Chunk {
    /// By look, in their order.
    pub(super) looks: Vec<(u16, Runs)>,
    /// Objects by the square of their centre.
    pub(super) counts: Vec<(u16, u32)>,
    /// In the order of their ids.
    pub(super) singles: Vec<FeatureId>,
}

/// A chunk in the making.
#[derive(Default)]
pub(super) struct Draft {
    looks: BTreeMap<u16, Vec<u16>>,
    counts: BTreeMap<u16, u32>,
    singles: Vec<FeatureId>,
}

impl Draft {
    /// Adds a quarter: the chunk of a tile of the next zoom, by its place in this one. What is large there may be small
    /// here: its objects come by [`Draft::add_site`].
    pub(super) fn add_quarter(&mut self, chunk: &Chunk, place: (usize, usize)) {
        for (look, runs) in &chunk.looks {
            let sums = self.looks.entry(*look).or_insert_with(|| vec![0; CELLS * CELLS]);
            runs.each(|row, column, cells| add_halved(sums, (row, column), cells, place));
        }
        for (square, count) in &chunk.counts {
            let square = usize::from(*square);
            let (column, row) = halved((square % COUNTS, square / COUNTS), COUNTS, place);
            *self.counts.entry((row * COUNTS + column) as u16).or_default() += count;
        }
    }

    /// Adds objects, the small and the large ones.
    pub(super) fn add_site(&mut self, site: &Site<'_>, tile: TileCoord, cells: &Cells<'_>) {
        let (left, top) = corner(tile);
        for (look, shares) in site.shares((left, top), CELLS, cells) {
            let sums = self.looks.entry(look).or_insert_with(|| vec![0; CELLS * CELLS]);
            // Four cells of the next zoom go into one of this.
            sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share / PER_BYTE * 4);
        }
        for (column, row) in site.centres(cells) {
            let tile = 0..CELLS as i64;
            let (column, row) = (column - left, row - top);
            if tile.contains(&column) && tile.contains(&row) {
                let square = row as usize / COUNTED * COUNTS + column as usize / COUNTED;
                *self.counts.entry(square as u16).or_default() += 1;
            }
        }
        self.singles.extend(site.singles.iter().map(|(.., object)| object.fid()));
        self.singles.sort_unstable();
    }

    pub(super) fn finish(self) -> Chunk {
        let quarter = |sum: u16| ((sum + 2) / 4).min(u16::from(u8::MAX)) as u8;
        let runs = |sums: Vec<u16>| Runs::of(&sums.into_iter().map(quarter).collect::<Vec<_>>());
        Chunk {
            looks: self.looks.into_iter().map(|(look, sums)| (look, runs(sums))).collect(),
            counts: self.counts.into_iter().collect(),
            singles: self.singles,
        }
    }
}

/// Where a place of a quarter lies in a chunk with so many places on a side.
fn halved(
    (column, row): (usize, usize),
    side: usize,
    (right, below): (usize, usize),
) -> (usize, usize) {
    ((right * side + column) >> 1, (below * side + row) >> 1)
}

/// Adds a run of a quarter's cells.
fn add_halved(
    sums: &mut [u16],
    (row, column): (usize, usize),
    cells: &[u8],
    place: (usize, usize),
) {
    for (cell, column) in cells.iter().zip(column..) {
        let (column, row) = halved((column, row), CELLS, place);
        sums[row * CELLS + column] += u16::from(*cell);
    }
}

impl Chunk {
    pub(super) fn looks(&self) -> impl Iterator<Item = u16> {
        self.looks.iter().map(|(look, _)| *look)
    }

    /// Adds a look to the cells of a figure, from a chunk that lies so many tiles to the right and below of it.
    pub(super) fn add_to(&self, look: u16, (right, below): (i64, i64), shares: &mut [u16]) {
        let Ok(known) = self.looks.binary_search_by_key(&look, |(look, _)| *look) else { return };
        let shift = |tiles: i64| tiles * CELLS as i64 + MARGIN as i64;
        let (right, below) = (shift(right), shift(below));
        self.looks[known].1.each(|row, column, cells| {
            let (row, column) = (row as i64 + below, column as i64 + right);
            if !(0..SIDE as i64).contains(&row) {
                return;
            }
            let skipped = (-column).clamp(0, cells.len() as i64);
            let kept = (SIDE as i64 - column).clamp(skipped, cells.len() as i64);
            let first = row * SIDE as i64 + column + skipped;
            let cells = &cells[skipped as usize..kept as usize];
            let known = shares.iter_mut().skip(first.max(0) as usize);
            known.zip(cells).for_each(|(share, cell)| *share = u16::from(*cell) * PER_BYTE);
        });
    }

    pub(super) fn count_in(&self, figure: &mut Figure) {
        for (square, count) in &self.counts {
            let (column, row) = (usize::from(*square) % COUNTS, usize::from(*square) / COUNTS);
            figure.count(((column * COUNTED) as i64, (row * COUNTED) as i64), *count);
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let looks: usize = self.looks.iter().map(|(_, runs)| runs.memory_bytes() + 32).sum();
        looks + size_of_val(&*self.counts) + size_of_val(&*self.singles)
    }
}
