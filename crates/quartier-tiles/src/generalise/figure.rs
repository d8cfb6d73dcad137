use super::{CELLS, ONE, SIDE, fill::blurred};

/// Cells on a side of the squares in which objects are counted.
pub const COUNTED: usize = 8;

/// Squares of counted objects on a side of a tile.
pub(crate) const COUNTS: usize = CELLS / COUNTED;

/// What is covered of a tile and of [`super::MARGIN`] cells around it, row by row from the top left.
#[derive(Debug)]
pub struct Figure {
    pub(crate) total: Vec<u16>,
    /// The look that covers most around each cell; empty while there is one at most.
    looks: Vec<u16>,
    /// How much it covers there.
    densities: Vec<i32>,
    first: Option<u16>,
    /// How many objects have their centre in each square of the tile.
    pub(crate) counts: Vec<u32>,
}

impl Default for Figure {
    fn default() -> Self {
        Self {
            total: vec![0; SIDE * SIDE],
            looks: Vec::new(),
            densities: Vec::new(),
            first: None,
            counts: vec![0; COUNTS * COUNTS],
        }
    }
}

impl Figure {
    /// Adds all that objects of one look cover. Where two looks cover the same, the one that came first counts: to be
    /// called in the same order for neighbours.
    pub fn lay(&mut self, look: u16, shares: &[u16]) {
        match self.first {
            None => self.first = Some(look),
            Some(first) => {
                if self.looks.is_empty() {
                    self.looks = vec![first; SIDE * SIDE];
                    self.densities = blurred(&self.total, 1);
                }
                self.contend(look, &blurred(shares, 1));
            }
        }
        self.total
            .iter_mut()
            .zip(shares)
            .for_each(|(sum, share)| *sum = sum.saturating_add(*share));
    }

    /// Counts objects by the cell of their centre, from the tile's top left corner; those beyond it are not the tile's.
    pub fn count(&mut self, (column, row): (i64, i64), objects: u32) {
        let tile = 0..CELLS as i64;
        if tile.contains(&column) && tile.contains(&row) {
            let square = row as usize / COUNTED * COUNTS + column as usize / COUNTED;
            self.counts[square] = self.counts[square].saturating_add(objects);
        }
    }

    pub fn is_bare(&self) -> bool {
        self.first.is_none()
    }

    pub(crate) fn look(&self, cell: usize) -> u16 {
        self.looks.get(cell).copied().or(self.first).unwrap_or(ONE)
    }

    fn contend(&mut self, look: u16, densities: &[i32]) {
        let known = self.looks.iter_mut().zip(&mut self.densities);
        for ((known, most), density) in known.zip(densities) {
            if density > most {
                (*known, *most) = (look, *density);
            }
        }
    }
}
