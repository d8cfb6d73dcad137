use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::{App, ask::Ask, format::Format, layers::RequestId};

/// RFC 9457 problem details.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    /// The query parameter that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// The status and the detail, under the names that clients of SensorThings look for.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl Problem {
    pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

    pub(crate) fn new(status: StatusCode, detail: String, parameter: Option<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail,
            parameter,
            instance: None,
            request_id: None,
            code: None,
            message: None,
        }
    }

    pub(crate) fn with_message(self) -> Self {
        Self { code: Some(self.status), message: Some(self.detail.clone()), ..self }
    }
}

/// Gives every problem the address and the id of its request, and a page to a reader who asked for one.
pub(crate) async fn show(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let ask = Ask::lenient(&app, &parts);
    let instance = parts.uri.path().to_owned();
    let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let problem = Problem { instance: Some(instance), request_id, ..problem };
    let (mut head, _) = response.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    let (media_type, shown) = if ask.prefers_html() {
        (Format::Html.media_type(), ask.render("problem.html", &problem))
    } else {
        (Problem::MEDIA_TYPE, Json(&problem).into_response())
    };
    head.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    Response::from_parts(head, shown.into_body())
}
