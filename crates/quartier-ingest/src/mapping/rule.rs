use jiff::tz::TimeZone;
use quartier_model::EntityId;
use serde::Deserialize;
use serde_json::{Number, Value};
use time::OffsetDateTime;

use super::{
    Mapped, MappingError, READINGS_PER_MESSAGE, Rejection, Target,
    clock::reading_time,
    pattern::{Captures, Pattern},
    text::{Path, Text},
};

/// A rule as it stands in the configuration, below `[[ingest.mqtt.readings]]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingRule {
    /// Messages that the rule is for: `+`, `#`, and `{name}` for a level that is used below. All if it is missing.
    pub topic: Option<String>,
    /// The id of the datastream; or else a thing and a property.
    pub datastream: Option<u64>,
    /// The thing's name, with `{name}` for levels of the topic; or a JSON path into the payload.
    pub thing: Option<String>,
    /// The observed property's name, in the same way.
    pub property: Option<String>,
    /// A JSON path to the parts that are a reading each; the paths below then begin at a part.
    pub each: Option<String>,
    /// A JSON path to the value; the whole payload if it is missing.
    pub value: Option<String>,
    /// A JSON path to the time: RFC 3339, local time without offset, or seconds or milliseconds since 1970. The time
    /// of arrival if it is missing.
    pub time: Option<String>,
    /// What local times are of, like `Europe/Berlin`.
    pub time_zone: Option<String>,
    /// What the value is multiplied by.
    pub scale: Option<f64>,
    /// What is added after that.
    pub offset: Option<f64>,
}

/// A rule that is ready for use.
#[derive(Debug)]
pub struct Rule {
    pattern: Option<Pattern>,
    target: TargetRule,
    each: Option<Path>,
    value: Path,
    time: Option<Path>,
    zone: Option<TimeZone>,
    linear: Option<(f64, f64)>,
}

#[derive(Debug)]
enum TargetRule {
    Datastream(EntityId),
    Named { thing: Text, property: Text },
}

impl Rule {
    pub(super) fn new(config: &ReadingRule) -> Result<Self, MappingError> {
        let pattern = config.topic.as_deref().map(|topic| {
            let refuse = |error| MappingError::Pattern { topic: topic.to_owned(), error };
            Pattern::parse(topic).map_err(refuse)
        });
        let pattern = pattern.transpose()?;
        let names = pattern.as_ref().map(Pattern::names).unwrap_or_default();
        let target = match (config.datastream, &config.thing, &config.property) {
            (Some(id), None, None) => TargetRule::Datastream(EntityId(id)),
            (None, Some(thing), Some(property)) => TargetRule::Named {
                thing: Text::parse(thing, &names)?,
                property: Text::parse(property, &names)?,
            },
            _ => return Err(MappingError::Target),
        };
        let path = |path: &Option<String>| path.as_deref().map(Path::parse).transpose();
        let linear = config.scale.is_some() || config.offset.is_some();
        Ok(Self {
            target,
            each: path(&config.each)?,
            value: Path::parse(config.value.as_deref().unwrap_or("$"))?,
            time: path(&config.time)?,
            zone: config.time_zone.as_deref().map(zone).transpose()?,
            linear: linear.then(|| (config.scale.unwrap_or(1.0), config.offset.unwrap_or(0.0))),
            pattern,
        })
    }

    pub(super) fn captures<'a>(&'a self, topic: &'a str) -> Option<Captures<'a>> {
        self.pattern
            .as_ref()
            .map_or_else(|| Some(Captures::new()), |pattern| pattern.captures(topic))
    }

    /// Adds the readings that the rule finds.
    pub(super) fn read(
        &self,
        json: &Value,
        captures: &Captures<'_>,
        arrived: OffsetDateTime,
        readings: &mut Vec<Mapped>,
    ) -> Result<(), Rejection> {
        let parts = self.each.as_ref().map_or_else(|| vec![json], |each| each.all(json));
        if readings.len() + parts.len() > READINGS_PER_MESSAGE {
            return Err(Rejection::TooMany);
        }
        for part in parts {
            readings.push(self.read_part(part, captures, arrived)?);
        }
        Ok(())
    }

    fn read_part(
        &self,
        part: &Value,
        captures: &Captures<'_>,
        arrived: OffsetDateTime,
    ) -> Result<Mapped, Rejection> {
        let result = self.result(self.value.one(part)?)?;
        let time = match &self.time {
            Some(path) => reading_time(path.one(part)?, self.zone.as_ref(), arrived)?,
            None => arrived,
        };
        let target = match &self.target {
            TargetRule::Datastream(id) => Target::Datastream(*id),
            TargetRule::Named { thing, property } => Target::ThingAndProperty {
                thing: thing.read(part, captures)?,
                property: property.read(part, captures)?,
            },
        };
        Ok(Mapped { target, time, result })
    }

    /// The value, scaled if the rule says so; then a text has to be a number too.
    fn result(&self, value: &Value) -> Result<Value, Rejection> {
        let Some((scale, offset)) = self.linear else { return Ok(value.clone()) };
        let number = match value {
            Value::String(text) => text.trim().parse().ok(),
            other => other.as_f64(),
        };
        let scaled = number.and_then(|number: f64| Number::from_f64(number * scale + offset));
        scaled
            .map(Value::Number)
            .ok_or_else(|| Rejection::NotANumber(self.value.as_str().to_owned()))
    }
}

fn zone(name: &str) -> Result<TimeZone, MappingError> {
    TimeZone::get(name).map_err(|_unknown| MappingError::Zone(name.to_owned()))
}
