use quartier_tiles::TileMatrixSet;
use quartier_twin::{CollectionSnapshot, FULL_DETAIL_ZOOM};
use serde_json::{Value, json};

use super::layers::{Layers, fields};
use crate::ask::Ask;

/// [TileJSON 3.0](https://github.com/mapbox/tilejson-spec/blob/master/3.0.0/README.md).
pub(super) fn tilejson(ask: &Ask, layers: &Layers, set: &TileMatrixSet) -> Value {
    // Row before column, as in all of the standard's addresses: `y` before `x`.
    let tiles = format!("{}/{}/{{z}}/{{y}}/{{x}}{}", layers.path, set.id, layers.query());
    let shown: Vec<Value> = layers.collections.iter().map(|it| layer(it, layers)).collect();
    let mut document = json!({
        "tilejson": "3.0.0",
        "name": layers.title,
        "scheme": "xyz",
        "tiles": [ask.base.url(&tiles)],
        "minzoom": 0,
        // Deeper tiles show no more than these: maps enlarge them.
        "maxzoom": FULL_DETAIL_ZOOM,
        "vector_layers": shown,
    });
    if let Some(it) = layers.bounds() {
        let middle = [f64::midpoint(it.min_x, it.max_x), f64::midpoint(it.min_y, it.max_y)];
        document["bounds"] = json!([it.min_x, it.min_y, it.max_x, it.max_y]);
        document["center"] = json!([middle[0], middle[1], 14]);
    }
    if let Some(attribution) = attribution(layers) {
        document["attribution"] = attribution.into();
    }
    document
}

fn layer(it: &CollectionSnapshot, layers: &Layers) -> Value {
    json!({
        "id": it.collection.id,
        "description": it.collection.title,
        "fields": fields(it, &layers.readings),
        "minzoom": 0,
        "maxzoom": FULL_DETAIL_ZOOM,
    })
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
