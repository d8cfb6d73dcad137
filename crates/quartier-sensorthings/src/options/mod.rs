//! What a query string asks for (18-088, 9.3).

mod ast;
mod error;
mod expand;
mod order;
mod parse;
mod print;
mod select;
mod split;

pub use ast::{Direction, Expand, Options, Order, ResultFormat, Selected};
pub use error::OptionError;

/// How deep an expand may stand in another: the model's longest way without a turn has five links.
pub const EXPAND_DEPTH_MAX: usize = 8;

/// How many links a request may expand in all, so that an answer does not grow with every one of their products.
pub const EXPANDS_MAX: usize = 50;

#[cfg(test)]
mod parse_test;
