//! One number for each zone and window of time.

use quartier_model::{CollectionId, FeatureId, ObjectId, Unit};
use time::{Duration, OffsetDateTime};

use super::Sensors;
use crate::Snapshot;

/// The longest window that can be summed up: ten years.
pub const WINDOW_MAX: Duration = Duration::days(3653);

#[derive(Debug, Clone, PartialEq)]
pub struct AggregateQuery {
    /// The collection whose objects are the zones.
    pub zones: CollectionId,
    /// An observed property's name, definition or id.
    pub property: String,
    pub aggregation: Aggregation,
    /// Positive, at most [`WINDOW_MAX`].
    pub window: Duration,
    /// The end of the window; now where none is given.
    pub as_of: Option<OffsetDateTime>,
}

/// How readings become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregation {
    /// The mean of the sensors' means, so that a sensor that speaks often does not count for more than one that speaks
    /// seldom; of directions the circular mean of circular means.
    Mean,
    /// The least of all readings.
    Min,
    /// The greatest of all readings.
    Max,
    /// Of all readings.
    Sum,
    /// How many readings there were.
    Count,
    /// The newest reading; of several at one instant that of the lowest datastream.
    Last,
}

/// A number for each zone.
///
/// The window is from `start` up to, but not including, `end`. A reading counts by the start of its phenomenon time, in
/// the zone in which its thing stood then.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregates {
    pub start: OffsetDateTime,
    pub end: OffsetDateTime,
    /// What the sensors measure in; `None` where there are none.
    pub unit: Option<Unit>,
    /// By feature id; every object of the collection.
    pub zones: Vec<ZoneAggregate>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ZoneAggregate {
    pub fid: FeatureId,
    pub object: ObjectId,
    /// `None` where there were no readings, or where directions cancel each other out.
    pub value: Option<f64>,
    /// Sensors (datastreams' channels) with readings in the window.
    pub n: usize,
    /// Of the sensors that were in the zone during the window, those whose last reading was stale at its end.
    pub n_stale: usize,
    /// Sensors that were in the zone during the window.
    pub n_linked: usize,
    pub n_readings: u64,
    /// The share of the linked sensors that had readings; 0 where none are linked.
    pub coverage: f64,
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AggregateError {
    #[error("there is no collection `{0}`")]
    UnknownZones(CollectionId),
    #[error("there is no observed property `{0}`: name one by its name, definition or id")]
    UnknownProperty(String),
    #[error("the window must be longer than nothing and at most {} days", WINDOW_MAX.whole_days())]
    Window,
    #[error("`{property}` is measured in different units ({}), which have no common value", units.join(", "))]
    MixedUnits { property: String, units: Vec<String> },
    #[error("the sensors are still being loaded")]
    Loading,
    #[error(transparent)]
    Twin(#[from] crate::Error),
}

#[expect(clippy::unused_async, reason = "being written")]
impl Sensors {
    /// Sums up what was measured in each object of a collection.
    pub async fn aggregate(
        &self,
        city: &Snapshot,
        query: &AggregateQuery,
    ) -> Result<Aggregates, AggregateError> {
        unimplemented!("{city:?} {query:?}")
    }
}
