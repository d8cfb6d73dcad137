//! A ready shape's bytes: a head, then its paths.

use crate::rings::Role;

/// What a shape is, in the lowest two bits of its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShapeKind {
    /// Not kept ready.
    None = 0,
    Points = 1,
    Lines = 2,
    Polygons = 3,
}

/// The first byte of a shape: its kind, and the zoom from which on its outline is drawn as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: ShapeKind,
    pub(super) sound_from: u8,
}

/// The first byte of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PathHead {
    /// The lowest zoom at which it is large enough to be seen.
    pub(super) from: u8,
    pub(super) role: Role,
    /// Whether some of its vertices are shown from some zoom on only.
    pub(super) has_levels: bool,
    pub(super) is_last: bool,
}

impl Head {
    pub(super) fn byte(self) -> u8 {
        self.kind as u8 | self.sound_from << 2
    }

    pub(super) fn of(byte: u8) -> Self {
        let kind = match byte & 3 {
            1 => ShapeKind::Points,
            2 => ShapeKind::Lines,
            3 => ShapeKind::Polygons,
            _ => ShapeKind::None,
        };
        Self { kind, sound_from: byte >> 2 }
    }
}

impl PathHead {
    pub(super) fn byte(self) -> u8 {
        self.from
            | u8::from(self.role == Role::Hole) << 5
            | u8::from(self.has_levels) << 6
            | u8::from(self.is_last) << 7
    }

    pub(super) fn of(byte: u8) -> Self {
        Self {
            from: byte & 0x1f,
            role: if byte >> 5 & 1 == 1 { Role::Hole } else { Role::Exterior },
            has_levels: byte >> 6 & 1 == 1,
            is_last: byte >> 7 == 1,
        }
    }
}

/// Four bits for the lowest zoom that shows a vertex: zooms 0 and 1 are one, and none is above 16.
pub(super) fn level_bits(level: u8) -> u8 {
    level.clamp(1, 16) - 1
}

/// Whether a zoom shows a vertex with these bits.
#[inline]
pub(super) fn is_shown(bits: u8, zoom: u8) -> bool {
    bits == 0 || bits < zoom
}

pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn put_difference(out: &mut Vec<u8>, value: i32) {
    put_varint(out, (value << 1 ^ value >> 31).cast_unsigned());
}

/// Reads what was put; what is not there reads as zero.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    #[inline]
    pub(super) fn byte(&mut self) -> u8 {
        let Some((byte, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *byte
    }

    pub(super) fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    #[inline]
    pub(super) fn varint(&mut self) -> u32 {
        let first = self.byte();
        if first < 0x80 {
            return u32::from(first);
        }
        let second = self.byte();
        let value = u32::from(first & 0x7f) | u32::from(second & 0x7f) << 7;
        if second < 0x80 { value } else { self.long_varint(value) }
    }

    fn long_varint(&mut self, mut value: u32) -> u32 {
        for shift in [14, 21, 28] {
            let byte = self.byte();
            value |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        value
    }

    #[inline]
    pub(super) fn difference(&mut self) -> i32 {
        let number = self.varint();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }
}
