use quartier_tiles::TileMatrixSet;
use quartier_twin::CollectionSnapshot;
use serde_json::{Value, json};

use super::layers::{Layers, fields};
use crate::ask::Ask;

/// [TileJSON 3.0](https://github.com/mapbox/tilejson-spec/blob/master/3.0.0/README.md).
pub(super) fn tilejson(ask: &Ask, layers: &Layers, set: &TileMatrixSet) -> Value {
    // Row before column, as in all of the standard's addresses: `y` before `x`.
    let tiles = format!("{}/{}/{{z}}/{{y}}/{{x}}{}", layers.path, set.id, layers.query);
    let shown: Vec<Value> = layers.collections.iter().map(|it| layer(it, layers, set)).collect();
    let zooms = layers.collections.iter().map(|it| zooms(it, set));
    let zooms = zooms.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
    let (min_zoom, max_zoom) = zooms.unwrap_or((0, set.full_detail_zoom()));
    let mut document = json!({
        "tilejson": "3.0.0",
        "name": layers.title,
        "scheme": "xyz",
        "tiles": [ask.base.url(&tiles)],
        "minzoom": min_zoom,
        "maxzoom": max_zoom,
        "vector_layers": shown,
    });
    if let Some(it) = layers.bounds() {
        let middle = [f64::midpoint(it.min_x, it.max_x), f64::midpoint(it.min_y, it.max_y)];
        document["bounds"] = json!([it.min_x, it.min_y, it.max_x, it.max_y]);
        document["center"] = json!([middle[0], middle[1], set.zoom_of_web(14)]);
    }
    if let Some(attribution) = attribution(layers) {
        document["attribution"] = attribution.into();
    }
    document
}

fn layer(it: &CollectionSnapshot, layers: &Layers, set: &TileMatrixSet) -> Value {
    let (min_zoom, max_zoom) = zooms(it, set);
    json!({
        "id": it.collection.id,
        "description": it.collection.title,
        "fields": fields(it, layers),
        "minzoom": min_zoom,
        "maxzoom": max_zoom,
    })
}

/// The first and the last zoom that a collection is in. Tiles deeper than the first that shows every vertex show no
/// more than that one: maps enlarge it.
fn zooms(it: &CollectionSnapshot, set: &TileMatrixSet) -> (u8, u8) {
    let last = set.zoom_of_web(it.tiles.max_zoom).min(set.full_detail_zoom());
    (set.zoom_of_web(it.tiles.min_zoom).min(last), last)
}

/// The credits of all collections, each once, as the HTML that maps show them as.
fn attribution(layers: &Layers) -> Option<String> {
    let mut credits: Vec<String> = Vec::new();
    for credit in layers.collections.iter().filter_map(|it| it.collection.attribution.as_ref()) {
        let credit = escaped(credit);
        if !credits.contains(&credit) {
            credits.push(credit);
        }
    }
    (!credits.is_empty()).then(|| credits.join(" | "))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
