use axum::{extract::State, response::Response};
use serde_json::{Value, json};

use crate::{
    App,
    ask::{Ask, json},
    error::Result,
    format::Format,
    links::segment,
};

/// The base layers that there are.
pub(crate) async fn archives(State(app): State<App>, ask: Ask) -> Result<Response> {
    let format = ask.settle(&[Format::Json])?;
    let archives = app.archives.iter().map(|(id, archive)| {
        let about = &archive.about;
        let path = format!("/archives/{}", segment(id));
        json!({
            "id": id,
            "title": about.name,
            "attribution": about.attribution,
            "dataType": if about.format.is_vector() { "vector" } else { "map" },
            "mediaType": about.format.media_type(),
            "links": [ask.link("describedby", &path, Format::TileJson, &about.name)],
        })
    });
    let document = json!({
        "archives": archives.collect::<Vec<Value>>(),
        "links": ask.own_links(format, &[Format::Json]),
    });
    Ok(json(format, &document))
}
