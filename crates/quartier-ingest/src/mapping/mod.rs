//! What the message of an outside broker means: a topic, a payload and the time of arrival become readings. Pure.
//!
//! **Times without offset** are local times of the source's `time_zone`. An hour that spring skips is read with the
//! offset from before the change, so 02:30 is the moment one hour after 01:30. An hour that autumn has twice is
//! read as the first one, unless the message has arrived nearer to the second one and within an hour of it.

mod clock;
mod lorawan;
mod pattern;
mod rule;
mod text;

use quartier_model::EntityId;
use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;

pub use clock::TimeError;
pub use pattern::PatternError;
pub use rule::ReadingRule;

use self::{rule::Rule, text::Text};

/// A reading, and where it belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapped {
    pub target: Target,
    pub time: OffsetDateTime,
    pub result: Value,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    Datastream(EntityId),
    /// The datastream of the thing with this name for the observed property with this name.
    ThingAndProperty {
        thing: String,
        property: String,
    },
}

/// How the payloads of a source are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON, or one plain number, read by the source's rules.
    #[default]
    Json,
    /// Uplinks of The Things Stack v3: a thing for each device, a property for each number in the decoded payload.
    TheThingsStack,
    /// Uplinks of `ChirpStack` v4, in the same way; the thing is named by the `DevEUI`.
    Chirpstack,
}

/// Why a message gives no readings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("the payload is not JSON: {0}")]
    NotJson(String),
    #[error("no rule of the source has a `topic` that matches")]
    NoRule,
    #[error("the payload has nothing at {0}")]
    Missing(String),
    #[error(
        "the payload has several values at {0}, one is needed; use `each` for several readings"
    )]
    Several(String),
    #[error("the value at {0} is not a number, so it cannot be scaled")]
    NotANumber(String),
    #[error("the value at {0} is no name")]
    NotAName(String),
    #[error(transparent)]
    Time(#[from] TimeError),
    #[error("more than {READINGS_PER_MESSAGE} readings in one message")]
    TooMany,
}

/// Why the rules of a source cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    #[error("a source with format = \"json\" needs at least one [[ingest.mqtt.readings]]")]
    NoRules,
    #[error(
        "readings are for format = \"json\"; the other formats say by themselves what they hold"
    )]
    RulesForLorawan,
    #[error("`thing` outside of readings is for the LoRaWAN formats")]
    ThingForJson,
    #[error("a reading belongs to either a `datastream` or a `thing` with a `property`")]
    Target,
    #[error("topic {topic:?}: {error}")]
    Pattern { topic: String, error: PatternError },
    #[error("{text:?} uses {{{name}}}, which its `topic` does not capture")]
    NoCapture { text: String, name: String },
    #[error("{0:?} has a {{ without }}")]
    Brace(String),
    #[error("{path:?} is no JSON path (RFC 9535): {error}")]
    Path { path: String, error: String },
    #[error("{0:?} is not a time zone of the IANA database, like \"Europe/Berlin\"")]
    Zone(String),
}

/// A day of minutes, sent at once.
const READINGS_PER_MESSAGE: usize = 2_000;

/// The rules of one source, ready for use.
#[derive(Debug)]
pub enum Mapping {
    Json(Vec<Rule>),
    Lorawan { format: Format, thing: Option<Text> },
}

impl Mapping {
    pub fn new(
        format: Format,
        thing: Option<&str>,
        rules: &[ReadingRule],
    ) -> Result<Self, MappingError> {
        match format {
            Format::Json if thing.is_some() => Err(MappingError::ThingForJson),
            Format::Json if rules.is_empty() => Err(MappingError::NoRules),
            Format::Json => Ok(Self::Json(rules.iter().map(Rule::new).collect::<Result<_, _>>()?)),
            Format::TheThingsStack | Format::Chirpstack if !rules.is_empty() => {
                Err(MappingError::RulesForLorawan)
            }
            Format::TheThingsStack | Format::Chirpstack => {
                let thing = thing.map(|text| Text::parse(text, &[])).transpose()?;
                Ok(Self::Lorawan { format, thing })
            }
        }
    }

    /// The readings of a message. None at all where the message is of another kind, a device's joining for example.
    pub fn map(
        &self,
        topic: &str,
        payload: &[u8],
        arrived: OffsetDateTime,
    ) -> Result<Vec<Mapped>, Rejection> {
        // Its depth is limited by serde_json to 128.
        let json: Value = serde_json::from_slice(payload)
            .map_err(|error| Rejection::NotJson(error.to_string()))?;
        match self {
            Self::Json(rules) => by_rules(rules, topic, &json, arrived),
            Self::Lorawan { format: Format::TheThingsStack, thing } => {
                lorawan::the_things_stack(&json, thing.as_ref(), arrived)
            }
            Self::Lorawan { thing, .. } => lorawan::chirpstack(&json, thing.as_ref(), arrived),
        }
    }
}

/// All rules for the topic are used. A rule whose value is not in the message gives no reading, unless all do so.
fn by_rules(
    rules: &[Rule],
    topic: &str,
    json: &Value,
    arrived: OffsetDateTime,
) -> Result<Vec<Mapped>, Rejection> {
    let mut readings = Vec::new();
    let mut missing = None;
    let mut matching = false;
    for rule in rules {
        let Some(captures) = rule.captures(topic) else { continue };
        matching = true;
        match rule.read(json, &captures, arrived, &mut readings) {
            Ok(()) => {}
            Err(Rejection::Missing(path)) => missing = Some(Rejection::Missing(path)),
            Err(other) => return Err(other),
        }
    }
    match missing {
        _ if !matching => Err(Rejection::NoRule),
        Some(missing) if readings.is_empty() => Err(missing),
        _ => Ok(readings),
    }
}
