use quartier_model::Bbox;
use quartier_tiles::{TileCoord, TileMatrixSet, TileRange};
use quartier_twin::CollectionSnapshot;
use serde_json::{Value, json};

use super::layers::Layers;
use crate::error::ApiError;

/// The tiles of each zoom that the layers' objects lie in; none where all of them are beyond the grid.
pub(super) fn limits(layers: &Layers, set: &TileMatrixSet) -> Vec<TileRange> {
    let reaches = reaches(layers, set);
    (0..=set.zoom_max()).filter_map(|zoom| limits_at(zoom, &reaches, set)).collect()
}

type Reaches<'a> = Vec<(&'a CollectionSnapshot, Bbox)>;

fn reaches<'a>(layers: &'a Layers, set: &TileMatrixSet) -> Reaches<'a> {
    let all = layers.collections.iter();
    all.filter_map(|it| Some((&**it, it.reach_in(set)?))).collect()
}

fn limits_at(zoom: u8, reaches: &Reaches<'_>, set: &TileMatrixSet) -> Option<TileRange> {
    let web_zoom = set.web_zoom(zoom);
    let shown = reaches.iter().filter(|(it, _)| it.tiles.shows(web_zoom));
    set.covering(zoom, &shown.map(|(_, reach)| *reach).reduce(Bbox::union)?)
}

/// Why an empty tile is not there at all: it lies beyond the limits that the tile set tells (OGC 20-057, requirement
/// 6). `None` where it is only empty, and where there is no object yet that would set limits.
pub(super) fn beyond(layers: &Layers, set: &TileMatrixSet, tile: TileCoord) -> Option<ApiError> {
    layers.bounds()?;
    let zoom = tile.z();
    let said = match limits_at(zoom, &reaches(layers, set), set) {
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
