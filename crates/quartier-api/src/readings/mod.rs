//! What sensors say, as several interfaces show it.

mod json;
mod take;
mod whole;

pub(crate) use json::{unit, write_head, write_object};
pub(crate) use take::{reader, take_names, take_readings};
pub(crate) use whole::Wholes;
