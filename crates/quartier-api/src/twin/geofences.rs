use std::time::Duration;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use quartier_model::{Condition, EntityId, Fence, Geofence, Subject};
use quartier_twin::sensors::{GeofenceError, NewGeofence, Span};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    App,
    ask::{Ask, json},
    auth::{SensorReader, Writer},
    body::JsonBody,
    city::City,
    error::{ApiError, Result},
    format::Format,
    geojson::parse,
};

/// A geofence as clients write it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    name: String,
    area: Fence,
    condition: When,
    #[serde(default)]
    subject: Subject,
}

/// A condition with its silence as `PT1H`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum When {
    Enter,
    Exit,
    Above(f64),
    Below(f64),
    SilentFor(Span),
}

/// Every geofence on what whoever asks may see.
pub(crate) async fn geofences(
    State(app): State<App>,
    ask: Ask,
    city: City,
    _reader: SensorReader,
) -> Result<Response> {
    let format = ask.settle(&[Format::Json])?;
    let all = app.twin.sensors().geofences();
    let shown: Vec<Value> =
        all.iter().filter(|it| is_shown(it, &city)).map(|it| describe(it)).collect();
    Ok(json(format, &json!({ "geofences": shown })))
}

pub(crate) async fn geofence(
    State(app): State<App>,
    ask: Ask,
    (city, _reader): (City, SensorReader),
    path: Result<Path<String>, PathRejection>,
) -> Result<Response> {
    let format = ask.settle(&[Format::Json])?;
    let Path(text) = path?;
    let id = id_of(&text)?;
    let all = app.twin.sensors().geofences();
    let found = all.iter().find(|it| it.id == id && is_shown(it, &city));
    Ok(json(format, &describe(found.ok_or_else(|| nothing(&text))?)))
}

/// What is true already when a fence is made is no event.
pub(crate) async fn create_geofence(
    State(app): State<App>,
    ask: Ask,
    (city, _writer): (City, Writer),
    body: JsonBody,
) -> Result<Response> {
    let format = ask.settle(&[Format::Json])?;
    let Draft { name, area, condition, subject } = parse(&body.0)?;
    let new = NewGeofence { name, area, condition: condition.into(), subject };
    let made = app.twin.sensors().put_geofence(&city.snapshot, new).await.map_err(refused)?;
    let location = ask.base.url(&format!("/twin/v1/geofences/{}", made.id.0));
    let answer = json(format, &describe(&made));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], answer).into_response())
}

pub(crate) async fn delete_geofence(
    State(app): State<App>,
    ask: Ask,
    _writer: Writer,
    path: Result<Path<String>, PathRejection>,
) -> Result<StatusCode> {
    ask.settle(&[Format::Json])?;
    let Path(text) = path?;
    if app.twin.sensors().delete_geofence(id_of(&text)?).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(nothing(&text))
}

fn id_of(text: &str) -> Result<EntityId> {
    text.parse().map(EntityId).map_err(|_error| nothing(text))
}

fn nothing(text: &str) -> ApiError {
    ApiError::not_found("geofence", text)
}

fn is_shown(geofence: &Geofence, city: &City) -> bool {
    match &geofence.area {
        Fence::Objects { collection, .. } => city.shows(collection),
        Fence::Polygon(_) => true,
    }
}

fn describe(it: &Geofence) -> Value {
    json!({
        "id": it.id,
        "name": it.name,
        "area": it.area,
        "condition": When::from(&it.condition),
        "subject": it.subject,
    })
}

fn refused(error: GeofenceError) -> ApiError {
    match error {
        GeofenceError::Twin(error) => error.into(),
        other => ApiError::Unprocessable(other.to_string()),
    }
}

impl From<When> for Condition {
    fn from(when: When) -> Self {
        match when {
            When::Enter => Self::Enter,
            When::Exit => Self::Exit,
            When::Above(threshold) => Self::Above(threshold),
            When::Below(threshold) => Self::Below(threshold),
            When::SilentFor(span) => Self::SilentFor(span.0.as_secs()),
        }
    }
}

impl From<&Condition> for When {
    fn from(condition: &Condition) -> Self {
        match *condition {
            Condition::Enter => Self::Enter,
            Condition::Exit => Self::Exit,
            Condition::Above(threshold) => Self::Above(threshold),
            Condition::Below(threshold) => Self::Below(threshold),
            Condition::SilentFor(seconds) => Self::SilentFor(Span(Duration::from_secs(seconds))),
        }
    }
}
