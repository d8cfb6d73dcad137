use serde_json::Value;
use serde_json_path::JsonPath;

use super::{MappingError, Rejection, pattern::Captures};

/// A name that is partly in the configuration, partly in the topic, or in the payload.
#[derive(Debug)]
pub enum Text {
    Template(Vec<Piece>),
    Path(Path),
}

#[derive(Debug)]
pub enum Piece {
    Plain(String),
    Capture(String),
}

/// A JSON path (RFC 9535) with its text, for messages.
#[derive(Debug)]
pub struct Path {
    text: String,
    path: JsonPath,
}

/// A path is a few names; longer ones would only serve to nest.
const PATH_BYTES: usize = 512;

impl Text {
    /// `$…` is a path into the payload; else `{name}` stands for a level of the topic.
    pub(super) fn parse(text: &str, names: &[&str]) -> Result<Self, MappingError> {
        if text.starts_with('$') {
            return Path::parse(text).map(Self::Path);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((plain, after)) = rest.split_once('{') {
            let (name, after) =
                after.split_once('}').ok_or_else(|| MappingError::Brace(text.to_owned()))?;
            if !names.contains(&name) {
                return Err(MappingError::NoCapture {
                    text: text.to_owned(),
                    name: name.to_owned(),
                });
            }
            pieces.extend([Piece::Plain(plain.to_owned()), Piece::Capture(name.to_owned())]);
            rest = after;
        }
        pieces.push(Piece::Plain(rest.to_owned()));
        Ok(Self::Template(pieces))
    }

    pub(super) fn read(&self, json: &Value, captures: &Captures<'_>) -> Result<String, Rejection> {
        match self {
            Self::Template(pieces) => Ok(pieces.iter().map(|piece| piece.read(captures)).collect()),
            Self::Path(path) => match path.one(json)? {
                Value::String(text) => Ok(text.clone()),
                Value::Number(number) => Ok(number.to_string()),
                _ => Err(Rejection::NotAName(path.text.clone())),
            },
        }
    }
}

impl Piece {
    fn read<'a>(&'a self, captures: &Captures<'a>) -> &'a str {
        match self {
            Self::Plain(text) => text,
            Self::Capture(wanted) => {
                captures.iter().find(|(name, _)| name == wanted).map_or("", |(_, text)| text)
            }
        }
    }
}

impl Path {
    pub(super) fn parse(text: &str) -> Result<Self, MappingError> {
        let refuse = |error: String| MappingError::Path { path: text.to_owned(), error };
        if text.len() > PATH_BYTES {
            return Err(refuse(format!("it is longer than {PATH_BYTES} bytes")));
        }
        let path = JsonPath::parse(text).map_err(|error| refuse(error.to_string()))?;
        Ok(Self { text: text.to_owned(), path })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The one value; null counts as none.
    pub(super) fn one<'a>(&self, json: &'a Value) -> Result<&'a Value, Rejection> {
        let mut found = self.path.query(json).into_iter().filter(|value| !value.is_null());
        match (found.next(), found.next()) {
            (Some(value), None) => Ok(value),
            (None, _) => Err(Rejection::Missing(self.text.clone())),
            (Some(_), Some(_)) => Err(Rejection::Several(self.text.clone())),
        }
    }

    pub(super) fn all<'a>(&self, json: &'a Value) -> Vec<&'a Value> {
        self.path.query(json).all()
    }
}
