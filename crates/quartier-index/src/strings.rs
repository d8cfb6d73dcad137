use hashbrown::HashTable;
use quartier_slab::{Misfit, Sectioned, Sections, Slab};
use xxhash_rust::xxh3::xxh3_64;

use crate::packed::Packed;

/// Texts one after another, each known by its number.
#[derive(Debug)]
pub(crate) struct Strings {
    /// UTF-8.
    text: Slab<u8>,
    ends: Packed,
}

/// Texts that are still being gathered.
#[derive(Debug, Default, Clone)]
pub(crate) struct StringsDraft {
    text: String,
    ends: Vec<usize>,
}

/// Texts of which no two are the same.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    strings: StringsDraft,
    numbers: HashTable<u32>,
}

impl Strings {
    pub(crate) fn at(&self, number: usize) -> &str {
        str::from_utf8(self.bytes_at(number)).unwrap_or_default()
    }

    pub(crate) fn bytes_at(&self, number: usize) -> &[u8] {
        self.text.get(self.ends.piece(number)).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The number of the first one that is the same.
    pub(crate) fn position(&self, text: &str) -> Option<usize> {
        (0..self.len()).find(|number| self.bytes_at(*number) == text.as_bytes())
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.text.memory_bytes() + self.ends.memory_bytes()
    }
}

impl Sectioned for Strings {
    fn put_into(&self, sections: &mut Sections) {
        sections.put("text", &self.text);
        self.ends.put_into(sections);
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        Ok(Self { text: sections.take("text")?, ends: Packed::take_from(sections)? })
    }
}

impl StringsDraft {
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    pub(crate) fn append(&mut self, other: &Self) {
        let shift = self.text.len();
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| end + shift));
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// False where every text is empty.
    pub(crate) fn has_text(&self) -> bool {
        !self.text.is_empty()
    }

    pub(crate) fn at(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..self.ends[number]).unwrap_or_default()
    }

    pub(crate) fn finish(self) -> Strings {
        let ends = Packed::pack(self.ends.iter().map(|end| *end as u64));
        Strings { text: self.text.into_bytes().into(), ends }
    }
}

impl Dictionary {
    /// The text's number, which is a new one where the text is new.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        let Self { strings, numbers } = self;
        let known = numbers.entry(
            xxh3_64(text.as_bytes()),
            |number| strings.at(*number as usize) == text,
            |number| xxh3_64(strings.at(*number as usize).as_bytes()),
        );
        match known {
            hashbrown::hash_table::Entry::Occupied(known) => *known.get(),
            hashbrown::hash_table::Entry::Vacant(place) => {
                let number = strings.len() as u32;
                place.insert(number);
                strings.push(text);
                number
            }
        }
    }

    pub(crate) fn at(&self, number: u32) -> &str {
        self.strings.at(number as usize)
    }

    /// Takes in another dictionary's texts: their numbers here, in the order of their numbers there.
    pub(crate) fn absorb(&mut self, other: &Self) -> Vec<u32> {
        (0..other.strings.len()).map(|number| self.number(other.strings.at(number))).collect()
    }

    pub(crate) fn finish(self) -> Strings {
        self.strings.finish()
    }
}
