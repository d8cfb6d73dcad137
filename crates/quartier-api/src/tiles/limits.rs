use quartier_model::Bbox;
use quartier_tiles::{TileCoord, TileMatrixSet, TileRange};
use serde_json::{Value, json};

use super::layers::Layers;
use crate::error::ApiError;

/// The tiles of each zoom that the layers' objects lie in; none where all of them are beyond the grid.
pub(super) fn limits(layers: &Layers, set: &TileMatrixSet) -> Vec<TileRange> {
    (0..=set.zoom_max()).filter_map(|zoom| limits_at(layers, set, zoom)).collect()
}

fn limits_at(layers: &Layers, set: &TileMatrixSet, zoom: u8) -> Option<TileRange> {
    let web_zoom = set.web_zoom(zoom);
    let shown = layers.collections.iter().filter(|it| it.tiles.shows(web_zoom));
    let reach = shown.filter_map(|it| it.reach_in(set)).reduce(Bbox::union)?;
    set.covering(zoom, &reach)
}

/// Why an empty tile is not there at all: it lies beyond the limits that the tile set tells (OGC 20-057, requirement
/// 6). `None` where it is only empty, and where there is no object yet that would set limits.
pub(super) fn beyond(layers: &Layers, set: &TileMatrixSet, tile: TileCoord) -> Option<ApiError> {
    layers.bounds()?;
    let zoom = tile.z();
    let said = match limits_at(layers, set, zoom) {
        Some(limits) if limits.contains(tile) => return None,
        Some(TileRange { min_x, max_x, min_y, max_y, .. }) => format!(
            "there are no objects: at zoom {zoom} they lie in columns {min_x} to {max_x} and rows {min_y} to {max_y}"
        ),
        None => format!("there are no objects in tiles of zoom {zoom} of `{}`", set.id),
    };
    Some(ApiError::NoTile(said))
}

/// In the words of the standard: [TileMatrixLimits](https://docs.ogc.org/is/17-083r4/17-083r4.html).
pub(super) fn written(limits: &[TileRange]) -> Vec<Value> {
    let one = |it: &TileRange| {
        json!({
            "tileMatrix": it.z.to_string(),
            "minTileRow": it.min_y,
            "maxTileRow": it.max_y,
            "minTileCol": it.min_x,
            "maxTileCol": it.max_x,
        })
    };
    limits.iter().map(one).collect()
}
