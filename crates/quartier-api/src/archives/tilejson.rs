use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use quartier_archive::{About, TileFormat};
use serde_json::{Map, Value, json};

use crate::{
    App,
    ask::{Ask, json},
    error::Result,
    format::Format,
    links::segment,
};

/// What a file may add to TileJSON in its own words.
const TAKEN_OVER: [&str; 5] = ["vector_layers", "version", "legend", "fillzoom", "encoding"];

/// A base layer as [TileJSON 3.0](https://github.com/mapbox/tilejson-spec/blob/master/3.0.0/README.md).
pub(crate) async fn archive(
    State(app): State<App>,
    ask: Ask,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response> {
    let Path(id) = path?;
    let archive = app.archives.find(&id)?;
    ask.settle(&[Format::Json, Format::TileJson])?;
    // Browsers and clients of TileJSON look for JSON, not for its own media type.
    Ok(json(Format::Json, &tilejson(&ask, &id, &archive.about)))
}

fn tilejson(ask: &Ask, id: &str, about: &About) -> Value {
    let tiles = format!("/archives/{}/{{z}}/{{x}}/{{y}}", segment(id));
    let (bounds, center) = (about.bounds, about.center);
    let mut document = json!({
        "tilejson": "3.0.0",
        "name": about.name,
        "scheme": "xyz",
        "tiles": [ask.base.url(&tiles)],
        "minzoom": about.min_zoom,
        "maxzoom": about.max_zoom,
        "bounds": [bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y],
        "center": [center.longitude, center.latitude, center.zoom],
    });
    for (name, text) in [("description", &about.description), ("attribution", &about.attribution)] {
        if let Some(text) = text {
            document[name] = text.as_str().into();
        }
    }
    for (name, value) in taken_over(about) {
        document[name] = value;
    }
    document
}

fn taken_over(about: &About) -> Map<String, Value> {
    let own = TAKEN_OVER
        .into_iter()
        .filter_map(|name| about.details.get(name).map(|value| (name.to_owned(), value.clone())));
    let mut taken: Map<String, Value> = own.collect();
    match about.format {
        TileFormat::Mvt => {
            taken.entry("vector_layers").or_insert_with(|| json!([]));
        }
        // What MapLibre knows them by.
        TileFormat::Mlt => {
            taken.insert("encoding".into(), "mlt".into());
        }
        _ => {}
    }
    taken
}
