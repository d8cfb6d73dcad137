use std::sync::Arc;

use quartier_tiles::{TileCoord, TileCoordError, TileMatrixSet, TileMatrixSets};

use crate::error::{ApiError, Result};

/// The tile matrix set that a path names.
pub(super) fn set<'a>(sets: &'a TileMatrixSets, id: &str) -> Result<&'a Arc<TileMatrixSet>> {
    sets.by_id(id).ok_or_else(|| ApiError::not_found("tile matrix set", id))
}

/// The tile of a path, whose last part may have the ending of a format.
pub(super) fn tile(set: &TileMatrixSet, z: &str, column: &str, row: &str) -> Result<TileCoord> {
    set.parse(z, without_ending(column), without_ending(row)).map_err(|error| match error {
        TileCoordError::Number { part, .. } => ApiError::parameter(part, error),
        outside => ApiError::NoTile(outside.to_string()),
    })
}

fn without_ending(text: &str) -> &str {
    let endings = [".mvt", ".pbf"];
    endings.into_iter().find_map(|ending| text.strip_suffix(ending)).unwrap_or(text)
}
