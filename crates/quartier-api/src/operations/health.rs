use axum::{
    Json,
    extract::State,
    http::{HeaderName, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use crate::{
    App,
    error::{ApiError, Result},
};

const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// That the process answers, and what it knows of its store. Reads go on without the store, so that its absence is
/// said and is no failure.
pub(crate) async fn health(State(app): State<App>) -> Response {
    let health = app.twin.health().await;
    let document = json!({
        "status": if health.store_answers { "ok" } else { "degraded" },
        "store": if health.store_answers { "ok" } else { "unreachable" },
        "ready": app.twin.snapshot().is_some(),
        "version": env!("CARGO_PKG_VERSION"),
    });
    (NO_STORE, Json(document)).into_response()
}

/// Whether the city is loaded, so that a load balancer may send requests.
pub(crate) async fn ready(State(app): State<App>) -> Result<Response> {
    let snapshot = app.twin.snapshot();
    let snapshot = snapshot.ok_or(ApiError::Unavailable("the city is still being loaded"))?;
    let objects: usize = snapshot.collections().map(|it| it.index.len()).sum();
    let document = json!({ "status": "ready", "sequence": snapshot.sequence, "objects": objects });
    Ok((NO_STORE, Json(document)).into_response())
}
