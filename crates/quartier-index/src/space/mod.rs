//! Where things are: a packed tree of small boxes, exact predicates, distances.

mod flat_box;
mod geodesic;
mod hilbert;
mod metric;
mod predicate;
mod prepared;
mod sums;
mod tree;

pub(crate) use flat_box::{FlatBox, Frame};
pub use metric::Metric;
pub(crate) use predicate::shape_touches_box;
pub(crate) use prepared::Prepared;
pub(crate) use sums::Sums;
pub(crate) use tree::{NodeRef, Tree, Verdict};
