use quartier_model::CollectionId;

/// The collections of a town.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Buildings,
    Parcels,
    Blocks,
    Streets,
    Trees,
    Addresses,
    /// By level, 1 to 3.
    Districts(usize),
    SensorSites,
}

impl Kind {
    pub(crate) const ALL: [Self; 10] = [
        Self::Buildings,
        Self::Parcels,
        Self::Blocks,
        Self::Streets,
        Self::Trees,
        Self::Addresses,
        Self::Districts(1),
        Self::Districts(2),
        Self::Districts(3),
        Self::SensorSites,
    ];

    pub(crate) fn id(self) -> CollectionId {
        self.name().parse().expect("the names below are well-formed")
    }

    pub(crate) fn of(id: &CollectionId) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == id.as_str())
    }

    fn name(self) -> &'static str {
        match self {
            Self::Buildings => "buildings",
            Self::Parcels => "parcels",
            Self::Blocks => "blocks",
            Self::Streets => "streets",
            Self::Trees => "trees",
            Self::Addresses => "addresses",
            Self::Districts(1) => "districts_l1",
            Self::Districts(2) => "districts_l2",
            Self::Districts(_) => "districts_l3",
            Self::SensorSites => "sensor_sites",
        }
    }
}
