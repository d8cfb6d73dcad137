use std::{fmt, str::FromStr};

use quartier_model::{CollectionId, FeatureId};

use crate::params::cursor::CursorError;

/// Where a page of several collections starts. Opaque to clients.
#[derive(Debug)]
pub(super) struct SearchCursor(pub(super) quartier_twin::SearchCursor);

impl fmt::Display for SearchCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "s{:x}-{}", self.0.after.0, self.0.collection)
    }
}

impl FromStr for SearchCursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let read = || {
            let (fid, collection) = text.strip_prefix('s')?.split_once('-')?;
            let after = FeatureId(u64::from_str_radix(fid, 16).ok()?);
            let collection: CollectionId = collection.parse().ok()?;
            Some(Self(quartier_twin::SearchCursor { collection, after }))
        };
        read().ok_or_else(|| CursorError::new(text))
    }
}
