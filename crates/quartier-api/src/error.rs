use axum::{
    Json,
    extract::rejection::{BytesRejection, PathRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{limits::BODY_BYTES_MAX, problem::Problem};

pub(crate) type Result<T, E = ApiError> = std::result::Result<T, E>;

/// How long a client should wait before it asks a server again that is busy or has lost its database.
const RETRY_AFTER_S: u64 = 5;

/// Why a request is not answered: the only place where errors become status codes.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("there is no {what} `{id}`")]
    NotFound { what: &'static str, id: String },
    #[error("there is nothing at `{0}`; the landing page `/` links what there is")]
    NoRoute(String),
    #[error("{0}")]
    NoTile(String),
    #[error("{0}")]
    Nowhere(String),
    #[error("parameter `{name}`: {reason}")]
    BadParameter { name: String, reason: String },
    #[error("{0}")]
    BadRequest(String),
    #[error("{0}")]
    Unprocessable(String),
    #[error("this can be had as {0} only; ask for one of these with `Accept` or `f`")]
    NotAcceptable(String),
    #[error("the header `Allow` lists the methods that this address takes")]
    MethodNotAllowed,
    #[error("{0}")]
    NotAllowed(String),
    #[error("there is an object `{0}` already; replace it with PUT at its own address")]
    Conflict(String),
    #[error("the object was changed meanwhile; read it again, then change that")]
    Outdated,
    #[error("the body is larger than the {0} bytes that are allowed; send it in parts")]
    BodyTooLarge(usize),
    #[error("the address is longer than {0} bytes; use POST /twin/v1/search for large geometries")]
    UriTooLong(usize),
    #[error("send the body as {0}")]
    MediaType(&'static str),
    #[error("the headers are larger than the {0} bytes that are allowed")]
    HeadersTooLarge(usize),
    #[error("{0}")]
    Unauthorized(&'static str),
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("{0}")]
    Unavailable(&'static str),
    #[error("{0}")]
    Later(String),
    #[error("the request failed")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Longer names are cut where a message shows them.
const SHOWN_CHARS_MAX: usize = 80;

impl ApiError {
    #[expect(clippy::needless_pass_by_value, reason = "errors and texts, taken as they come")]
    pub(crate) fn parameter(name: impl Into<String>, reason: impl ToString) -> Self {
        Self::BadParameter { name: name.into(), reason: reason.to_string() }
    }

    pub(crate) fn not_found(what: &'static str, id: &str) -> Self {
        Self::NotFound { what, id: shown(id) }
    }

    pub(crate) fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound { .. } | Self::NoRoute(_) | Self::NoTile(_) | Self::Nowhere(_) => {
                StatusCode::NOT_FOUND
            }
            Self::BadParameter { .. } | Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotAcceptable(_) => StatusCode::NOT_ACCEPTABLE,
            Self::MethodNotAllowed | Self::NotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Outdated => StatusCode::PRECONDITION_FAILED,
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong(_) => StatusCode::URI_TOO_LONG,
            Self::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::HeadersTooLarge(_) => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Unavailable(_) | Self::Later(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What a server error says is for the log, never for the client.
    fn detail(&self) -> String {
        match self {
            Self::Internal(cause) => {
                tracing::error!(error = &**cause as &dyn std::error::Error, "request failed");
                "the server failed; its log says why, under this request's id".to_owned()
            }
            shown => shown.to_string(),
        }
    }

    fn problem(&self) -> Problem {
        let parameter = match self {
            Self::BadParameter { name, .. } => Some(name.clone()),
            _ => None,
        };
        Problem::new(self.status(), self.detail(), parameter)
    }
}

/// What a client sent, short enough to be shown to it.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(SHOWN_CHARS_MAX).collect()
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let mut response = (self.status(), Json(&problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Problem::MEDIA_TYPE));
        match self {
            Self::Unavailable(_) | Self::Later(_) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
            }
            Self::Unauthorized(_) => {
                let realm = HeaderValue::from_static("Bearer realm=\"quartier\"");
                headers.insert(header::WWW_AUTHENTICATE, realm);
            }
            _ => {}
        }
        // `problem::show` words it for whoever asked.
        response.extensions_mut().insert(problem);
        response
    }
}

impl From<quartier_twin::Error> for ApiError {
    fn from(error: quartier_twin::Error) -> Self {
        use quartier_store::Error as Store;
        use quartier_twin::Error as Twin;
        match error {
            Twin::UnknownCollection(id) | Twin::Store(Store::UnknownCollection(id)) => {
                Self::not_found("collection", id.as_str())
            }
            Twin::Store(unstorable @ Store::Unstorable { .. }) => {
                Self::Unprocessable(unstorable.to_string())
            }
            Twin::Store(
                away @ (Store::Unavailable(_)
                | Store::Locked(_)
                | Store::Credentials(_)
                | Store::Full(_)
                | Store::ReadOnly(_)),
            ) => {
                tracing::error!(error = &away as &dyn std::error::Error, "the store is away");
                Self::Unavailable("the store does not answer at the moment; nothing was written")
            }
            loading @ (Twin::Loading | Twin::Busy | Twin::Away | Twin::Interrupted) => {
                Self::Later(loading.to_string())
            }
            slow @ Twin::Store(Store::TooSlow) => Self::Later(slow.to_string()),
            wrong @ (Twin::UnknownDatastream(_)
            | Twin::UnknownFeature(_)
            | Twin::NoLocation { .. }
            | Twin::Place(_)) => Self::BadRequest(wrong.to_string()),
            other => Self::internal(other),
        }
    }
}

impl From<PathRejection> for ApiError {
    fn from(rejection: PathRejection) -> Self {
        Self::BadRequest(format!("the address cannot be read: {rejection}"))
    }
}

impl From<BytesRejection> for ApiError {
    fn from(rejection: BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge(BODY_BYTES_MAX),
            _ => Self::BadRequest("the body broke off".to_owned()),
        }
    }
}
