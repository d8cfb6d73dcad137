//! What sensors say, as several interfaces show it.

mod json;
mod take;
mod whole;

pub(crate) use json::{unit, write_head, write_object};
pub(crate) use take::take_names;
pub(crate) use whole::Wholes;
