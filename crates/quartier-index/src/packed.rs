use quartier_slab::{Misfit, Sectioned, Sections, Slab};

/// Unsigned integers in as few bytes as the greatest of them needs; none at all where each follows from its row.
#[derive(Debug)]
pub(crate) enum Packed {
    /// Every number is the one before it and a step, which may be none.
    Line {
        first: u64,
        step: u64,
        len: usize,
    },
    U8(Slab<u8>),
    U16(Slab<u16>),
    U32(Slab<u32>),
    U64(Slab<u64>),
}

impl Packed {
    pub(crate) fn pack(values: impl ExactSizeIterator<Item = u64> + Clone) -> Self {
        let len = values.len();
        if let Some((first, step)) = line(&values) {
            return Self::Line { first, step, len };
        }
        match values.clone().max().unwrap_or_default() {
            0..=0xff => Self::U8(values.map(|value| value as u8).collect()),
            0x100..=0xffff => Self::U16(values.map(|value| value as u16).collect()),
            0x1_0000..=0xffff_ffff => Self::U32(values.map(|value| value as u32).collect()),
            _ => Self::U64(values.collect()),
        }
    }

    pub(crate) fn at(&self, row: usize) -> u64 {
        match self {
            Self::Line { first, step, .. } => first + step * row as u64,
            Self::U8(values) => values[row].into(),
            Self::U16(values) => values[row].into(),
            Self::U32(values) => values[row].into(),
            Self::U64(values) => values[row],
        }
    }

    /// The greatest number that would fit as these are kept.
    pub(crate) fn greatest(&self) -> u64 {
        match self {
            Self::Line { first, step, len } => first + step * len.saturating_sub(1) as u64,
            Self::U8(_) => u8::MAX.into(),
            Self::U16(_) => u16::MAX.into(),
            Self::U32(_) => u32::MAX.into(),
            Self::U64(_) => u64::MAX,
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Line { len, .. } => *len,
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
            Self::Line { .. } => 0,
            Self::U8(values) => values.memory_bytes(),
            Self::U16(values) => values.memory_bytes(),
            Self::U32(values) => values.memory_bytes(),
            Self::U64(values) => values.memory_bytes(),
        }
    }
}

/// The first number and the step from each to the next, where that is always the same.
fn line(values: &(impl Iterator<Item = u64> + Clone)) -> Option<(u64, u64)> {
    let mut both = values.clone().zip(values.clone().skip(1));
    let first = values.clone().next().unwrap_or_default();
    let step = match both.next() {
        Some((one, next)) => next.checked_sub(one)?,
        None => 0,
    };
    both.all(|(one, next)| next.checked_sub(one) == Some(step)).then_some((first, step))
}

impl Sectioned for Packed {
    fn put_into(&self, sections: &mut Sections) {
        match self {
            Self::Line { first, step, len } => {
                sections.put_few("line", &[*first, *step, *len as u64]);
            }
            Self::U8(values) => sections.put("u8", values),
            Self::U16(values) => sections.put("u16", values),
            Self::U32(values) => sections.put("u32", values),
            Self::U64(values) => sections.put("u64", values),
        }
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        Ok(match sections.next_name() {
            Some("u8") => Self::U8(sections.take("u8")?),
            Some("u16") => Self::U16(sections.take("u16")?),
            Some("u32") => Self::U32(sections.take("u32")?),
            Some("u64") => Self::U64(sections.take("u64")?),
            _ => {
                let [first, step, len] = sections.take_few("line")?;
                Self::Line { first, step, len: len as usize }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_no_more_bytes_than_the_greatest_needs() {
        for (greatest, bytes) in [(7, 3), (256, 6), (70_000, 12), (u64::MAX, 24)] {
            let packed = Packed::pack([3, greatest, 3].into_iter());
            assert_eq!((packed.at(0), packed.at(1)), (3, greatest));
            assert_eq!(packed.memory_bytes(), bytes);
        }
    }

    #[test]
    fn a_number_that_never_changes_takes_no_memory() {
        let packed = Packed::pack([9; 1000].into_iter());
        assert_eq!((packed.at(999), packed.len(), packed.memory_bytes()), (9, 1000, 0));
    }

    #[test]
    fn numbers_that_count_up_take_no_memory() {
        let packed =
            Packed::pack((0..1000).map(|row| 7 + row * 16).collect::<Vec<_>>().into_iter());
        assert_eq!((packed.at(999), packed.len(), packed.memory_bytes()), (7 + 999 * 16, 1000, 0));
        assert_eq!(packed.piece(3), 7 + 2 * 16..7 + 3 * 16);
        let down = Packed::pack([3, 2, 1].into_iter());
        assert_eq!(
            ((0..3).map(|row| down.at(row)).collect::<Vec<_>>(), down.len()),
            (vec![3, 2, 1], 3)
        );
    }
}
