//! Whether there is anything at all, without looking for the rest.

use quartier_model::Bbox;

use crate::{CollectionIndex, segment::Segment, space::Verdict};

impl CollectionIndex {
    /// Whether an object may touch the flat box: by boxes alone, so that a bent object is taken for as wide as its box.
    pub fn may_touch(&self, window: &Bbox) -> bool {
        self.segments.iter().any(|segment| segment.may_touch(window))
    }
}

impl Segment {
    fn may_touch(&self, window: &Bbox) -> bool {
        let tree = &self.table.tree;
        let window = tree.frame().flat(window);
        // Told by the visitor to the judge, who then lets it look no further.
        let found = std::cell::Cell::new(false);
        tree.visit(
            &mut |flat| {
                let is_wanted = !found.get() && flat.may_touch(&window);
                if is_wanted { Verdict::Perhaps } else { Verdict::Outside }
            },
            &mut |row, _| found.set(found.get() || !self.is_hidden(row)),
        );
        found.get()
    }
}
