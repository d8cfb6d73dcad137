use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use quartier_sensorthings::Error;

use crate::{error::ApiError, problem::Problem};

/// A problem as clients of SensorThings know it: with `code`, `type` and `message`, beside what RFC 9457 names.
#[derive(Debug)]
pub(crate) struct Failure(ApiError);

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(match error {
            Error::NotFound(text) => ApiError::Nowhere(text),
            Error::BadRequest(text) => ApiError::BadRequest(text),
            Error::NotAllowed(text) => ApiError::NotAllowed(text),
            Error::NotReady | Error::TooSlow | Error::Busy => ApiError::Later(error.to_string()),
            Error::Twin(error) => error.into(),
            other => ApiError::internal(other),
        })
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let is_refused = matches!(self.0, ApiError::NotAllowed(_));
        let mut response = self.0.into_response();
        if is_refused {
            let allowed = HeaderValue::from_static("GET, POST, PATCH, PUT, DELETE");
            response.headers_mut().insert(header::ALLOW, allowed);
        }
        // The layer `problem::show` writes it once it knows the request's id.
        if let Some(problem) = response.extensions_mut().remove::<Problem>() {
            response.extensions_mut().insert(problem.with_message());
        }
        response
    }
}
