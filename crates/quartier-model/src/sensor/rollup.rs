use time::OffsetDateTime;

use super::EntityId;

/// A datastream's numeric observations of one hour or day (UTC), summed up by the start of their phenomenon time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rollup {
    pub datastream: EntityId,
    pub start: OffsetDateTime,
    pub count: u64,
    pub sum: f64,
    pub min: f64,
    pub max: f64,
    /// Sums of the sines and cosines of the results as degrees, for the mean of directions.
    pub sines: f64,
    pub cosines: f64,
    pub last_time: OffsetDateTime,
    pub last: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Hour,
    Day,
}
