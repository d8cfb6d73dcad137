use std::collections::VecDeque;

use super::{
    BUFFER, Figure, MARGIN, SIDE,
    corner::DRAWN,
    figure::{COUNTED, COUNTS},
    ground::{Ground, Manner, Tone},
    outline::outlines,
    pieces::Pieces,
};
use crate::rings::Rings;

/// What hangs together of a tile's filled cells.
#[derive(Debug)]
pub struct Block {
    pub look: u16,
    /// Of what is drawn in tones.
    pub tone: Option<Tone>,
    /// Objects whose centre lies in the tile, each counted in a block near it.
    pub count: u64,
    pub(crate) rings: Rings,
}

/// No face of cells.
pub(crate) const NONE: u32 = 0;

impl Figure {
    /// The blocks of the tile, from the top left. Their counts add up to all objects of the tile, where it has a block.
    pub fn blocks(&self, manner: Manner) -> Vec<Block> {
        let ground = Ground::of(self, manner);
        let (faces, kinds) = self.faces(&ground);
        let counts = self.share_out(&faces, kinds.len());
        let outlines = outlines(&faces, kinds.len(), &ground);
        let parts = kinds.into_iter().zip(counts).zip(outlines);
        parts.map(|(((look, tone), count), rings)| Block { look, tone, count, rings }).collect()
    }

    /// Numbers what hangs together by the sides of drawn cells; with what each number is of, from 1.
    fn faces(&self, ground: &Ground) -> (Vec<u32>, Vec<(u16, Option<Tone>)>) {
        let mut pieces = Pieces::default();
        for row in 0..DRAWN {
            let first = (row + MARGIN - BUFFER) * SIDE + MARGIN - BUFFER;
            let kind = |place| (self.look(place), ground.tone(place));
            let kinds =
                (first..first + DRAWN).map(|place| ground.is_filled(place).then(|| kind(place)));
            pieces.add_row(kinds);
        }
        pieces.numbered()
    }

    /// Gives each square's objects to a face in it, or else to one that is the fewest squares away.
    fn share_out(&self, faces: &[u32], len: usize) -> Vec<u64> {
        let mut nearest: Vec<u32> =
            (0..COUNTS * COUNTS).map(|square| first_face(faces, square)).collect();
        if len > 0 && nearest.iter().all(|face| *face == NONE) {
            nearest.fill(1);
        }
        spread(&mut nearest);
        let mut counts = vec![0; len];
        for (face, count) in nearest.iter().zip(&self.counts) {
            if *face != NONE {
                counts[*face as usize - 1] += u64::from(*count);
            }
        }
        counts
    }
}

/// Gives to each square without a face that of the nearest.
fn spread(nearest: &mut [u32]) {
    let filled = (0..nearest.len()).filter(|square| nearest[*square] != NONE);
    let mut reached: VecDeque<usize> = filled.collect();
    while let Some(square) = reached.pop_front() {
        for next in beside(square, COUNTS) {
            if nearest[next] == NONE {
                nearest[next] = nearest[square];
                reached.push_back(next);
            }
        }
    }
}

/// The first face in a square of the tile.
fn first_face(faces: &[u32], square: usize) -> u32 {
    let corner = |place: usize| BUFFER + place * COUNTED;
    let (column, row) = (corner(square % COUNTS), corner(square / COUNTS));
    let rows = (row..row + COUNTED).map(|row| row * DRAWN + column);
    let mut cells = rows.flat_map(|first| &faces[first..first + COUNTED]);
    cells.find(|face| **face != NONE).copied().unwrap_or(NONE)
}

/// The cells that share a side with one, in a square of so many on a side.
fn beside(cell: usize, side: usize) -> impl Iterator<Item = usize> {
    let (column, row) = (cell % side, cell / side);
    let around = [
        (column > 0).then(|| cell - 1),
        (column + 1 < side).then_some(cell + 1),
        (row > 0).then(|| cell - side),
        (row + 1 < side).then_some(cell + side),
    ];
    around.into_iter().flatten()
}
