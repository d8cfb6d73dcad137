use std::ops::Range;

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

use crate::wire::{bytes_field, bytes_field_len, bytes_head, double_field, number_field, zigzag};

/// The fields of a layer that hold its dictionaries.
const LAYER_KEY: u32 = 3;
const LAYER_VALUE: u32 = 4;

/// The fields of a value, by its type.
const VALUE_TEXT: u32 = 1;
const VALUE_DOUBLE: u32 = 3;
const VALUE_UNSIGNED: u32 = 5;
const VALUE_SIGNED: u32 = 6;
const VALUE_BOOLEAN: u32 = 7;

/// An odd number whose bits follow no pattern: the golden ratio's.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// A property's value. Lists and objects go into a tile as their JSON text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Left out: a tile has no null.
    Null,
    Boolean(bool),
    Integer(i64),
    /// A double in the tile, also where it is whole.
    Number(f64),
    Text(&'a str),
}

/// The names of a layer's properties, by their code.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    names: Vec<Box<str>>,
    next: usize,
    bytes: Vec<u8>,
}

/// The values of a layer's properties, each once.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// The encoded fields, one behind the other.
    bytes: Vec<u8>,
    len: u32,
    texts: HashTable<KnownText>,
    numbers: HashTable<KnownNumber>,
    message: Vec<u8>,
}

#[derive(Debug)]
struct KnownText {
    hash: u64,
    code: u32,
    /// Where the text stands in the encoded fields.
    place: Range<usize>,
}

#[derive(Debug)]
struct KnownNumber {
    kind: u32,
    bits: u64,
    code: u32,
}

/// How far a dictionary reached at some time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    len: usize,
    bytes: usize,
}

impl Keys {
    pub(crate) fn mark(&self) -> Mark {
        Mark { len: self.names.len(), bytes: self.bytes.len() }
    }

    /// Forgets what was learnt after a mark.
    pub(crate) fn forget(&mut self, mark: Mark) {
        self.names.truncate(mark.len);
        self.bytes.truncate(mark.bytes);
        self.next = 0;
    }

    /// Features name their properties in one order, so the key behind the last one is most often the next.
    pub(crate) fn code(&mut self, name: &str) -> u32 {
        let count = self.names.len();
        let places = (self.next..count).chain(0..self.next.min(count));
        let code = places.into_iter().find(|&place| *self.names[place] == *name);
        let code = code.unwrap_or_else(|| {
            self.names.push(name.into());
            bytes_field(&mut self.bytes, LAYER_KEY, name.as_bytes());
            count
        });
        self.next = code + 1;
        code as u32
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Values {
    pub(crate) fn mark(&self) -> Mark {
        Mark { len: self.len as usize, bytes: self.bytes.len() }
    }

    /// Forgets what was learnt after a mark.
    pub(crate) fn forget(&mut self, mark: Mark) {
        self.len = mark.len as u32;
        self.bytes.truncate(mark.bytes);
        self.texts.retain(|known| known.code < mark.len as u32);
        self.numbers.retain(|known| known.code < mark.len as u32);
    }

    /// The code of a value; `None` of null.
    pub(crate) fn code(&mut self, value: Value<'_>) -> Option<u32> {
        let code = match value {
            Value::Null => return None,
            Value::Text(text) => self.text(text),
            Value::Boolean(truth) => self.number(VALUE_BOOLEAN, u64::from(truth)),
            Value::Number(number) => self.number(VALUE_DOUBLE, number.to_bits()),
            Value::Integer(number) if number < 0 => self.number(VALUE_SIGNED, zigzag(number)),
            Value::Integer(number) => self.number(VALUE_UNSIGNED, number.cast_unsigned()),
        };
        Some(code)
    }

    fn text(&mut self, text: &str) -> u32 {
        let hash = xxh3_64(text.as_bytes());
        let bytes = &self.bytes;
        let is_it = |known: &KnownText| {
            known.hash == hash && bytes[known.place.clone()] == *text.as_bytes()
        };
        let known = self.texts.find(hash, is_it);
        if let Some(known) = known {
            return known.code;
        }
        self.message.clear();
        bytes_field(&mut self.message, VALUE_TEXT, text.as_bytes());
        let code = self.learn();
        let end = self.bytes.len();
        let known = KnownText { hash, code, place: end - text.len()..end };
        self.texts.insert_unique(hash, known, |known| known.hash);
        code
    }

    /// The code of a text that is not looked for.
    pub(crate) fn single_text(&mut self, text: &str) -> u32 {
        let len = bytes_field_len(text.len());
        bytes_head(&mut self.bytes, LAYER_VALUE, len);
        bytes_field(&mut self.bytes, VALUE_TEXT, text.as_bytes());
        self.len += 1;
        self.len - 1
    }

    fn number(&mut self, kind: u32, bits: u64) -> u32 {
        let is_it = |known: &KnownNumber| known.kind == kind && known.bits == bits;
        if let Some(known) = self.numbers.find(mix(kind, bits), is_it) {
            return known.code;
        }
        self.message.clear();
        if kind == VALUE_DOUBLE {
            double_field(&mut self.message, kind, f64::from_bits(bits));
        } else {
            number_field(&mut self.message, kind, bits);
        }
        let code = self.learn();
        let known = KnownNumber { kind, bits, code };
        self.numbers.insert_unique(mix(kind, bits), known, |known| mix(known.kind, known.bits));
        code
    }

    fn learn(&mut self) -> u32 {
        bytes_field(&mut self.bytes, LAYER_VALUE, &self.message);
        self.len += 1;
        self.len - 1
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Spreads the bits of a number over a hash.
fn mix(kind: u32, bits: u64) -> u64 {
    let product = u128::from(bits ^ u64::from(kind)) * u128::from(SPREAD);
    (product >> 64) as u64 ^ product as u64
}
