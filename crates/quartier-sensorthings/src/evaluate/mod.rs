//! What expressions come to, for one entity after another.
//!
//! An [`Expr`](crate::expression::Expr) becomes a [`Condition`] or a [`Sorting`] once for a request: constants are
//! computed, `now()` stands still, geometries are prepared, and paths over links to many are joined. Nothing here
//! waits or reads; whoever asks says what is known of an entity ([`Facts`]), and may leave things unknown.

mod bounds;
mod call;
mod compare;
mod compile;
mod condition;
mod facts;
mod join;
mod math;
mod moments;
mod narrow;
mod node;
mod ranges;
mod run;
mod sorting;
mod sound;
mod spatial;
mod text;
mod truth;
mod value;

pub use condition::Condition;
pub use facts::{Facts, Linked, Shape};
pub use narrow::Narrowed;
pub use sorting::{SortKey, Sorting};
pub use truth::Truth;
pub use value::Value;

#[cfg(test)]
mod condition_test;
#[cfg(test)]
mod function_test;
#[cfg(test)]
mod join_test;
#[cfg(test)]
mod narrow_test;
#[cfg(test)]
mod spatial_test;
#[cfg(test)]
mod world_test;
