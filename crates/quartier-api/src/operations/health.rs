use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderName, header},
    response::{IntoResponse as _, Response},
};
use quartier_twin::Snapshot;
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
        "ready": snapshot(&app).is_ok(),
        "version": env!("CARGO_PKG_VERSION"),
    });
    (NO_STORE, Json(document)).into_response()
}

/// Whether city and sensors are loaded, so that a load balancer may send requests.
pub(crate) async fn ready(State(app): State<App>) -> Result<Response> {
    let snapshot = snapshot(&app)?;
    let objects: usize = snapshot.collections().map(|it| it.index.len()).sum();
    let document = json!({ "status": "ready", "sequence": snapshot.sequence, "objects": objects });
    Ok((NO_STORE, Json(document)).into_response())
}

fn snapshot(app: &App) -> Result<Arc<Snapshot>> {
    match (app.twin.snapshot(), app.twin.sensors().catalogue()) {
        (Some(snapshot), Some(_)) => Ok(snapshot),
        _ => Err(ApiError::Unavailable("the city is still being loaded")),
    }
}
