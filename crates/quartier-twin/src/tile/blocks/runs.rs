use bytes::Bytes;
use quartier_tiles::CELLS;

/// Zeros that end a run: fewer take less as they are than the head of another run.
const GAP: usize = 3;

/// A byte for each cell of a tile, with the zeros between left out.
#[derive(Debug)]
pub(super) struct Runs(Bytes);

impl Runs {
    /// Of the cells row by row. No run goes on into the next row.
    pub(super) fn of(cells: &[u8]) -> Self {
        let (mut bytes, mut end) = (Vec::new(), 0);
        for (row, cells) in cells.chunks_exact(CELLS).enumerate() {
            let mut rest = 0;
            while let Some((start, len)) = next(&cells[rest..]) {
                let start = rest + start;
                number(&mut bytes, row * CELLS + start - end);
                number(&mut bytes, len);
                bytes.extend_from_slice(&cells[start..start + len]);
                rest = start + len;
                end = row * CELLS + rest;
            }
        }
        Self(bytes.into())
    }

    /// Of what [`Runs::bytes`] gave.
    pub(super) fn of_bytes(bytes: Bytes) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Tells each run by its row, its first column and its cells.
    pub(super) fn each(&self, mut see: impl FnMut(usize, usize, &[u8])) {
        let (mut rest, mut place) = (&*self.0, 0);
        while !rest.is_empty() {
            place += take(&mut rest);
            let len = take(&mut rest);
            let (cells, after) = rest.split_at(len);
            see(place / CELLS, place % CELLS, cells);
            (rest, place) = (after, place + len);
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.0.len()
    }
}

/// Where the next run starts, and how long it is.
fn next(cells: &[u8]) -> Option<(usize, usize)> {
    let start = cells.iter().position(|cell| *cell != 0)?;
    let run = &cells[start..];
    let gap = run.windows(GAP).position(|cells| cells.iter().all(|cell| *cell == 0));
    let end = gap.unwrap_or_else(|| run.iter().rposition(|cell| *cell != 0).map_or(0, |at| at + 1));
    Some((start, end))
}

fn number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> usize {
    let (mut number, mut shift) = (0, 0);
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_were() {
        let mut cells = vec![0; CELLS * CELLS];
        for (at, cell) in cells.iter_mut().enumerate() {
            let is_covered = at % 7 < 2 || at % 1_000 < 300 || at + 5 > CELLS * CELLS;
            *cell = if is_covered && at % 100_000 < 20_000 { (at % 251) as u8 } else { 0 };
        }
        let runs = Runs::of(&cells);
        let mut back = vec![0; CELLS * CELLS];
        runs.each(|row, column, run| {
            back[row * CELLS + column..][..run.len()].copy_from_slice(run);
        });
        assert!(back == cells);
        assert!(runs.memory_bytes() < CELLS * CELLS / 2);
    }
}
