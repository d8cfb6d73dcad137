//! What an observation says, apart from its links.

use quartier_model::{
    Datastream, EntityId, NewObservation, Observation, Period, Properties, Repeats, ResultValue,
};
use serde_json::Value;
use time::OffsetDateTime;

use super::members::Members;
use crate::{Error, Result};

/// An observation without its links.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) phenomenon_time: Period,
    pub(super) result_time: Option<OffsetDateTime>,
    pub(super) result: ResultValue,
    pub(super) valid_time: Option<Period>,
    pub(super) quality: Option<Value>,
    pub(super) parameters: Option<Properties>,
}

impl Reading {
    /// A new one; its phenomenon time is now where nothing is said.
    pub(super) fn new(body: &mut Members, now: OffsetDateTime) -> Result<Self> {
        let phenomenon_time = body.period("phenomenonTime")?.flatten();
        let result = body.take("result").ok_or_else(|| body.missing("result"))?;
        Ok(Self {
            phenomenon_time: phenomenon_time.unwrap_or_else(|| Period::instant(now)),
            result_time: body.instant("resultTime")?.flatten(),
            result: ResultValue::new(result),
            valid_time: body.period("validTime")?.flatten(),
            quality: body.optional_json("resultQuality", None),
            parameters: body.optional_object("parameters", None)?,
        })
    }

    /// One that was there; what is not said stays.
    pub(super) fn merged(body: &mut Members, old: &Observation) -> Result<Self> {
        let phenomenon_time = match body.period("phenomenonTime")? {
            Some(None) => return Err(body.missing("phenomenonTime")),
            Some(Some(said)) => said,
            None => old.phenomenon_time,
        };
        Ok(Self {
            phenomenon_time,
            result_time: body.instant("resultTime")?.unwrap_or(old.result_time),
            result: body.take("result").map_or_else(|| old.result.clone(), ResultValue::new),
            valid_time: body.period("validTime")?.unwrap_or(old.valid_time),
            quality: body.optional_json("resultQuality", old.quality.as_ref()),
            parameters: body.optional_object("parameters", old.parameters.as_ref())?,
        })
    }

    /// Refuses a result that is not one for each channel of a multi-datastream.
    pub(super) fn check(&self, datastream: &Datastream) -> Result<()> {
        if !datastream.is_multi {
            return Ok(());
        }
        let wanted = datastream.channels.len();
        let found = match &self.result {
            ResultValue::Other(value) => value.as_array().map(Vec::len),
            ResultValue::Number(_) => None,
        };
        if found == Some(wanted) {
            return Ok(());
        }
        let id = datastream.id;
        Err(Error::bad(format!(
            "`result` is to be a list of {wanted}, one for each observed property of MultiDatastream {id}"
        )))
    }

    pub(super) fn of(
        self,
        datastream: EntityId,
        feature: Option<EntityId>,
        repeats: Repeats,
    ) -> NewObservation {
        NewObservation {
            datastream,
            feature,
            phenomenon_time: self.phenomenon_time,
            result_time: self.result_time,
            result: self.result,
            valid_time: self.valid_time,
            quality: self.quality,
            parameters: self.parameters,
            repeats,
        }
    }

    pub(super) fn kept_as(
        self,
        id: EntityId,
        datastream: EntityId,
        feature: EntityId,
    ) -> Observation {
        Observation {
            id,
            datastream,
            feature,
            phenomenon_time: self.phenomenon_time,
            result_time: self.result_time,
            result: self.result,
            valid_time: self.valid_time,
            quality: self.quality,
            parameters: self.parameters,
        }
    }
}
