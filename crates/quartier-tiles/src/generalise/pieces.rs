use super::{block::NONE, corner::DRAWN};

/// Cells side by side in one row of what is drawn, of one kind.
#[derive(Debug, Clone, Copy)]
struct Piece<K> {
    start: usize,
    end: usize,
    kind: K,
    /// An earlier piece that this one hangs together with, or itself.
    earlier: usize,
}

/// What is filled, row by row from the top: what hangs together is known by its first piece.
#[derive(Debug)]
pub(crate) struct Pieces<K> {
    all: Vec<Piece<K>>,
    /// The first piece of the last row.
    last_row: usize,
    cells: usize,
}

impl<K> Default for Pieces<K> {
    fn default() -> Self {
        Self { all: Vec::new(), last_row: 0, cells: 0 }
    }
}

impl<K: Copy + PartialEq> Pieces<K> {
    /// Adds the kinds of a row's cells; `None` of one that is not filled.
    pub(crate) fn add_row(&mut self, kinds: impl Iterator<Item = Option<K>>) {
        let (mut above, row) = (self.last_row, self.all.len());
        let mut before = None;
        for (cell, kind) in (self.cells..).zip(kinds) {
            if let Some(own) = kind.filter(|_| kind != before) {
                let earlier = self.all.len();
                self.all.push(Piece { start: cell, end: cell, kind: own, earlier });
            }
            if kind.is_some()
                && let Some(piece) = self.all.last_mut()
            {
                piece.end = cell + 1;
            }
            before = kind;
        }
        for own in row..self.all.len() {
            above = self.join_above(own, above, row);
        }
        (self.last_row, self.cells) = (row, self.cells + DRAWN);
    }

    /// Joins a piece with those above it, of which the first may be the one that is given; gives the first for the next
    /// piece.
    fn join_above(&mut self, own: usize, mut above: usize, row: usize) -> usize {
        let Piece { start, end, kind, .. } = self.all[own];
        while above < row && self.all[above].end + DRAWN <= start {
            above += 1;
        }
        let mut next = above;
        while next < row && self.all[next].start + DRAWN < end {
            if self.all[next].kind == kind {
                self.join(own, next);
            }
            next += 1;
        }
        // The last one may reach over the next piece too.
        above.max(next.saturating_sub(1)).min(row)
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        self.all[one.max(other)].earlier = one.min(other);
    }

    fn first(&mut self, piece: usize) -> usize {
        let mut at = piece;
        while self.all[at].earlier != at {
            // Halves the way for whoever asks next.
            self.all[at].earlier = self.all[self.all[at].earlier].earlier;
            at = self.all[at].earlier;
        }
        at
    }

    /// Each cell's number, and the kind of each number, from 1.
    pub(crate) fn numbered(mut self) -> (Vec<u32>, Vec<K>) {
        let (mut cells, mut kinds) = (vec![NONE; self.cells], Vec::new());
        let mut numbers = vec![NONE; self.all.len()];
        for at in 0..self.all.len() {
            let first = self.first(at);
            let Piece { start, end, kind, .. } = self.all[at];
            if first == at {
                kinds.push(kind);
                numbers[at] = kinds.len() as u32;
            }
            cells[start..end].fill(numbers[first]);
        }
        (cells, kinds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers a picture of looks by flooding from each cell, the way that needs no thought.
    fn flooded(looks: &[Option<u16>]) -> (Vec<u32>, Vec<u16>) {
        let (mut cells, mut numbered) = (vec![NONE; looks.len()], Vec::new());
        for start in 0..looks.len() {
            let Some(look) = looks[start].filter(|_| cells[start] == NONE) else { continue };
            numbered.push(look);
            let mut reached = vec![start];
            while let Some(cell) = reached.pop() {
                cells[cell] = numbered.len() as u32;
                let column = cell % DRAWN;
                let around = [
                    (column > 0).then(|| cell - 1),
                    (column + 1 < DRAWN).then_some(cell + 1),
                    cell.checked_sub(DRAWN),
                    (cell + DRAWN < looks.len()).then_some(cell + DRAWN),
                ];
                let is_new = |at: &usize| cells[*at] == NONE && looks[*at] == Some(look);
                reached.extend(around.into_iter().flatten().filter(is_new));
            }
        }
        (cells, numbered)
    }

    #[test]
    fn pieces_hang_together_as_a_flood_finds_it() {
        let mut dice = 1_u32;
        for sparsity in [2, 3, 4, 7] {
            let looks: Vec<Option<u16>> = (0..DRAWN * 40)
                .map(|_| {
                    dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let number = (dice >> 16) % sparsity;
                    (number > 0).then_some((number % 2) as u16)
                })
                .collect();
            let mut pieces = Pieces::default();
            looks.chunks(DRAWN).for_each(|row| pieces.add_row(row.iter().copied()));
            assert!(pieces.numbered() == flooded(&looks), "{sparsity}");
        }
    }
}
