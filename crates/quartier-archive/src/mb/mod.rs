//! MBTiles: a SQLite database with a table of tiles, whose rows are counted from the south.

mod metadata;
mod read;
mod write;

pub(crate) use read::MbArchive;
pub(crate) use write::MbWriter;

use crate::Place;

/// The row as MBTiles counts it.
fn row_from_south(place: Place) -> i64 {
    (1_i64 << place.z()) - 1 - i64::from(place.y())
}
