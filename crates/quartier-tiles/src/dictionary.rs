use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

use crate::wire::{bytes_field, bytes_field_len, double_field, number_field, zigzag};

/// The fields of a layer that hold its dictionaries.
const LAYER_KEY: u32 = 3;
const LAYER_VALUE: u32 = 4;

/// The fields of a value, by its type.
const VALUE_TEXT: u32 = 1;
const VALUE_DOUBLE: u32 = 3;
const VALUE_UNSIGNED: u32 = 5;
const VALUE_SIGNED: u32 = 6;
const VALUE_BOOLEAN: u32 = 7;

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
    starts: Vec<u32>,
    by_content: HashTable<Known>,
    message: Vec<u8>,
}

#[derive(Debug)]
struct Known {
    hash: u64,
    code: u32,
}

impl Keys {
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
    /// The code of a value; `None` of null.
    pub(crate) fn code(&mut self, value: Value<'_>) -> Option<u32> {
        self.message.clear();
        write_message(&mut self.message, value)?;
        let hash = xxh3_64(&self.message);
        let (bytes, starts) = (&self.bytes, &self.starts);
        let known = self.by_content.find(hash, |known| {
            known.hash == hash && is_field_of(field_at(bytes, starts, known.code), &self.message)
        });
        let known = known.map(|known| known.code);
        Some(known.unwrap_or_else(|| self.learn(hash)))
    }

    fn learn(&mut self, hash: u64) -> u32 {
        let code = self.starts.len() as u32;
        self.starts.push(self.bytes.len() as u32);
        bytes_field(&mut self.bytes, LAYER_VALUE, &self.message);
        self.by_content.insert_unique(hash, Known { hash, code }, |known| known.hash);
        code
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn is_field_of(field: &[u8], message: &[u8]) -> bool {
    field.len() == bytes_field_len(message.len()) && field.ends_with(message)
}

/// A value as it stands in the layer: tag, length, message.
fn field_at<'a>(bytes: &'a [u8], starts: &[u32], code: u32) -> &'a [u8] {
    let code = code as usize;
    let end = starts.get(code + 1).map_or(bytes.len(), |end| *end as usize);
    &bytes[starts[code] as usize..end]
}

fn write_message(out: &mut Vec<u8>, value: Value<'_>) -> Option<()> {
    match value {
        Value::Null => return None,
        Value::Boolean(truth) => number_field(out, VALUE_BOOLEAN, u64::from(truth)),
        Value::Integer(number) => match u64::try_from(number) {
            Ok(number) => number_field(out, VALUE_UNSIGNED, number),
            Err(_) => number_field(out, VALUE_SIGNED, zigzag(number)),
        },
        Value::Number(number) => double_field(out, VALUE_DOUBLE, number),
        Value::Text(text) => bytes_field(out, VALUE_TEXT, text.as_bytes()),
    }
    Some(())
}
