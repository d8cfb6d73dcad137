/// Unsigned integers in as few bytes as the greatest of them needs; none at all where they are all the same.
#[derive(Debug)]
pub(crate) enum Packed {
    Same { value: u64, len: usize },
    U8(Box<[u8]>),
    U16(Box<[u16]>),
    U32(Box<[u32]>),
    U64(Box<[u64]>),
}

impl Packed {
    pub(crate) fn pack(values: impl ExactSizeIterator<Item = u64> + Clone) -> Self {
        let first = values.clone().next().unwrap_or_default();
        let (mut greatest, mut is_same) = (first, true);
        for value in values.clone() {
            greatest = greatest.max(value);
            is_same &= value == first;
        }
        match greatest {
            _ if is_same => Self::Same { value: first, len: values.len() },
            0..=0xff => Self::U8(values.map(|value| value as u8).collect()),
            0x100..=0xffff => Self::U16(values.map(|value| value as u16).collect()),
            0x1_0000..=0xffff_ffff => Self::U32(values.map(|value| value as u32).collect()),
            _ => Self::U64(values.collect()),
        }
    }

    pub(crate) fn at(&self, row: usize) -> u64 {
        match self {
            Self::Same { value, .. } => *value,
            Self::U8(values) => values[row].into(),
            Self::U16(values) => values[row].into(),
            Self::U32(values) => values[row].into(),
            Self::U64(values) => values[row],
        }
    }

    /// The greatest number that would fit as these are kept.
    pub(crate) fn greatest(&self) -> u64 {
        match self {
            Self::Same { value, .. } => *value,
            Self::U8(_) => u8::MAX.into(),
            Self::U16(_) => u16::MAX.into(),
            Self::U32(_) => u32::MAX.into(),
            Self::U64(_) => u64::MAX,
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Same { len, .. } => *len,
            Self::U8(values) => values.len(),
            Self::U16(values) => values.len(),
            Self::U32(values) => values.len(),
            Self::U64(values) => values.len(),
        }
    }

    /// Where the n-th piece of an arena starts and ends, if these are the pieces' ends.
    pub(crate) fn piece(&self, row: usize) -> std::ops::Range<usize> {
        let start = if row == 0 { 0 } else { self.at(row - 1) };
        start as usize..self.at(row) as usize
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        match self {
            Self::Same { .. } => 0,
            Self::U8(values) => values.len(),
            Self::U16(values) => values.len() * 2,
            Self::U32(values) => values.len() * 4,
            Self::U64(values) => values.len() * 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_no_more_bytes_than_the_greatest_needs() {
        for (greatest, bytes) in [(7, 2), (256, 4), (70_000, 8), (u64::MAX, 16)] {
            let packed = Packed::pack([3, greatest].into_iter());
            assert_eq!((packed.at(0), packed.at(1)), (3, greatest));
            assert_eq!(packed.memory_bytes(), bytes);
        }
    }

    #[test]
    fn a_number_that_never_changes_takes_no_memory() {
        let packed = Packed::pack([9; 1000].into_iter());
        assert_eq!((packed.at(999), packed.len(), packed.memory_bytes()), (9, 1000, 0));
    }
}
