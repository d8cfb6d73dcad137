use quartier_model::{EntityId, Period, Properties};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::moment;
use crate::{Error, Result};

/// Names of members are shown to the client up to here.
const SHOWN_CHARS_MAX: usize = 80;

/// What a body says of one entity, taken member by member. It knows where it stands in the body, for messages.
#[derive(Debug)]
pub(crate) struct Members {
    at: String,
    map: Map<String, Value>,
}

/// One entity in a body that another one links.
#[derive(Debug)]
pub(super) enum Linked {
    Existing(EntityId),
    New(Members),
}

impl Members {
    pub(crate) fn parse(body: &[u8]) -> Result<Self> {
        Self::of(String::new(), json(body)?)
    }

    pub(super) fn of(at: String, value: Value) -> Result<Self> {
        match value {
            Value::Object(map) => Ok(Self { at, map }),
            other => {
                let name = if at.is_empty() { "the body" } else { &at };
                Err(Error::bad(format!("{name} is to be a JSON object, not {}", kind_of(&other))))
            }
        }
    }

    /// A member's name as messages write it: `Datastreams[0]/Sensor/name`.
    pub(super) fn name(&self, member: &str) -> String {
        let member: String = member.chars().take(SHOWN_CHARS_MAX).collect();
        if self.at.is_empty() { member } else { format!("{}/{member}", self.at) }
    }

    pub(super) fn missing(&self, member: &str) -> Error {
        Error::bad(format!("`{}` is missing; it is mandatory", self.name(member)))
    }

    fn wrong(&self, member: &str, wanted: &str, found: &Value) -> Error {
        let name = self.name(member);
        Error::bad(format!("`{name}` is to be {wanted}, not {}", kind_of(found)))
    }

    /// Whether it is there, be it null.
    pub(super) fn has(&self, member: &str) -> bool {
        self.map.contains_key(member)
    }

    /// Whether it is absent, or links an entity that is there.
    pub(super) fn is_reference(&self, member: &str) -> bool {
        match self.map.get(member) {
            None | Some(Value::Null) => true,
            Some(value) => value.get("@iot.id").is_some(),
        }
    }

    pub(super) fn take(&mut self, member: &str) -> Option<Value> {
        self.map.remove(member)
    }

    /// A mandatory text; the one from before where nothing is said.
    pub(super) fn text(&mut self, member: &str, before: Option<&String>) -> Result<String> {
        match (self.take(member), before) {
            (Some(Value::String(text)), _) => Ok(text),
            (None, Some(before)) => Ok(before.clone()),
            (None | Some(Value::Null), _) => Err(self.missing(member)),
            (Some(other), _) => Err(self.wrong(member, "a text", &other)),
        }
    }

    pub(super) fn json(&mut self, member: &str, before: Option<&Value>) -> Result<Value> {
        match (self.take(member), before) {
            (None, Some(before)) => Ok(before.clone()),
            (None | Some(Value::Null), _) => Err(self.missing(member)),
            (Some(value), _) => Ok(value),
        }
    }

    pub(super) fn optional_json(&mut self, member: &str, before: Option<&Value>) -> Option<Value> {
        match self.take(member) {
            None => before.cloned(),
            some => some.filter(|value| !value.is_null()),
        }
    }

    pub(super) fn optional_object(
        &mut self,
        member: &str,
        before: Option<&Properties>,
    ) -> Result<Option<Properties>> {
        match self.take(member) {
            None => Ok(before.cloned()),
            Some(Value::Null) => Ok(None),
            Some(Value::Object(map)) => Ok(Some(map)),
            Some(other) => Err(self.wrong(member, "an object", &other)),
        }
    }

    pub(super) fn properties(&mut self, before: Option<&Properties>) -> Result<Properties> {
        Ok(self.optional_object("properties", before)?.unwrap_or_default())
    }

    pub(super) fn list(&mut self, member: &str) -> Result<Option<Vec<Value>>> {
        match self.take(member) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(list)) => Ok(Some(list)),
            Some(other) => Err(self.wrong(member, "a list", &other)),
        }
    }

    /// A time with its zone; `None` where nothing is said, `Some(None)` where null is.
    #[expect(clippy::option_option, reason = "nothing and null are different answers here")]
    pub(super) fn instant(&mut self, member: &str) -> Result<Option<Option<OffsetDateTime>>> {
        self.time(member, moment::instant)
    }

    #[expect(clippy::option_option, reason = "nothing and null are different answers here")]
    pub(super) fn period(&mut self, member: &str) -> Result<Option<Option<Period>>> {
        self.time(member, moment::period)
    }

    #[expect(clippy::option_option, reason = "nothing and null are different answers here")]
    fn time<T>(
        &mut self,
        member: &str,
        read: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Result<Option<Option<T>>> {
        match self.take(member) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(Value::String(text)) => match read(&text) {
                Ok(time) => Ok(Some(Some(time))),
                Err(reason) => Err(Error::bad(format!("`{}` {reason}", self.name(member)))),
            },
            Some(other) => Err(self.wrong(member, "a time as a text", &other)),
        }
    }

    /// The entity that a link to one leads to; `None` where nothing is said.
    pub(super) fn one(&mut self, member: &str) -> Result<Option<Linked>> {
        match self.take(member) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => Self::of(self.name(member), value)?.linked().map(Some),
        }
    }

    /// The entities that a link to many leads to; `None` where nothing is said.
    pub(super) fn many(&mut self, member: &str) -> Result<Option<Vec<Linked>>> {
        let Some(list) = self.list(member)? else { return Ok(None) };
        let named = list.into_iter().enumerate().map(|(place, value)| {
            Self::of(format!("{}[{place}]", self.name(member)), value)?.linked()
        });
        named.collect::<Result<_>>().map(Some)
    }

    fn linked(self) -> Result<Linked> {
        match self.map.get("@iot.id") {
            None => Ok(Linked::New(self)),
            Some(id) => match id.as_u64() {
                Some(id) => Ok(Linked::Existing(EntityId(id))),
                None => Err(self.wrong("@iot.id", "a whole number", id)),
            },
        }
    }

    /// Refuses what is left, so that a misspelt member is not lost silently. Annotations are passed over.
    pub(super) fn finish(self) -> Result<()> {
        let unknown = self.map.keys().find(|name| *name != "id" && !name.contains('@'));
        match unknown {
            None => Ok(()),
            Some(name) => Err(Error::bad(format!(
                "`{}` is not known here; correct its name or leave it out",
                self.name(name)
            ))),
        }
    }
}

/// Any JSON; nested up to serde's limit of 128 levels.
pub(super) fn json(body: &[u8]) -> Result<Value> {
    serde_json::from_slice(body).map_err(|error| {
        Error::bad(format!(
            "the body is no JSON: {error}; note that JSON has no NaN and no Infinity"
        ))
    })
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
