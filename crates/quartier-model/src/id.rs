use std::{borrow::Borrow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Fits PostgreSQL's limit of 63 bytes for the name of the collection's view.
const COLLECTION_ID_BYTES_MAX: usize = 63;

/// Longer than any `gml:id`, URN or UUID in use, and short enough for an index key.
const OBJECT_ID_BYTES_MAX: usize = 255;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error(
        "`{0}` cannot name a collection: use 1 to 63 lower-case letters, digits, `_` and `-`, starting with a letter"
    )]
    Collection(String),
    #[error("an id cannot be empty")]
    Empty,
    #[error("an id has at most 255 bytes, this one has {0}")]
    Long(usize),
    #[error("an id cannot hold control characters")]
    Control,
}

/// The name of a collection, as it stands in URLs, in tiles and as a layer in the database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CollectionId(Box<str>);

/// The stable id of an object within its collection; for example a `gml:id`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectId(Box<str>);

/// The stable number of an object within the twin: the feature id in tiles, never given to another object.
/// Stays below 2^53, so that JavaScript reads it exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FeatureId(pub u64);

impl FromStr for CollectionId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let is_word = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        let starts_well = text.starts_with(|first: char| first.is_ascii_lowercase());
        if starts_well && text.len() <= COLLECTION_ID_BYTES_MAX && text.bytes().all(is_word) {
            Ok(Self(text.into()))
        } else {
            Err(IdError::Collection(text.chars().take(COLLECTION_ID_BYTES_MAX).collect()))
        }
    }
}

impl FromStr for ObjectId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "" => Err(IdError::Empty),
            long if long.len() > OBJECT_ID_BYTES_MAX => Err(IdError::Long(long.len())),
            odd if odd.contains(char::is_control) => Err(IdError::Control),
            _ => Ok(Self(text.into())),
        }
    }
}

impl CollectionId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ObjectId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for CollectionId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for ObjectId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CollectionId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl TryFrom<String> for ObjectId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<CollectionId> for String {
    fn from(id: CollectionId) -> Self {
        id.0.into()
    }
}

impl From<ObjectId> for String {
    fn from(id: ObjectId) -> Self {
        id.0.into()
    }
}

impl fmt::Display for CollectionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for FeatureId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_name_that_could_be_sql_is_refused() {
        let error = "x\"; drop table".parse::<CollectionId>().unwrap_err();
        assert!(error.to_string().starts_with("`x\"; drop table` cannot name a collection"));
    }

    #[test]
    fn an_object_id_keeps_every_printable_character() {
        let id: ObjectId = "DENW-34/Straße 5".parse().unwrap();
        assert_eq!(id.as_str(), "DENW-34/Straße 5");
    }

    #[test]
    fn an_object_id_with_a_line_break_is_refused() {
        assert_eq!("a\nb".parse::<ObjectId>(), Err(IdError::Control));
    }
}
