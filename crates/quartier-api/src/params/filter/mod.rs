//! `filter`: [CQL2](https://docs.ogc.org/is/21-065r2/21-065r2.html) as text, as far as the twin's own filter goes:
//! properties that are equal to a value, and one condition of place, all of which have to be true.

mod conditions;
mod literal;
mod reader;

pub(crate) use conditions::{Conditions, take_filter};
pub(crate) use literal::Literal;
