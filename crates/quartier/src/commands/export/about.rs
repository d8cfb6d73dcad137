use quartier_archive::{About, Center, Coding, TileFormat};
use quartier_model::PropertyKind;
use quartier_twin::CollectionSnapshot;
use serde_json::{Map, Value, json};

use super::region::Region;

/// Where a map of a city begins: some streets of it can be told apart.
const CENTER_ZOOM: u8 = 13;

/// What the file says of itself.
pub(super) fn about(title: &str, region: &Region<'_>) -> About {
    let (bounds, zooms) = (region.bounds, &region.zooms);
    let layers: Vec<Value> = region.collections.iter().map(|it| layer(it, region)).collect();
    let details = [("vector_layers", layers.into()), ("generator", generator().into())];
    About {
        name: title.to_owned(),
        description: None,
        attribution: attribution(&region.collections),
        format: TileFormat::Mvt,
        coding: Coding::Gzip,
        min_zoom: *zooms.start(),
        max_zoom: *zooms.end(),
        bounds,
        center: Center {
            longitude: f64::midpoint(bounds.min_x, bounds.max_x),
            latitude: f64::midpoint(bounds.min_y, bounds.max_y),
            zoom: CENTER_ZOOM.clamp(*zooms.start(), *zooms.end()),
        },
        details: details
            .into_iter()
            .map(|(name, value): (&str, Value)| (name.into(), value))
            .collect(),
    }
}

fn generator() -> String {
    format!("quartier {}", env!("CARGO_PKG_VERSION"))
}

fn layer(it: &CollectionSnapshot, region: &Region<'_>) -> Value {
    let (first, last) = (*region.zooms.start(), *region.zooms.end());
    json!({
        "id": it.collection.id,
        "description": it.collection.title,
        "minzoom": it.tiles.min_zoom.clamp(first, last),
        "maxzoom": it.tiles.max_zoom.clamp(first, last),
        "fields": fields(it),
    })
}

/// The properties with their types in the words of TileJSON.
fn fields(it: &CollectionSnapshot) -> Map<String, Value> {
    let id = ("id".to_owned(), "String".into());
    let own = it.collection.schema.properties.iter().map(|property| {
        let kind = match property.kind {
            PropertyKind::Boolean => "Boolean",
            PropertyKind::Integer | PropertyKind::Number => "Number",
            _ => "String",
        };
        (property.name.clone(), kind.into())
    });
    std::iter::once(id).chain(own).collect()
}

/// The credits of all collections, each once, as HTML.
fn attribution(collections: &[&CollectionSnapshot]) -> Option<String> {
    let mut credits: Vec<String> = Vec::new();
    for credit in collections.iter().filter_map(|it| it.collection.attribution.as_deref()) {
        let credit = credit.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        if !credits.contains(&credit) {
            credits.push(credit);
        }
    }
    (!credits.is_empty()).then(|| credits.join(" | "))
}
