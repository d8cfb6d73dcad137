use quartier_model::FeatureId;

use crate::{Change, Error, Result, Sequence};

pub(crate) fn read(sequence: i64, collection: String, fids: Vec<i64>) -> Result<Change> {
    Ok(Change {
        sequence: sequence as Sequence,
        collection: collection
            .clone()
            .try_into()
            .map_err(|error| Error::corrupt(collection, error))?,
        objects: fids.into_iter().map(|fid| FeatureId(fid as u64)).collect(),
    })
}

/// Feature ids as databases count them.
pub(crate) fn numbers(fids: &[FeatureId]) -> Vec<i64> {
    fids.iter().map(|fid| fid.0.cast_signed()).collect()
}
