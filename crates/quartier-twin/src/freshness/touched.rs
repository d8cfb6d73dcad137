use std::sync::Arc;

use quartier_model::Bbox;
use quartier_store::Sequence;

use super::cells::Cells;

/// Steps that are known box by box: more than a busy hour of single edits. Looking through them takes microseconds.
const STEPS_MAX: usize = 512;

/// Boxes that one step is known by. An import touches more, and most of the city with it.
const BOXES_PER_STEP_MAX: usize = 1_024;

/// Boxes of all steps, some 400 kB: single edits keep theirs when imports come between.
const BOXES_MAX: usize = 8_192;

/// Where a collection has changed since it was loaded, and when last.
///
/// Each snapshot has its own, which is never changed.
#[derive(Debug, Clone)]
pub(super) struct Touched {
    /// Everything was touched then: the collection was loaded.
    base: Sequence,
    /// The box around all objects that there are or were, flat, in the working CRS.
    hull: Option<Bbox>,
    /// Oldest first.
    steps: Vec<Arc<Step>>,
    boxes: usize,
    /// What is too long ago, or was too much, to be known box by box.
    cells: Arc<Cells>,
}

#[derive(Debug)]
struct Step {
    sequence: Sequence,
    around: Bbox,
    boxes: Box<[Bbox]>,
}

impl Touched {
    /// All of a collection that has this extent.
    pub(super) fn whole(base: Sequence, extent: Option<Bbox>) -> Self {
        let (steps, cells) = <(Vec<_>, Arc<Cells>)>::default();
        Self { base, hull: extent, steps, boxes: 0, cells }
    }

    /// After a step that changed what was, or is now, in these boxes.
    #[must_use]
    pub(super) fn and(&self, sequence: Sequence, boxes: &[Bbox]) -> Self {
        let Some(around) = boxes.iter().copied().reduce(Bbox::union) else { return self.clone() };
        let mut next = self.clone();
        next.hull = next.hull.into_iter().chain([around]).reduce(Bbox::union);
        if boxes.len() > BOXES_PER_STEP_MAX {
            let cells = Arc::make_mut(&mut next.cells);
            for bbox in boxes {
                cells.touch(bbox, sequence);
            }
            return next;
        }
        next.boxes += boxes.len();
        next.steps.push(Arc::new(Step { sequence, around, boxes: boxes.into() }));
        if next.steps.len() > STEPS_MAX || next.boxes > BOXES_MAX {
            next.forget();
        }
        next
    }

    pub(super) fn hull(&self) -> Option<Bbox> {
        self.hull
    }

    /// When the collection was loaded.
    pub(super) fn base(&self) -> Sequence {
        self.base
    }

    /// The last step that touched the region, in the working CRS; or the loading, where none has.
    pub(super) fn last_in(&self, region: &Bbox) -> Sequence {
        let touches = |step: &&Arc<Step>| {
            step.around.intersects(region) && step.boxes.iter().any(|it| it.intersects(region))
        };
        let exact = self.steps.iter().rev().find(touches).map(|step| step.sequence);
        self.base.max(exact.unwrap_or_default()).max(self.cells.last_in(region).unwrap_or_default())
    }

    /// The older half of the steps is known by cells from now on.
    fn forget(&mut self) {
        let cells = Arc::make_mut(&mut self.cells);
        for step in self.steps.drain(..self.steps.len().div_ceil(2)) {
            self.boxes -= step.boxes.len();
            step.boxes.iter().for_each(|bbox| cells.touch(bbox, step.sequence));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn boxes() -> impl Strategy<Value = Bbox> {
        (-1e3..1e3, -1e3..1e3, 0.0..50.0, 0.0..50.0)
            .prop_map(|(x, y, w, h)| Bbox::new(x, y, x + w, y + h).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn a_region_is_as_new_as_the_last_change_that_touches_it(
            steps in vec(vec(boxes(), 0..4), 0..60), region in boxes()
        ) {
            let mut touched = Touched::whole(7, None);
            let mut expected = 7;
            for (boxes, sequence) in steps.into_iter().zip(8..) {
                if boxes.iter().any(|it| it.intersects(&region)) {
                    expected = sequence;
                }
                touched = touched.and(sequence, &boxes);
            }
            prop_assert_eq!(touched.last_in(&region), expected);
        }

        #[test]
        fn what_is_long_ago_seems_larger_and_never_smaller(
            boxes in vec(boxes(), 1..9), region in boxes()
        ) {
            let mut touched = Touched::whole(0, None);
            for sequence in 1..=STEPS_MAX as u64 * 3 {
                let bbox = boxes[sequence as usize % boxes.len()];
                touched = touched.and(sequence, &[bbox]);
                if bbox.intersects(&region) {
                    prop_assert!(touched.last_in(&region) == sequence);
                }
            }
            prop_assert!(touched.steps.len() <= STEPS_MAX && touched.boxes <= BOXES_MAX);
        }
    }

    #[test]
    fn an_import_touches_what_it_brings_and_little_else() {
        let place = |at: u32| f64::from(at % 100) * 10.0;
        let boxes = (0..10_000).map(|at| {
            let (x, y) = (place(at), place(at / 100));
            Bbox::new(x, y, x + 5.0, y + 5.0).unwrap()
        });
        let touched = Touched::whole(1, None).and(2, &boxes.collect::<Vec<_>>());
        assert_eq!(touched.boxes, 0, "too many to be kept one by one");
        let region = |x: f64, y: f64| Bbox::new(x, y, x + 100.0, y + 100.0).unwrap();
        assert_eq!(touched.last_in(&region(500.0, 500.0)), 2);
        assert_eq!(touched.last_in(&region(1_100.0, 500.0)), 1);
    }
}
