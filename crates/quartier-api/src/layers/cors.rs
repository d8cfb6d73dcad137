use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

/// Headers of answers that scripts may read.
const EXPOSED: &str = "content-crs, etag, link, location, retry-after, x-request-id";

/// Headers of requests that scripts may send.
const ALLOWED: &str = "accept, accept-language, authorization, content-crs, content-type, if-match, if-none-match, prefer, x-request-id";

/// A day; browsers keep it for two hours at most.
const PREFLIGHT_MAX_AGE_S: &str = "86400";

/// The data are open to every origin; writes are kept by the token, which a browser never sends by itself.
///
/// Also answers `OPTIONS`, from what the route says that it allows.
pub(crate) async fn cors(request: Request, next: Next) -> Response {
    let asks_for_options = request.method() == Method::OPTIONS;
    let mut response = next.run(request).await;
    if asks_for_options && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = options(&response);
    }
    open_to_scripts(response.headers_mut());
    response
}

/// Lets scripts of every page read the answer.
pub(crate) fn open_to_scripts(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
}

fn options(refusal: &Response) -> Response {
    let allow = refusal.headers().get(header::ALLOW).cloned();
    let allow = allow.unwrap_or(HeaderValue::from_static("GET,HEAD"));
    let headers = [
        (header::ALLOW, allow.clone()),
        (header::ACCESS_CONTROL_ALLOW_METHODS, allow),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED)),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT_MAX_AGE_S)),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
