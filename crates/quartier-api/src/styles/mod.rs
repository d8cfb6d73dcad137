//! OGC API - Styles ([draft](https://docs.ogc.org/DRAFTS/20-009.html)): MapLibre styles, with the server's own
//! address in them.

mod load;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use serde_json::{Value, json};

pub(crate) use load::Styles;

use crate::{
    App,
    ask::{Ask, json},
    error::{ApiError, Result},
    format::Format,
    links::segment,
};

/// The styles that there are.
pub(crate) async fn styles(State(app): State<App>, ask: Ask) -> Result<Response> {
    const OFFERED: &[Format] = &[Format::Json, Format::Html];
    let format = ask.settle(OFFERED)?;
    let styles = app.styles.all().map(|(id, title)| {
        let path = format!("/styles/{}", segment(id));
        let link = ask.link("stylesheet", &path, Format::Style, title);
        json!({ "id": id, "title": title, "links": [link] })
    });
    let document = json!({
        "default": app.styles.default_id(),
        "styles": styles.collect::<Vec<Value>>(),
        "links": ask.own_links(format, OFFERED),
    });
    Ok(ask.answer(format, "styles.html", &document))
}

/// A style as maps read it.
pub(crate) async fn style(
    State(app): State<App>,
    ask: Ask,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response> {
    let Path(id) = path?;
    let format = ask.settle(&[Format::Style])?;
    let style = app.styles.resolved(&id, &ask.base.url(""));
    Ok(json(format, &style.ok_or_else(|| ApiError::not_found("style", &id))?))
}
