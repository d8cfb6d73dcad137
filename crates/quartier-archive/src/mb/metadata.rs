use std::collections::BTreeMap;

use quartier_model::Bbox;
use serde_json::{Map, Value};

use crate::{About, Center, Coding, TileFormat, limits};

/// The world, as far as the web's maps show it.
const WORLD: [f64; 4] = [-180.0, -85.051_129, 180.0, 85.051_129];

/// The rows of the table `metadata`.
pub(super) fn rows(about: &About) -> Vec<(String, String)> {
    let (bounds, center) = (about.bounds, about.center);
    let details = Value::Object(about.details.clone()).to_string();
    let Bbox { min_x, min_y, max_x, max_y, .. } = bounds;
    let rows = [
        ("name", Some(about.name.clone())),
        ("format", Some(format_name(about.format).to_owned())),
        ("type", Some("overlay".to_owned())),
        ("minzoom", Some(about.min_zoom.to_string())),
        ("maxzoom", Some(about.max_zoom.to_string())),
        ("bounds", Some(format!("{min_x},{min_y},{max_x},{max_y}"))),
        ("center", Some(format!("{},{},{}", center.longitude, center.latitude, center.zoom))),
        ("description", about.description.clone()),
        ("attribution", about.attribution.clone()),
        ("json", about.format.is_vector().then_some(details)),
    ];
    rows.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// Reads them, with the zooms that the tiles have.
pub(super) fn about(
    mut rows: BTreeMap<String, String>,
    name: String,
    (min_zoom, max_zoom): (u8, u8),
    first: &[u8],
) -> Result<About, &'static str> {
    let mut text = |name: &str| rows.remove(name).filter(|text| !text.is_empty());
    let format = match text("format").as_deref() {
        Some("pbf" | "mvt") => TileFormat::Mvt,
        Some("mlt") => TileFormat::Mlt,
        Some("png") => TileFormat::Png,
        Some("jpg" | "jpeg") => TileFormat::Jpeg,
        Some("webp") => TileFormat::Webp,
        _ => return Err("its metadata do not say what its tiles are"),
    };
    let [west, south, east, north] = text("bounds").and_then(|it| numbers(&it)).unwrap_or(WORLD);
    let bounds = Bbox::new(west, south, east, north)
        .map_err(|_upended| "the bounds in its metadata are upended")?;
    let center = text("center").and_then(|it| numbers(&it)).map_or_else(
        || Center {
            longitude: f64::midpoint(west, east),
            latitude: f64::midpoint(south, north),
            zoom: min_zoom,
        },
        |[longitude, latitude, zoom]| Center { longitude, latitude, zoom: zoom as u8 },
    );
    let zoom = |text: Option<String>| text.and_then(|it| it.parse().ok());
    Ok(About {
        name: text("name").unwrap_or(name),
        description: text("description"),
        attribution: text("attribution"),
        format,
        coding: coding(format, first),
        min_zoom: zoom(text("minzoom")).unwrap_or(min_zoom),
        max_zoom: zoom(text("maxzoom")).unwrap_or(max_zoom),
        bounds,
        center,
        details: details(text("json"))?,
    })
}

fn details(text: Option<String>) -> Result<Map<String, Value>, &'static str> {
    match text {
        Some(text) if text.len() > limits::METADATA_BYTES_MAX => Err("its metadata are too large"),
        Some(text) => {
            serde_json::from_str(&text).map_err(|_syntax| "its metadata are no JSON object")
        }
        None => Ok(Map::new()),
    }
}

/// MBTiles do not tell; vector tiles are gzipped by the specification, and not always in fact.
fn coding(format: TileFormat, first: &[u8]) -> Coding {
    let is_zipped = format.is_vector() && first.starts_with(&[0x1f, 0x8b]);
    if is_zipped { Coding::Gzip } else { Coding::Identity }
}

fn format_name(format: TileFormat) -> &'static str {
    match format {
        TileFormat::Mvt => "pbf",
        other => other.ending(),
    }
}

fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let numbers =
        text.split(',').map(|part| part.trim().parse().ok().filter(|it: &f64| it.is_finite()));
    numbers.collect::<Option<Vec<f64>>>()?.try_into().ok()
}
