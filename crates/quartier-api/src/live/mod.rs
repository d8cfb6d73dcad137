//! Readings, changed objects and geofences as they happen, as server-sent events
//! ([HTML, 9.2](https://html.spec.whatwg.org/multipage/server-sent-events.html)).
//!
//! **Invariants:** nothing is queued for a client: each goes through the twin's ring of events at its own pace, and
//! begins anew where that has moved on without it. What an event looks like is worked out once for all clients.

mod face;
mod marker;
mod outbox;
mod page;
mod row;
mod stream;
mod wishes;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};

pub(crate) use face::Faces;

use crate::{
    App,
    ask::Ask,
    auth::SensorReader,
    city::City,
    error::{ApiError, Result},
    format::Format,
};
use {marker::Marker, stream::Session, wishes::Wishes};

/// The stream of what happens: first what is, then what changes. `Last-Event-ID` goes on where a client was.
pub(crate) async fn live(
    State(app): State<App>,
    headers: HeaderMap,
    mut ask: Ask,
    city: City,
    _reader: SensorReader,
) -> Result<Response> {
    app.twin.sensors().catalogue().ok_or(quartier_twin::Error::Loading)?;
    let wishes = Wishes::take(&mut ask.query, &app, &city)?;
    let last = ask.query.text("lastEventId");
    ask.query.finish()?;
    let header = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    // What is no marker of ours is one that is long gone.
    let last =
        header.map(str::to_owned).or(last).map(|text| text.parse::<Marker>().unwrap_or_default());
    let place = Arc::clone(&app.open_streams).try_acquire_owned();
    let place = place
        .map_err(|_full| ApiError::Unavailable("too many live streams are open; try again"))?;
    let session = Session::open(app, wishes, last, place);
    let headers = [
        (header::CONTENT_TYPE, Format::EventStream.media_type()),
        (header::CACHE_CONTROL, "no-store"),
        // For nginx, which would collect the events.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(session.into_stream())).into_response())
}
