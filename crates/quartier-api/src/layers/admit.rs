use axum::{
    extract::{Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use tokio::time::timeout;

use crate::{
    App,
    error::{ApiError, Result},
    limits::{FILTER_URL_BYTES_MAX, HEADER_BYTES_MAX, REQUEST_TIME, URL_BYTES_MAX},
};

/// Lets a request in that keeps the limits, and gives up on it when it takes too long.
pub(crate) async fn admit(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response> {
    let uri = request.uri();
    let limit = url_bytes_max(uri.path());
    if uri.path().len() + uri.query().map_or(0, str::len) > limit {
        return Err(ApiError::UriTooLong(limit));
    }
    if bytes(request.headers()) > HEADER_BYTES_MAX {
        return Err(ApiError::HeadersTooLarge(HEADER_BYTES_MAX));
    }
    let Ok(_open) = app.open_requests.try_acquire() else {
        return Err(ApiError::Unavailable("the server has too many requests open; try again"));
    };
    timeout(REQUEST_TIME, next.run(request))
        .await
        .map_err(|_elapsed| ApiError::Unavailable("the answer took too long; ask for less"))
}

fn url_bytes_max(path: &str) -> usize {
    if path.starts_with("/sensorthings/") { FILTER_URL_BYTES_MAX } else { URL_BYTES_MAX }
}

fn bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}
