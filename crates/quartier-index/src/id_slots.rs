use xxhash_rust::xxh3::xxh3_64;

use crate::strings::Strings;

/// Finds rows by their text: a hash table that holds nothing but row numbers.
#[derive(Debug)]
pub(crate) struct IdSlots {
    /// One more than the row; 0 is free.
    slots: Box<[u32]>,
}

impl IdSlots {
    /// Rows whose text is empty are left out.
    pub(crate) fn new(texts: &Strings) -> Self {
        let used = texts.iter().filter(|text| !text.is_empty()).count();
        // Three of four slots are used, so that a chain has about two.
        let mut slots = vec![0_u32; used + used / 3 + 1].into_boxed_slice();
        for (row, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let mut slot = home(text, slots.len());
            while slots[slot] != 0 {
                slot = (slot + 1) % slots.len();
            }
            slots[slot] = row as u32 + 1;
        }
        Self { slots }
    }

    /// The rows with that text, in no order.
    pub(crate) fn rows<'a>(
        &'a self,
        texts: &'a Strings,
        text: &'a str,
    ) -> impl Iterator<Item = u32> + 'a {
        let first = home(text, self.slots.len());
        let chain = (first..self.slots.len()).chain(0..first).map(|slot| self.slots[slot]);
        chain
            .take_while(|row| *row != 0)
            .map(|row| row - 1)
            .filter(move |row| !text.is_empty() && texts.at(*row as usize) == text)
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.slots.len() * size_of::<u32>()
    }
}

fn home(text: &str, slots: usize) -> usize {
    let hash = u128::from(xxh3_64(text.as_bytes()));
    ((hash * slots as u128) >> 64) as usize
}
