use rayon::prelude::{ParallelIterator as _, ParallelSlice as _};

use super::{
    FlatBox,
    tree::{CHILDREN, NodeRef, Tree, Verdict},
};

/// For each box above the lowest level of a tree, the sum of a number of each item under it, so that many items are
/// added up by looking at few boxes. One byte for each item.
#[derive(Debug)]
pub(crate) struct Sums(Box<[u128]>);

impl Sums {
    /// Sums wrap around.
    pub(crate) fn new(tree: &Tree, number: impl Fn(u32) -> u128 + Sync) -> Self {
        let chunks = tree.items().par_chunks(CHILDREN);
        let mut level: Vec<u128> =
            chunks.map(|items| add(items.iter().map(|item| number(*item)))).collect();
        let mut sums = level.clone();
        while level.len() > 1 {
            level = level.chunks(CHILDREN).map(|below| add(below.iter().copied())).collect();
            sums.extend(&level);
        }
        Self(sums.into())
    }

    /// The sum over the items in the boxes that are judged to be inside, and what `exactly` says of the items of
    /// which it could not be told.
    pub(crate) fn within(
        &self,
        tree: &Tree,
        judge: impl Fn(&FlatBox) -> Verdict,
        number: impl Fn(u32) -> u128,
        exactly: impl Fn(u32) -> u128,
    ) -> u128 {
        let mut open: Vec<NodeRef> = tree.root().into_iter().collect();
        let mut sum = 0_u128;
        while let Some(node) = open.pop() {
            let part = match (judge(&tree.flat_box(node)), tree.item(node)) {
                (Verdict::Outside, _) => 0,
                (Verdict::Perhaps, Some(item)) => exactly(item),
                (Verdict::Inside, Some(item)) => number(item),
                (Verdict::Inside, None) => self.0[tree.place_above(node)],
                (Verdict::Perhaps, None) => {
                    open.extend(tree.children(node));
                    0
                }
            };
            sum = sum.wrapping_add(part);
        }
        sum
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}

fn add(numbers: impl Iterator<Item = u128>) -> u128 {
    numbers.fold(0, u128::wrapping_add)
}
