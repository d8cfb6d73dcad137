use std::collections::{BTreeMap, HashMap};

use quartier_model::Bbox;
use quartier_store::Sequence;

/// Cells that are told apart, some megabyte: a thousand places of a city, with room.
const CELLS_MAX: usize = 16_384;

/// The side of the smallest cells is two to this power, in the working CRS's unit: less than a millimetre, and ten
/// metres where the unit is a degree.
const FINEST: i16 = -13;

/// A cell of this level holds the world in any unit.
const COARSEST: i16 = 60;

/// What lies further out, beyond any CRS, is taken to lie here: cells of every level have whole numbers as far as that.
const FAR: f64 = (1_u64 << 48) as f64;

/// When squares of the plane were last touched. The squares of a level are twice as wide as those below; when there
/// are too many, those of the lowest level become one with their neighbours.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    levels: BTreeMap<i16, HashMap<(i64, i64), Sequence>>,
    finest: i16,
    len: usize,
}

impl Default for Cells {
    fn default() -> Self {
        Self { levels: BTreeMap::new(), finest: FINEST, len: 0 }
    }
}

impl Cells {
    pub(super) fn touch(&mut self, bbox: &Bbox, sequence: Sequence) {
        let level = level(bbox).max(self.finest);
        let cells = Range::of(bbox, level);
        for cell in cells.each() {
            self.put(level, cell, sequence);
        }
        while self.len > CELLS_MAX && self.finest < COARSEST {
            self.coarsen();
        }
    }

    /// The last time that a cell was touched of which the region has a part.
    pub(super) fn last_in(&self, region: &Bbox) -> Option<Sequence> {
        let newest = self.levels.iter().filter_map(|(level, cells)| {
            let wanted = Range::of(region, *level);
            if wanted.count() < cells.len() as f64 {
                wanted.each().filter_map(|cell| cells.get(&cell)).max()
            } else {
                let inside = cells.iter().filter(|(cell, _)| wanted.has(**cell));
                inside.map(|(_, sequence)| sequence).max()
            }
        });
        newest.max().copied()
    }

    fn put(&mut self, level: i16, cell: (i64, i64), sequence: Sequence) {
        let cells = self.levels.entry(level).or_default();
        let before = cells.len();
        let newest = cells.entry(cell).or_default();
        *newest = sequence.max(*newest);
        self.len += cells.len() - before;
    }

    fn coarsen(&mut self) {
        let lowest = self.levels.first_key_value().map_or(COARSEST, |(level, _)| *level);
        let cells = self.levels.remove(&lowest).unwrap_or_default();
        self.len -= cells.len();
        self.finest = lowest + 1;
        for ((x, y), sequence) in cells {
            self.put(self.finest, (x >> 1, y >> 1), sequence);
        }
    }
}

/// The level whose cells are at least as wide as the box, so that it has a part of four of them at most.
fn level(bbox: &Bbox) -> i16 {
    let side = (bbox.max_x - bbox.min_x).max(bbox.max_y - bbox.min_y);
    let level = side.log2().ceil().clamp(f64::from(FINEST), f64::from(COARSEST));
    level as i16
}

/// Cells of one level, both ends included.
struct Range {
    x: (i64, i64),
    y: (i64, i64),
}

impl Range {
    fn of(bbox: &Bbox, level: i16) -> Self {
        let side = f64::from(level).exp2();
        let cell = |at: f64| (at.clamp(-FAR, FAR) / side).floor() as i64;
        Self { x: (cell(bbox.min_x), cell(bbox.max_x)), y: (cell(bbox.min_y), cell(bbox.max_y)) }
    }

    fn count(&self) -> f64 {
        let across = |(first, last): (i64, i64)| last as f64 - first as f64 + 1.0;
        across(self.x) * across(self.y)
    }

    fn has(&self, (x, y): (i64, i64)) -> bool {
        (self.x.0..=self.x.1).contains(&x) && (self.y.0..=self.y.1).contains(&y)
    }

    fn each(&self) -> impl Iterator<Item = (i64, i64)> + use<> {
        let (x, y) = (self.x, self.y);
        (x.0..=x.1).flat_map(move |column| (y.0..=y.1).map(move |row| (column, row)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_few_and_what_was_touched_stays_touched() {
        let mut cells = Cells::default();
        let places = (0..100_000_u32).map(|at| (f64::from(at % 331) * 37.0, f64::from(at) * 0.7));
        let boxes: Vec<Bbox> =
            places.map(|(x, y)| Bbox::new(x, y, x + 9.0, y + 12.0).unwrap()).collect();
        for (bbox, sequence) in boxes.iter().zip(1..) {
            cells.touch(bbox, sequence);
        }
        assert!(cells.len <= CELLS_MAX, "{}", cells.len);
        assert_eq!(cells.len, cells.levels.values().map(HashMap::len).sum::<usize>());
        for (bbox, sequence) in boxes.iter().zip(1..) {
            assert!(cells.last_in(bbox).is_some_and(|last| last >= sequence));
        }
        assert_eq!(cells.last_in(&Bbox::new(-9e5, 0.0, -8e5, 1.0).unwrap()), None);
    }

    #[test]
    fn a_point_and_the_whole_world_have_a_cell() {
        let mut cells = Cells::default();
        cells.touch(&Bbox::new(3.0, 4.0, 3.0, 4.0).unwrap(), 1);
        cells.touch(&Bbox::new(-1e300, -1e300, 1e300, 1e300).unwrap(), 2);
        assert_eq!(cells.last_in(&Bbox::new(2.0, 2.0, 5.0, 5.0).unwrap()), Some(2));
    }
}
