use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::Instrument as _;
use uuid::Uuid;

const HEADER: &str = "x-request-id";

/// A UUID or a trace id fits.
const ID_BYTES_MAX: usize = 64;

/// Names a request in the log, in its answer, and in problems.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

impl RequestId {
    /// The proxy's, where it could stand in a log line; else a new one.
    fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(HEADER).and_then(|value| value.to_str().ok());
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        let is_sane =
            |id: &&str| !id.is_empty() && id.len() <= ID_BYTES_MAX && id.bytes().all(is_word);
        let given = given.filter(is_sane);
        Self(given.map_or_else(|| Uuid::new_v4().to_string(), str::to_owned))
    }
}

/// Gives the request an id, and counts, times and logs it.
pub(crate) async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId::of(request.headers());
    let route = request.extensions().get::<MatchedPath>().map_or("unknown", MatchedPath::as_str);
    let (route, method) = (route.to_owned(), request.method().as_str().to_owned());
    let path = request.uri().path().to_owned();
    let span = tracing::info_span!("request", id = id.0, method, path);
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, seconds) = (response.status().as_u16(), started.elapsed().as_secs_f64());
    count(&route, method, status, seconds);
    span.in_scope(|| tracing::info!(route, status, seconds, "answered"));
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(HEADER, id);
    }
    response
}

/// By the route's template, never by the path: the number of series stays bounded. So does that of methods.
fn count(route: &str, method: String, status: u16, seconds: f64) {
    const METHODS: &[&str] = &["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
    let method = if METHODS.contains(&method.as_str()) { method } else { "other".to_owned() };
    let route = route.to_owned();
    let labels = [("route", route.clone()), ("method", method), ("status", status.to_string())];
    metrics::counter!("quartier_http_requests_total", &labels).increment(1);
    metrics::histogram!("quartier_http_request_seconds", "route" => route).record(seconds);
}
