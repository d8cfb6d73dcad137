use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use quartier_index::{ColumnRef, SegmentRef, ValueRef};
use quartier_tiles::{KeyCode, Tags, ValueCode};

use super::properties::{Wanted, tile_value};

/// Codes that a column may have for a tile to keep a number for each: 16 kB.
const LISTED_MAX: u64 = 4_096;

/// A column of which nearly every row has a value of its own: what share of the rows that is.
const SINGLE_SHARE: f64 = 0.9;

/// The properties of a part of a collection in one tile: which there are, and the numbers that their values have in
/// the tile's layer.
pub(super) struct Columns<'a> {
    segment: SegmentRef<'a>,
    id: Option<KeyCode>,
    wanted: Vec<Column<'a>>,
}

struct Column<'a> {
    source: ColumnRef<'a>,
    key: Option<KeyCode>,
    known: Known,
}

/// The numbers of a column's values in a layer, by their codes in the column.
enum Known {
    Listed(Vec<Option<ValueCode>>),
    Mapped(HashMap<u64, ValueCode, BuildHasherDefault<Spread>>),
    /// Nearly every value is the only one of its kind.
    Single,
    /// There are no codes.
    Not,
}

impl<'a> Columns<'a> {
    /// Those that the rule and the request want.
    pub(super) fn new(segment: SegmentRef<'a>, wanted: Wanted<'_>) -> Self {
        let is_wanted = |name: &str| name != "id" && wanted.takes(name);
        let wanted = segment.columns().filter(|column| is_wanted(column.name()));
        let rows = f64::from(segment.rows());
        let column = |source| Column { source, key: None, known: Known::of(source, rows) };
        Self { segment, id: None, wanted: wanted.map(column).collect() }
    }

    /// Writes what a row's object has.
    pub(super) fn put(&mut self, row: u32, tags: &mut Tags<'_>) {
        let key = *self.id.get_or_insert_with(|| tags.key("id"));
        let id = tags.single_text(self.segment.object(row).id());
        tags.put_codes(key, id);
        for column in &mut self.wanted {
            column.put(row, tags);
        }
    }
}

impl Column<'_> {
    fn put(&mut self, row: u32, tags: &mut Tags<'_>) {
        if let Some(value) = self.value(row, tags) {
            let key = *self.key.get_or_insert_with(|| tags.key(self.source.name()));
            tags.put_codes(key, value);
        }
    }

    fn value(&mut self, row: u32, tags: &mut Tags<'_>) -> Option<ValueCode> {
        let column = self.source;
        match &mut self.known {
            Known::Not => ask(column, row, tags),
            Known::Single => match column.value(row) {
                ValueRef::Text(text) => Some(tags.single_text(text)),
                value => tags.value(tile_value(value)),
            },
            Known::Listed(known) => {
                let place = known.get_mut(column.code(row)? as usize)?;
                if place.is_none() {
                    *place = ask(column, row, tags);
                }
                *place
            }
            Known::Mapped(known) => {
                let code = column.code(row)?;
                if let Some(value) = known.get(&code) {
                    return Some(*value);
                }
                let value = ask(column, row, tags)?;
                known.insert(code, value);
                Some(value)
            }
        }
    }
}

fn ask(column: ColumnRef<'_>, row: u32, tags: &mut Tags<'_>) -> Option<ValueCode> {
    tags.value(tile_value(column.value(row)))
}

impl Known {
    fn of(column: ColumnRef<'_>, rows: f64) -> Self {
        match column.code_count() {
            None => Self::Not,
            Some(count) if count <= LISTED_MAX => Self::Listed(vec![None; count as usize + 1]),
            Some(count) if column.has_texts() && count as f64 > rows * SINGLE_SHARE => Self::Single,
            Some(_) => Self::Mapped(HashMap::default()),
        }
    }
}

/// Hashes a code: the product with an odd number whose bits follow no pattern, the golden ratio's.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64((*byte).into());
        }
    }

    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}
