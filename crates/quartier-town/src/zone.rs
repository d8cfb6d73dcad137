/// What a quarter is built up with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    Market,
    OldTown,
    /// Closed rows around the block, as they were built about 1900.
    Perimeter,
    Terraces,
    Detached,
    /// Long blocks of flats in the green.
    Slabs,
    Industry,
    Park,
    /// The edge of the town: fields and a few farms.
    Fields,
}

/// How a zone is divided. Lengths in metres, between the middles of the streets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Division {
    pub(crate) block_length: f64,
    pub(crate) block_depth: f64,
    pub(crate) street_width: f64,
    /// How far from the middle a block may be divided: 0 is always in the middle.
    pub(crate) unevenness: f64,
}

impl Zone {
    pub(crate) fn division(self) -> Division {
        let (block_length, block_depth, street_width, unevenness) = match self {
            Self::Market => (1000.0, 1000.0, 8.0, 0.0),
            Self::OldTown => (105.0, 62.0, 7.0, 0.13),
            Self::Perimeter => (150.0, 84.0, 14.0, 0.07),
            Self::Terraces => (150.0, 62.0, 8.0, 0.07),
            Self::Detached => (170.0, 66.0, 8.5, 0.08),
            Self::Slabs => (190.0, 130.0, 10.0, 0.08),
            Self::Industry => (280.0, 170.0, 14.0, 0.1),
            Self::Park => (330.0, 260.0, 3.0, 0.15),
            Self::Fields => (420.0, 260.0, 4.0, 0.12),
        };
        Division { block_length, block_depth, street_width, unevenness }
    }

    /// Buildings per hectare between the main streets, with outbuildings; measured.
    pub(crate) fn density(self) -> f64 {
        match self {
            Self::Market => 3.2,
            Self::OldTown => 29.0,
            Self::Perimeter => 15.5,
            Self::Terraces => 47.0,
            Self::Detached => 15.4,
            Self::Slabs => 3.1,
            Self::Industry => 2.0,
            Self::Park => 0.0,
            Self::Fields => 0.06,
        }
    }

    pub(crate) fn people_per_building(self) -> f64 {
        match self {
            Self::Perimeter => 9.0,
            Self::OldTown => 4.0,
            Self::Slabs => 19.0,
            Self::Industry | Self::Park | Self::Market => 0.2,
            Self::Terraces | Self::Detached | Self::Fields => 2.2,
        }
    }
}
