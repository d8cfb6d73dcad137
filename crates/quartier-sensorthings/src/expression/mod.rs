//! `$filter` and `$orderby`: the expression language of OData, as SensorThings uses it (18-088, 9.3.3).

mod ast;
mod function;

pub use ast::{Base, Comparison, Expr, Math, ValuePath};
pub use function::Function;
pub use literal::{Literal, Span};

mod literal;
