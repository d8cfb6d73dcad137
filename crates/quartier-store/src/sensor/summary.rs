use quartier_model::{EntityId, Observation, Period};

use super::{
    Summary,
    times::{NO_TIME_US, instant},
};
use crate::{Error, Result, error::Cause};

/// What both databases keep of a datastream, but for its features and its latest observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extents {
    pub(crate) datastream: i64,
    pub(crate) count: i64,
    pub(crate) start_us: i64,
    pub(crate) end_us: i64,
    /// Both [`NO_TIME_US`] where no observation has one.
    pub(crate) result_start_us: i64,
    pub(crate) result_end_us: i64,
}

impl Extents {
    /// The summary; `features` and `latest` are of the same datastream.
    pub(crate) fn summary(
        self,
        features: Vec<(EntityId, u64)>,
        latest: Option<Observation>,
    ) -> Result<Summary> {
        let datastream = EntityId(self.datastream.cast_unsigned());
        let corrupt = |error| Error::corrupt(format!("the summary of {datastream}"), error);
        let has_any = self.count > 0;
        let has_results = has_any && self.result_start_us != NO_TIME_US;
        let phenomenon_time = has_any.then(|| hull(self.start_us, self.end_us)).transpose();
        let result_time =
            has_results.then(|| hull(self.result_start_us, self.result_end_us)).transpose();
        Ok(Summary {
            datastream,
            count: self.count.cast_unsigned(),
            phenomenon_time: phenomenon_time.map_err(corrupt)?,
            result_time: result_time.map_err(corrupt)?,
            features,
            latest,
        })
    }

    /// Of a datastream whose last observation was deleted.
    pub(crate) fn none(datastream: i64) -> Self {
        Self {
            datastream,
            count: 0,
            start_us: 0,
            end_us: 0,
            result_start_us: NO_TIME_US,
            result_end_us: NO_TIME_US,
        }
    }
}

/// An interval also where it is a single instant.
fn hull(start_us: i64, end_us: i64) -> Result<Period, Cause> {
    Ok(Period::interval(instant(start_us)?, instant(end_us)?)?)
}
