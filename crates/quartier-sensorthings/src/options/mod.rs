//! What a query string asks for (18-088, 9.3).

mod ast;

pub use ast::{Direction, Expand, Options, Order, ResultFormat, Selected};
