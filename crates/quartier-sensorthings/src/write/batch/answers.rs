//! Responses of a batch. Their statuses are words of its format, which has them whatever carries it.

use quartier_model::EntityId;
use serde_json::{Value, json};

use super::super::links::Node;
use crate::{Answer, Error, JSON, Kind, path::entity_set};

/// Why a request of a batch failed.
#[derive(Debug)]
pub(super) struct Status {
    code: u16,
    message: String,
}

impl Status {
    pub(super) fn of(error: Error) -> Self {
        let code = match &error {
            Error::NotFound(_) => 404,
            Error::BadRequest(_) => 400,
            Error::NotAllowed(_) => 405,
            Error::NotReady | Error::TooSlow | Error::Busy => 503,
            Error::Twin(cause) if cause.is_temporary() => 503,
            Error::Twin(_) | Error::Broken(_) => 500,
        };
        let message = match error {
            Error::Twin(cause) => {
                tracing::error!(error = &cause as &dyn std::error::Error, "a batch failed");
                "the store does not take this: try again, or see the server's log".to_owned()
            }
            shown => shown.to_string(),
        };
        Self { code, message }
    }

    pub(super) fn dependency(id: &str) -> Self {
        Self { code: 424, message: format!("not done, since `{id}` failed") }
    }
}

pub(super) fn answered(id: &str, answer: &Answer) -> Value {
    let code = match answer.kind {
        Kind::Ok => 200,
        Kind::Created => 201,
        Kind::NoContent => 204,
    };
    let mut response = json!({ "id": id, "status": code });
    if let Some(location) = &answer.location {
        response["location"] = location.as_str().into();
    }
    if !answer.body.is_empty() {
        let text = || String::from_utf8_lossy(&answer.body).into_owned().into();
        response["body"] = match answer.media_type {
            JSON => serde_json::from_slice(&answer.body).unwrap_or_else(|_not_json| text()),
            _ => text(),
        };
    }
    response
}

pub(super) fn refused(id: &str, status: &Status) -> Value {
    let Status { code, message } = status;
    json!({
        "id": id,
        "status": code,
        "body": { "code": code, "type": "error", "message": message },
    })
}

/// The entity that a self link names.
pub(super) fn node(location: &str) -> Option<Node> {
    let (_, last) = location.rsplit_once('/')?;
    let (set, id) = last.strip_suffix(')')?.split_once('(')?;
    Some((entity_set(set)?, EntityId(id.parse().ok()?)))
}
