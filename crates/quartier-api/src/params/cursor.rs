use std::{fmt, str::FromStr};

use quartier_model::FeatureId;

use crate::error::shown;

/// Where a page of one collection starts: after this object. Opaque to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor(pub(crate) FeatureId);

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no cursor of this server: follow the `next` link of the page before")]
pub(crate) struct CursorError(String);

impl CursorError {
    pub(crate) fn new(text: &str) -> Self {
        Self(shown(text))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "f{:x}", self.0.0)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let fid = text.strip_prefix('f').and_then(|text| u64::from_str_radix(text, 16).ok());
        fid.map(|fid| Self(FeatureId(fid))).ok_or_else(|| CursorError::new(text))
    }
}
