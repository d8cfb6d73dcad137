//! `$filter` and `$orderby`: the expression language of `OData`, as SensorThings uses it (18-088, 9.3.3).
//!
//! Text becomes an [`Expr`] whose names are all known; printing it gives text that means the same.

mod ast;
mod check;
mod error;
mod function;
mod literal;
mod name;
mod parse;
mod parts;
mod print;
mod span;
mod temporal;
mod token;
mod wkt;
mod wkt_print;

pub use ast::{Base, Comparison, Expr, Math, ValuePath};
pub(crate) use check::is_pattern;
pub use error::ExpressionError;
pub(crate) use error::shown;
pub use function::Function;
pub use literal::{Literal, Span};
pub(crate) use name::{ValueNames, check_keys};
pub(crate) use parse::{parse_condition, parse_order};
pub use parts::Reach;
pub(crate) use temporal::parse_instant;
pub use wkt::parse_wkt;

/// A polygon of some 4,000 positions is this long; nothing else comes near.
pub const LENGTH_MAX: usize = 128 * 1024;

/// How deep parentheses, operators and calls may stand in one another: far above what clients send, far below what
/// a thread's stack holds.
pub const DEPTH_MAX: usize = 100;

#[cfg(test)]
mod parse_test;
#[cfg(test)]
pub(crate) mod round_trip_test;
