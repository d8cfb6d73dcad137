//! Districts that cover a rectangle.

use std::collections::BTreeSet;

use geo_types::Coord;
use proptest::prelude::*;

pub(crate) type Ring = Vec<Coord<i32>>;

/// A strip of districts: how high it is, and where it is divided, in thousandths of the width.
type Strip = (i32, Vec<i32>);

pub(crate) fn noise(seed: u64, x: i32, y: i32) -> f64 {
    let mut state = seed ^ u64::from(x.cast_unsigned()) << 32 ^ u64::from(y.cast_unsigned());
    for _ in 0..3 {
        state = (state ^ state >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// Districts in strips one above the other, with winding borders that never cross.
#[derive(Debug)]
pub(crate) struct Subdivision {
    width: i32,
    strips: Vec<Strip>,
    seed: u64,
}

impl Subdivision {
    pub(crate) fn rings(&self) -> Vec<Ring> {
        (0..self.strips.len()).flat_map(|strip| self.strip(strip)).collect()
    }

    fn strip(&self, strip: usize) -> Vec<Ring> {
        let columns = self.columns(strip);
        let rings = columns.windows(2).map(|pair| {
            let (left, right) = (pair[0], pair[1]);
            let mut ring = self.border(strip, left, right);
            ring.pop();
            ring.extend(self.divider(strip, right));
            ring.pop();
            ring.extend(self.border(strip + 1, left, right).iter().rev());
            ring.pop();
            ring.extend(self.divider(strip, left).iter().rev());
            ring.pop();
            ring
        });
        rings.collect()
    }

    fn columns(&self, strip: usize) -> Vec<i32> {
        let Some((_, cuts)) = self.strips.get(strip) else { return vec![0, self.width] };
        let inner = cuts.iter().map(|cut| cut * (self.width / 1000));
        [0, self.width].into_iter().chain(inner).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn base(&self, line: usize) -> i32 {
        self.strips[..line].iter().map(|strip| strip.0).sum()
    }

    /// How far the border between two strips swings.
    fn swing(&self, line: usize) -> i32 {
        let below = line.checked_sub(1).map_or(i32::MAX, |below| self.strips[below].0);
        let above = self.strips.get(line).map_or(i32::MAX, |strip| strip.0);
        below.min(above) / 3
    }

    fn border(&self, line: usize, left: i32, right: i32) -> Ring {
        let mut xs: BTreeSet<i32> = (0..=self.width).step_by(self.width as usize / 60).collect();
        xs.extend(self.columns(line));
        xs.extend(line.checked_sub(1).map_or(vec![], |below| self.columns(below)));
        xs.range(left..=right).map(|x| self.on_border(line, *x)).collect()
    }

    fn on_border(&self, line: usize, x: i32) -> Coord<i32> {
        let swing = noise(self.seed, x, self.base(line)) * f64::from(self.swing(line));
        Coord { x, y: self.base(line) + swing as i32 }
    }

    fn divider(&self, strip: usize, x: i32) -> Ring {
        let (low, high) = (
            self.base(strip) + self.swing(strip) + 1,
            self.base(strip + 1) - self.swing(strip + 1) - 1,
        );
        let columns = self.columns(strip);
        let gap = columns.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(0) / 3;
        let mut ring = vec![self.on_border(strip, x), Coord { x, y: low }];
        for y in (low + 1..high).step_by(1 + (high - low) as usize / 12) {
            ring.push(Coord { x: x + (noise(self.seed, x, y) * f64::from(gap)) as i32, y });
        }
        ring.extend([Coord { x, y: high }, self.on_border(strip + 1, x)]);
        ring.dedup();
        ring
    }
}

pub(crate) fn subdivision() -> impl Strategy<Value = Subdivision> {
    let height = prop_oneof![9..60_i32, 60..4000_i32];
    let strip = (height, prop::collection::vec(1..1000_i32, 0..5));
    let width = (1..40_i32).prop_map(|thousands| thousands * 1000);
    (width, prop::collection::vec(strip, 2..6), any::<u64>())
        .prop_map(|(width, strips, seed)| Subdivision { width, strips, seed })
}
