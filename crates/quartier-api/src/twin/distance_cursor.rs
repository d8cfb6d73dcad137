use std::{fmt, str::FromStr};

use quartier_model::FeatureId;
use quartier_twin::Nearby;

use crate::params::cursor::CursorError;

/// The last object of a page of neighbours. Opaque to clients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct DistanceCursor {
    distance_m: f64,
    fid: FeatureId,
}

impl DistanceCursor {
    pub(super) fn of(near: &Nearby<'_>) -> Self {
        Self { distance_m: near.distance_m, fid: near.hit.object.fid() }
    }

    /// Whether a neighbour stood on an earlier page.
    pub(super) fn has_passed(&self, near: &Nearby<'_>) -> bool {
        let order = near.distance_m.total_cmp(&self.distance_m);
        order.then(near.hit.object.fid().cmp(&self.fid)).is_le()
    }
}

impl fmt::Display for DistanceCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "d{:x}-{:x}", self.distance_m.to_bits(), self.fid.0)
    }
}

impl FromStr for DistanceCursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let hex = |text: &str| u64::from_str_radix(text, 16).ok();
        let parts = text.strip_prefix('d').and_then(|parts| parts.split_once('-'));
        let numbers = parts.and_then(|(distance, fid)| hex(distance).zip(hex(fid)));
        numbers
            .map(|(bits, fid)| Self { distance_m: f64::from_bits(bits), fid: FeatureId(fid) })
            .ok_or_else(|| CursorError::new(text))
    }
}
