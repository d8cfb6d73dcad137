use std::ops::Range;

use quartier_model::Bbox;
use quartier_slab::{Misfit, Sectioned, Sections, Slab};

use super::{
    flat_box::{FlatBox, Frame},
    hilbert,
};

/// Sixteen boxes of sixteen bytes are four cache lines.
pub(super) const CHILDREN: usize = 16;

/// A packed R-tree: boxes sorted along a Hilbert curve, and above every sixteen of them the box around them.
///
/// Built once, in O(n log n); 21 bytes for each item. It cannot be changed.
#[derive(Debug)]
pub(crate) struct Tree {
    frame: Frame,
    /// Level after level, the items' boxes first and the root last.
    boxes: Slab<[f32; 4]>,
    /// Where each level starts.
    levels: Vec<usize>,
    /// The item of each of the lowest boxes.
    items: Slab<u32>,
}

/// What is known of all that is in a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Outside,
    Perhaps,
    Inside,
}

/// A box in the tree: an item's on level 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeRef {
    level: u32,
    at: u32,
}

impl Tree {
    pub(crate) fn new(items: &[(u32, Bbox)]) -> Self {
        let extent = items.iter().map(|(_, bbox)| *bbox).reduce(Bbox::union);
        let frame = Frame::of(extent);
        let mut sorted: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(at, (_, bbox))| (place_on_curve(bbox, extent), at as u32))
            .collect();
        rayon::slice::ParallelSliceMut::par_sort_unstable(sorted.as_mut_slice());
        let item = |(_, at): &(u32, u32)| &items[*at as usize];
        let mut boxes = Vec::with_capacity(items.len() + items.len() / (CHILDREN - 1) + 2);
        boxes.extend(sorted.iter().map(|entry| frame.flat(&item(entry).1)));
        let levels = stack_levels(&mut boxes);
        let items = sorted.iter().map(|entry| item(entry).0).collect();
        Self { frame, boxes: boxes.into_iter().map(FlatBox::numbers).collect(), levels, items }
    }

    pub(crate) fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Walks down all boxes that are not judged to be outside, and tells each item that it finds: with its
    /// box, unless that or one above it was judged to be inside.
    pub(crate) fn visit(
        &self,
        judge: &mut impl FnMut(&FlatBox) -> Verdict,
        found: &mut impl FnMut(u32, Option<&FlatBox>),
    ) {
        match self.root() {
            Some(root) if root.level > 0 => self.visit_below(root, judge, found),
            // The only item.
            Some(root) if judge(&self.flat_box(root)) != Verdict::Outside => {
                found(self.items[0], Some(&self.flat_box(root)));
            }
            _ => {}
        }
    }

    /// Items whose box may touch the window.
    pub(crate) fn visit_window(&self, window: &Bbox, found: &mut impl FnMut(u32)) {
        let window = self.frame.flat(window);
        let judge = &mut |flat: &FlatBox| {
            if flat.may_touch(&window) { Verdict::Perhaps } else { Verdict::Outside }
        };
        self.visit(judge, &mut |item, _| found(item));
    }

    pub(crate) fn root(&self) -> Option<NodeRef> {
        let level = self.levels.len().checked_sub(1).filter(|_| !self.items.is_empty())?;
        Some(NodeRef { level: level as u32, at: self.levels[level] as u32 })
    }

    pub(crate) fn flat_box(&self, node: NodeRef) -> FlatBox {
        FlatBox::from_numbers(self.boxes[node.at as usize])
    }

    /// The item of a box on the lowest level.
    pub(crate) fn item(&self, node: NodeRef) -> Option<u32> {
        (node.level == 0).then(|| self.items[node.at as usize])
    }

    /// The lowest boxes' items, in their order.
    pub(super) fn items(&self) -> &[u32] {
        &self.items
    }

    /// The place of a box that is not on the lowest level among all those.
    pub(super) fn place_above(&self, node: NodeRef) -> usize {
        node.at as usize - self.items.len()
    }

    /// The boxes right below one that is not on the lowest level.
    pub(crate) fn children(&self, node: NodeRef) -> impl Iterator<Item = NodeRef> + use<> {
        let level = node.level.saturating_sub(1);
        self.range_below(node).map(move |at| NodeRef { level, at: at as u32 })
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.boxes.memory_bytes() + self.items.memory_bytes()
    }

    fn visit_below(
        &self,
        node: NodeRef,
        judge: &mut impl FnMut(&FlatBox) -> Verdict,
        found: &mut impl FnMut(u32, Option<&FlatBox>),
    ) {
        let children = self.range_below(node);
        let level = node.level.saturating_sub(1);
        for (at, numbers) in children.clone().zip(&self.boxes[children]) {
            let flat = &FlatBox::from_numbers(*numbers);
            let child = NodeRef { level, at: at as u32 };
            match judge(flat) {
                Verdict::Outside => {}
                Verdict::Perhaps if level > 0 => self.visit_below(child, judge, found),
                Verdict::Perhaps => found(self.items[at], Some(flat)),
                Verdict::Inside => {
                    self.items_below(child).iter().for_each(|item| found(*item, None));
                }
            }
        }
    }

    fn range_below(&self, node: NodeRef) -> Range<usize> {
        let level = node.level as usize;
        let first = self.levels[level.saturating_sub(1)]
            + (node.at as usize - self.levels[level]) * CHILDREN;
        first..(first + CHILDREN).min(self.levels[level])
    }

    /// The items under a box are next to each other.
    fn items_below(&self, node: NodeRef) -> &[u32] {
        let width = CHILDREN.pow(node.level);
        let first = (node.at as usize - self.levels[node.level as usize]) * width;
        &self.items[first..(first + width).min(self.items.len())]
    }
}

impl Sectioned for Tree {
    fn put_into(&self, sections: &mut Sections) {
        let origin = self.frame.origin();
        let levels: Vec<_> = self.levels.iter().map(|start| *start as u64).collect();
        sections.put_few("origin", &[origin.x, origin.y]);
        sections.put_few("levels", &levels);
        sections.put("boxes", &self.boxes);
        sections.put("items", &self.items);
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        let [x, y] = sections.take_few("origin")?;
        let levels = sections.take::<u64>("levels")?;
        Ok(Self {
            frame: Frame::at(x, y),
            levels: levels.iter().map(|start| *start as usize).collect(),
            boxes: sections.take("boxes")?,
            items: sections.take("items")?,
        })
    }
}

fn place_on_curve(bbox: &Bbox, extent: Option<Bbox>) -> u32 {
    let Some(extent) = extent else { return 0 };
    let cell = |low: f64, high: f64, min: f64, max: f64| {
        let share = (low / 2.0 + high / 2.0 - min) / (max - min);
        (share * f64::from(hilbert::GRID_MAX)) as u32
    };
    hilbert::distance_along(
        cell(bbox.min_x, bbox.max_x, extent.min_x, extent.max_x).min(hilbert::GRID_MAX),
        cell(bbox.min_y, bbox.max_y, extent.min_y, extent.max_y).min(hilbert::GRID_MAX),
    )
}

/// Adds the upper levels to the lowest, up to a single box; tells where each level starts.
fn stack_levels(boxes: &mut Vec<FlatBox>) -> Vec<usize> {
    let mut levels = vec![0];
    let mut start = 0;
    while boxes.len() - start > 1 {
        let end = boxes.len();
        for first in (start..end).step_by(CHILDREN) {
            let below = &boxes[first..(first + CHILDREN).min(end)];
            let around = below.iter().copied().fold(FlatBox::NOWHERE, FlatBox::union);
            boxes.push(around);
        }
        start = end;
        levels.push(start);
    }
    levels
}
