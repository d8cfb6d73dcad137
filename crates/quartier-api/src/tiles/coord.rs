use std::sync::LazyLock;

use quartier_tiles::{TileCoord, TileCoordError, TileMatrixSet};

use crate::error::{ApiError, Result};

static WEB_MERCATOR_QUAD: LazyLock<TileMatrixSet> = LazyLock::new(TileMatrixSet::web_mercator_quad);

/// The tile matrix sets that there are tiles for.
pub(super) fn sets() -> [&'static TileMatrixSet; 1] {
    [&WEB_MERCATOR_QUAD]
}

pub(super) fn set(id: &str) -> Result<&'static TileMatrixSet> {
    let found = sets().into_iter().find(|set| set.id == id);
    found.ok_or_else(|| ApiError::not_found("tile matrix set", id))
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
