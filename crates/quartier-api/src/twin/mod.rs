//! What no standard has: `/twin/v1`.

mod distance_cursor;
mod nearest;
mod object;
mod search;
mod search_cursor;

pub(crate) use nearest::nearest;
pub(crate) use object::{history, structure};
pub(crate) use search::search;
