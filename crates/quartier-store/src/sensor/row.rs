use quartier_model::{
    EntityId, NewObservation, Observation, Period, Properties, Repeats, ResultValue,
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::times::{NO_TIME_US, instant, micros, optional_instant};
use crate::{
    Error, Result,
    error::Cause,
    json::{from_json, to_json},
};

/// An observation as both databases keep it. Times are microseconds since 1970.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) datastream: i64,
    pub(crate) feature: i64,
    pub(crate) start_us: i64,
    /// An instant's is its start.
    pub(crate) end_us: i64,
    /// [`NO_TIME_US`] where there is none.
    pub(crate) result_us: i64,
    /// 0 for the one that stands for its repeats, else the id: unique beside datastream and times, so that the end is
    /// the same whether the repeated one or the one to keep comes first.
    pub(crate) copy: i64,
    pub(crate) result: Option<f64>,
    /// JSON text of a result that is no number.
    pub(crate) result_json: Option<String>,
    /// JSON text of what few observations have; see [`Detail`].
    pub(crate) detail: Option<String>,
}

/// What few observations have.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Detail {
    /// The phenomenon time is an interval although it ends where it starts.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_interval: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_too")]
    quality: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<Properties>,
}

/// A quality of null is a quality.
fn null_too<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Row {
    /// Not yet numbered: what is to be kept has no `copy` yet.
    pub(crate) fn new(observation: &NewObservation) -> Result<Self> {
        let datastream = observation.datastream;
        let feature = observation.feature.ok_or_else(|| Error::Unstorable {
            id: format!("an observation of datastream {datastream}"),
            reason: "it has no feature of interest".to_owned(),
        })?;
        let (result, result_json) = parts(&observation.result);
        let time = observation.phenomenon_time;
        let detail = Detail {
            is_interval: is_degenerate(time),
            valid_from_us: observation.valid_time.map(|valid| micros(valid.start())),
            valid_to_us: observation
                .valid_time
                .filter(Period::is_interval)
                .map(|it| micros(it.end())),
            quality: observation.quality.clone(),
            parameters: observation.parameters.clone(),
        };
        Ok(Self {
            id: 0,
            datastream: datastream.0.cast_signed(),
            feature: feature.0.cast_signed(),
            start_us: micros(time.start()),
            end_us: micros(time.end()),
            result_us: observation.result_time.map_or(NO_TIME_US, micros),
            copy: 0,
            result,
            result_json,
            detail: (detail != Detail::default()).then(|| to_json(&detail)),
        })
    }

    /// What the row stands for.
    pub(crate) fn observation(&self) -> Result<Observation> {
        self.read().map_err(|error| Error::corrupt(format!("observation {}", self.id), error))
    }

    fn read(&self) -> Result<Observation, Cause> {
        let detail: Detail = match &self.detail {
            None => Detail::default(),
            Some(text) => from_json(text.as_bytes())?,
        };
        let end_us = (self.end_us != self.start_us || detail.is_interval).then_some(self.end_us);
        let valid = detail.valid_from_us.map(|from| period(from, detail.valid_to_us));
        let result = match (self.result, &self.result_json) {
            (Some(number), _) => ResultValue::Number(number),
            (None, Some(text)) => ResultValue::Other(from_json(text.as_bytes())?),
            (None, None) => return Err("it has no result".into()),
        };
        Ok(Observation {
            id: EntityId(self.id.cast_unsigned()),
            datastream: EntityId(self.datastream.cast_unsigned()),
            feature: EntityId(self.feature.cast_unsigned()),
            phenomenon_time: period(self.start_us, end_us)?,
            result_time: optional_instant(self.result_us)?,
            result,
            valid_time: valid.transpose()?,
            quality: detail.quality,
            parameters: detail.parameters,
        })
    }
}

/// An observation as one that is to be written.
pub(crate) fn as_new(observation: &Observation) -> NewObservation {
    NewObservation {
        datastream: observation.datastream,
        feature: Some(observation.feature),
        phenomenon_time: observation.phenomenon_time,
        result_time: observation.result_time,
        result: observation.result.clone(),
        valid_time: observation.valid_time,
        quality: observation.quality.clone(),
        parameters: observation.parameters.clone(),
        repeats: Repeats::Kept,
    }
}

/// A result that is no number is ordered by its JSON text.
pub(crate) fn result_text(value: &Value) -> String {
    to_json(value)
}

fn parts(result: &ResultValue) -> (Option<f64>, Option<String>) {
    match result {
        ResultValue::Number(number) => (Some(*number), None),
        ResultValue::Other(value) => (None, Some(result_text(value))),
    }
}

fn is_degenerate(period: Period) -> bool {
    period.is_interval() && period.start() == period.end()
}

fn period(start_us: i64, end_us: Option<i64>) -> Result<Period, Cause> {
    let start = instant(start_us)?;
    match end_us {
        None => Ok(Period::instant(start)),
        Some(end_us) => Ok(Period::interval(start, instant(end_us)?)?),
    }
}
