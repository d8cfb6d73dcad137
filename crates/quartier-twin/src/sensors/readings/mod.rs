//! What is measured at an object now.

mod combine;
mod flat;
mod names;
mod properties;
mod reader;
mod stale;
mod unit;
mod value;

use quartier_model::{CollectionId, EntityId, FeatureId, ResultValue, Unit};
use time::{Duration, OffsetDateTime};

pub use names::{PROPERTY_NAMES_MAX, PropertyNames, PropertyNamesError};
pub(crate) use properties::properties_named;
pub use reader::Reader;
pub(crate) use reader::{Asked, asked};
pub(crate) use stale::{age, stale_after};
pub(crate) use unit::{direction, is_direction, is_same_unit, label};
pub(crate) use value::channel_value;

use super::Sensors;

/// What the sensors of one object say of one property.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectReading {
    /// As it was asked for; the observed property's name where all were asked for.
    pub property: String,
    /// The mean of the latest values that are not stale, or of all where all are; of directions the circular mean. Of
    /// values that are no numbers the newest. `None` where the sensors' units differ.
    pub value: Option<ResultValue>,
    pub unit: Option<Unit>,
    /// When the newest of the values was measured.
    pub time: OffsetDateTime,
    /// How long ago that was; never negative.
    pub age: Duration,
    /// Sensors that have measured something here.
    pub n: usize,
    pub n_stale: usize,
    /// All of them are.
    pub is_stale: bool,
    /// The sensors measure in different units, so that their values have no mean.
    pub has_mixed_units: bool,
    pub datastreams: Vec<EntityId>,
}

impl Sensors {
    /// What is measured of these properties at an object at a time; a property that nobody measures there is left out.
    pub fn readings(
        &self,
        collection: &CollectionId,
        fid: FeatureId,
        names: &PropertyNames,
        at: OffsetDateTime,
    ) -> Vec<ObjectReading> {
        self.reader(names, at).map_or_else(Vec::new, |reader| reader.of(collection, fid))
    }

    /// For many objects; `None` until the sensors are loaded.
    pub fn reader(&self, names: &PropertyNames, at: OffsetDateTime) -> Option<Reader> {
        Reader::new(self, names, at)
    }
}
