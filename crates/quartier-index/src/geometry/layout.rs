use quartier_model::GeometryKind;

use crate::decimal::quantum;

/// The first byte of a geometry: its kind in three bits, its precision in three, and whether it has heights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) kind: GeometryKind,
    pub(crate) precision: Precision,
    pub(crate) has_heights: bool,
}

/// An index into [`POWERS`]; 0 is for numbers that are kept as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Precision(pub(crate) u8);

/// Centimetres, millimetres and their tenths; the seven and nine decimal places of degrees.
const POWERS: [f64; 6] = [0.0, 1e2, 1e3, 1e4, 1e7, 1e9];

/// In the order of their numbers in the head byte.
const KINDS: [GeometryKind; 7] = [
    GeometryKind::Point,
    GeometryKind::MultiPoint,
    GeometryKind::LineString,
    GeometryKind::MultiLineString,
    GeometryKind::Polygon,
    GeometryKind::MultiPolygon,
    GeometryKind::GeometryCollection,
];

impl Head {
    pub(crate) fn byte(self) -> u8 {
        self.kind as u8 | self.precision.0 << 3 | u8::from(self.has_heights) << 6
    }

    pub(crate) fn of(byte: u8) -> Self {
        Self {
            kind: kind_at(byte),
            precision: Precision(byte >> 3 & 7),
            has_heights: byte >> 6 & 1 == 1,
        }
    }
}

/// The kind with the number in the lowest three bits.
pub(crate) fn kind_at(number: u8) -> GeometryKind {
    KINDS[usize::from(number & 7) % KINDS.len()]
}

impl Precision {
    pub(crate) const RAW: Self = Self(0);

    /// The coarsest precision that loses nothing of any number.
    pub(crate) fn of(numbers: &(impl Iterator<Item = f64> + Clone)) -> Self {
        let fits =
            |precision: &Self| numbers.clone().all(|number| precision.quantum(number).is_some());
        (1..POWERS.len() as u8).map(Self).find(fits).unwrap_or(Self::RAW)
    }

    pub(crate) fn divisor(self) -> f64 {
        POWERS[usize::from(self.0) % POWERS.len()]
    }

    /// The integer that stands for the number; `None` where it would not come back as it is.
    pub(crate) fn quantum(self, number: f64) -> Option<i64> {
        quantum(number, self.divisor())
    }
}
