use geo_types::Coord;
use quartier_model::GeometryKind;

use super::layout::{Head, Precision, kind_at};

/// Reads what `write` wrote; what is not there reads as zero.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// 0 where coordinates are kept as they are.
    divisor: f64,
    last: (i64, i64),
}

/// How many coordinates of a ring are written, and whether the first one closes it.
pub(super) struct RingSize {
    pub(super) kept: usize,
    pub(super) is_closed: bool,
}

impl<'a> Reader<'a> {
    /// `None` where there is no geometry.
    pub(super) fn new(bytes: &'a [u8]) -> Option<(Head, Self)> {
        let (head, bytes) = bytes.split_first()?;
        let head = Head::of(*head);
        Some((head, Self { bytes, divisor: head.precision.divisor(), last: (0, 0) }))
    }

    #[inline]
    pub(super) fn coord(&mut self) -> Coord<f64> {
        if self.divisor == 0.0 {
            return Coord { x: self.raw(), y: self.raw() };
        }
        let (x, y) = (self.last.0 + self.difference(), self.last.1 + self.difference());
        self.last = (x, y);
        Coord { x: x as f64 / self.divisor, y: y as f64 / self.divisor }
    }

    pub(super) fn heights(&mut self, count: usize) -> Vec<f64> {
        let (first, rest) = self.bytes.split_first().unwrap_or((&0, &[]));
        self.bytes = rest;
        let divisor = Precision(*first).divisor();
        if divisor == 0.0 {
            return (0..count).map(|_| self.raw()).collect();
        }
        let mut last = 0;
        let next = |_| {
            last += self.difference();
            last as f64 / divisor
        };
        (0..count).map(next).collect()
    }

    pub(super) fn member_kind(&mut self) -> GeometryKind {
        let (first, rest) = self.bytes.split_first().unwrap_or((&0, &[]));
        self.bytes = rest;
        kind_at(*first)
    }

    pub(super) fn count(&mut self) -> usize {
        self.varint() as usize
    }

    pub(super) fn ring_size(&mut self) -> RingSize {
        let size = self.count();
        RingSize { kept: size >> 1, is_closed: size & 1 == 1 }
    }

    fn raw(&mut self) -> f64 {
        let (first, rest) = self.bytes.split_first_chunk().unwrap_or((&[0; 8], &[]));
        self.bytes = rest;
        f64::from_le_bytes(*first)
    }

    #[inline]
    fn difference(&mut self) -> i64 {
        let number = self.varint();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    #[inline]
    fn varint(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        while let Some((byte, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if *byte < 0x80 || shift > 63 {
                break;
            }
        }
        number
    }
}
