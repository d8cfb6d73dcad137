use quartier_slab::{Misfit, Sectioned, Sections, Slab};
use xxhash_rust::xxh3::xxh3_64;

use crate::strings::Strings;

/// Finds rows by their text: a hash table that holds nothing but row numbers.
#[derive(Debug)]
pub(crate) struct IdSlots {
    /// One more than the row; 0 is free.
    slots: Slab<u32>,
}

impl IdSlots {
    /// Rows whose text is empty are left out.
    pub(crate) fn new(texts: &Strings) -> Self {
        let rows = || (0..texts.len()).map(|row| (row, texts.bytes_at(row)));
        let used = rows().filter(|(_, text)| !text.is_empty()).count();
        // Three of four slots are used, so that a chain has about two.
        let mut slots = vec![0_u32; used + used / 3 + 1];
        for (row, text) in rows().filter(|(_, text)| !text.is_empty()) {
            let mut slot = home(text, slots.len());
            while slots[slot] != 0 {
                slot = (slot + 1) % slots.len();
            }
            slots[slot] = row as u32 + 1;
        }
        Self { slots: slots.into() }
    }

    /// The rows with that text, in no order.
    pub(crate) fn rows<'a>(
        &'a self,
        texts: &'a Strings,
        text: &'a str,
    ) -> impl Iterator<Item = u32> + 'a {
        let slots = &*self.slots;
        let first = home(text.as_bytes(), slots.len());
        let chain = (first..slots.len()).chain(0..first).map(|slot| slots[slot]);
        chain
            .take_while(|row| *row != 0)
            .map(|row| row - 1)
            .filter(move |row| !text.is_empty() && texts.bytes_at(*row as usize) == text.as_bytes())
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.slots.memory_bytes()
    }
}

impl Sectioned for IdSlots {
    fn put_into(&self, sections: &mut Sections) {
        sections.put("slots", &self.slots);
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        let slots: Slab<u32> = sections.take("slots")?;
        if slots.is_empty() {
            return Err(Misfit::content("slots", &"there is always one"));
        }
        Ok(Self { slots })
    }
}

fn home(text: &[u8], slots: usize) -> usize {
    let hash = u128::from(xxh3_64(text));
    ((hash * slots as u128) >> 64) as usize
}
