use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use quartier_sensorthings::{Answer, Kind};

/// An answer of SensorThings as one of HTTP.
pub(super) fn respond(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = match answer.kind {
        Kind::Ok => StatusCode::OK,
        Kind::Created => StatusCode::CREATED,
        Kind::NoContent => StatusCode::NO_CONTENT,
    };
    let headers = response.headers_mut();
    if !answer.media_type.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.media_type));
    }
    // A self link has the base's characters and digits only.
    if let Some(location) = answer.location.and_then(|it| HeaderValue::try_from(it).ok()) {
        headers.insert(header::LOCATION, location);
    }
    response
}
