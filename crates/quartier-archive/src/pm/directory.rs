/// Where tiles stand in the file, by their numbers: PMTiles 3, chapter 4.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directory(Box<[Entry]>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Entry {
    /// The first tile's number.
    number: u64,
    pub(super) offset: u64,
    pub(super) len: u32,
    /// For how many tiles in a row it stands; 0 for a directory of those from `number` on.
    run: u32,
}

/// What stands at a tile's number.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Tile(Entry),
    Directory(Entry),
    Nothing,
}

/// Each entry has four numbers of at least a byte each.
const ENTRY_BYTES_MIN: usize = 4;

impl Directory {
    /// `None` where the bytes are no directory.
    pub(super) fn read(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let count = usize::try_from(varint(bytes)?).ok()?;
        if count > bytes.len() / ENTRY_BYTES_MIN {
            return None;
        }
        let mut entries = vec![Entry::default(); count];
        let mut number = 0_u64;
        for entry in &mut entries {
            number = number.checked_add(varint(bytes)?)?;
            entry.number = number;
        }
        for entry in &mut entries {
            entry.run = u32::try_from(varint(bytes)?).ok()?;
        }
        for entry in &mut entries {
            entry.len = u32::try_from(varint(bytes)?).ok()?;
        }
        let mut next = None;
        for entry in &mut entries {
            // 0 is: right behind the one before.
            entry.offset = varint(bytes)?.checked_sub(1).or(next)?;
            next = Some(entry.offset.checked_add(entry.len.into())?);
        }
        Some(Self(entries.into()))
    }

    pub(super) fn find(&self, number: u64) -> Found {
        let after = self.0.partition_point(|entry| entry.number <= number);
        match after.checked_sub(1).map(|at| self.0[at]) {
            Some(entry) if entry.run == 0 => Found::Directory(entry),
            Some(entry) if number - entry.number < entry.run.into() => Found::Tile(entry),
            _ => Found::Nothing,
        }
    }

    pub(super) fn memory_bytes(&self) -> u64 {
        size_of_val(&*self.0) as u64
    }
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let part = u64::from(byte & 0x7f);
        if shift == 63 && part > 1 {
            return None;
        }
        value |= part << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_of_the_specification_is_read_as_it_says() {
        // Three entries: tiles 5 and 42 of 100 bytes in a row, and tile 43 for two tiles at 9,000.
        let bytes = [3, 5, 37, 1, 1, 1, 2, 100, 100, 50, 1, 0, 0xa9, 0x46];
        let directory = Directory::read(&bytes).unwrap();
        let entry = |number, offset, len, run| Entry { number, offset, len, run };
        assert_eq!(directory.find(5), Found::Tile(entry(5, 0, 100, 1)));
        assert_eq!(directory.find(42), Found::Tile(entry(42, 100, 100, 1)));
        assert_eq!(directory.find(44), Found::Tile(entry(43, 9000, 50, 2)));
        for number in [0, 4, 6, 41, 45, u64::MAX] {
            assert_eq!(directory.find(number), Found::Nothing, "{number}");
        }
    }

    #[test]
    fn what_is_no_directory_is_refused() {
        let long = [0xff; 20];
        let bad: [&[u8]; 7] = [
            &[],
            &long,
            // Four billion entries, in nine bytes.
            &[0x80, 0x80, 0x80, 0x80, 0x10, 1, 1, 1, 1],
            &[1, 5, 1, 100],
            // The first has nobody before it.
            &[1, 5, 1, 100, 0],
            // An offset and a number that run over.
            &[2, 0, 1, 1, 1, 2, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0],
            &[2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 1, 1, 1, 1, 1, 1, 1],
        ];
        for bytes in bad {
            assert_eq!(Directory::read(bytes), None, "{bytes:?}");
        }
    }
}
