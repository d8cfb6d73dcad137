use std::str::FromStr;

use super::{properties_named, reader::ALL};
use crate::sensors::Catalogue;

/// Observed properties that one request may ask for: a popup shows some ten.
pub const PROPERTY_NAMES_MAX: usize = 32;

/// Observed properties, each by its name, definition or id; `*` stands for all, as does naming
/// none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PropertyNames(pub Vec<String>);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PropertyNamesError {
    #[error("name at least one observed property, or `*` for all")]
    Empty,
    #[error("at most {PROPERTY_NAMES_MAX} observed properties can be asked for, these are {0}")]
    Many(usize),
}

impl PropertyNames {
    pub fn all() -> Self {
        Self(vec![ALL.to_owned()])
    }

    pub fn are_all(&self) -> bool {
        self.0.is_empty() || self.0.iter().any(|name| name == ALL)
    }

    /// The first name that nothing in the catalogue goes by.
    pub fn unknown(&self, catalogue: &Catalogue) -> Option<&str> {
        let is_unknown =
            |name: &&String| *name != ALL && properties_named(catalogue, name).is_empty();
        self.0.iter().find(is_unknown).map(String::as_str)
    }
}

impl FromStr for PropertyNames {
    type Err = PropertyNamesError;

    /// Names with commas between them.
    fn from_str(text: &str) -> Result<Self, PropertyNamesError> {
        let mut names: Vec<String> = Vec::new();
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        match names.len() {
            0 => Err(PropertyNamesError::Empty),
            1..=PROPERTY_NAMES_MAX => Ok(Self(names)),
            many => Err(PropertyNamesError::Many(many)),
        }
    }
}
