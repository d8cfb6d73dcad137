//! Parameters that several standards share, from text to the model's words.

pub(crate) mod bbox;
pub(crate) mod crs;
pub(crate) mod cursor;
pub(crate) mod datetime;
pub(crate) mod filter;
pub(crate) mod limit;
pub(crate) mod property;
