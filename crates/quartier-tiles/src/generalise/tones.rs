use super::{ONE, SIDE, fill::blurred};

/// How much is covered where a tone begins, in parts of a thousand, and what it stands for: each is about half as much
/// again as the one before, which is as far as an eye, and a sum, take them for the same.
const TONES: [(i32, f64); 7] =
    [(0, 0.08), (100, 0.12), (150, 0.18), (220, 0.27), (330, 0.4), (490, 0.6), (720, 0.85)];

/// Less than this, in parts of [`ONE`], is open ground.
const LEAST: i32 = ONE as i32 / 16;

/// Where less than this part of what is covered around it is covered, ground is open: a river, a park, an avenue.
const OPEN: (i32, i32) = (9, 16);

/// How densely cells are covered, near them and in their quarter, in parts of [`ONE`].
///
/// Tones follow the quarter, so that they are even; the rims of open ground follow what is near.
#[derive(Debug)]
pub(crate) struct Tones {
    near: Vec<i32>,
    quarter: Vec<i32>,
}

impl Tones {
    pub(crate) fn of(total: &[u16]) -> Self {
        let cells = total.iter().map(|cell| i32::from(*cell)).collect();
        Self { near: blurred(total, 2), quarter: quarter(cells) }
    }

    /// `None` of open ground.
    pub(crate) fn tone(&self, cell: usize) -> Option<u8> {
        let begun = || (1..TONES.len()).take_while(|tone| self.quarter[cell] >= border(*tone));
        (self.over_open(cell) > 0).then(|| begun().count() as u8)
    }

    /// How much more is covered near a cell than near open ground.
    fn over_open(&self, cell: usize) -> i32 {
        self.near[cell] - (self.quarter[cell] / OPEN.1 * OPEN.0).max(LEAST)
    }

    /// How far cells lie beyond the border between them: that of open ground, or else that of the highest tone.
    pub(crate) fn beyond(&self, cells: [usize; 4]) -> [i64; 4] {
        let tones = cells.map(|cell| self.tone(cell));
        if tones.contains(&None) {
            return cells.map(|cell| self.over_open(cell).into());
        }
        let highest = tones.into_iter().flatten().max().unwrap_or_default();
        cells.map(|cell| i64::from(self.quarter[cell] - border(highest.into()) + 1))
    }
}

/// The share of the ground that a tone stands for.
pub(crate) fn covered(tone: u8) -> f64 {
    TONES[usize::from(tone)].1
}

/// In parts of [`ONE`].
fn border(tone: usize) -> i32 {
    TONES[tone].0 * i32::from(ONE) / 1_000
}

/// The mean of five cells, three times over, across and down: a bell six cells wide to each side.
fn quarter(mut sums: Vec<i32>) -> Vec<i32> {
    for step in [1, 1, 1, SIDE, SIDE, SIDE] {
        sums = five(&sums, step);
    }
    for sum in &mut sums {
        *sum /= 5_i32.pow(6);
    }
    sums
}

fn five(cells: &[i32], step: usize) -> Vec<i32> {
    let mut sums = vec![0; cells.len()];
    let inner = 2 * step..cells.len() - 2 * step;
    let before = cells.iter().zip(&cells[step..]);
    let after = cells[3 * step..].iter().zip(&cells[4 * step..]);
    let around = before.zip(&cells[2 * step..]).zip(after);
    for (sum, (((a, b), c), (d, e))) in sums[inner].iter_mut().zip(around) {
        *sum = a + b + c + d + e;
    }
    sums
}
