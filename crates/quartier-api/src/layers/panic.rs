use std::any::Any;

use axum::response::{IntoResponse as _, Response};

use crate::error::ApiError;

/// A panic costs its own request, and its message goes to the log only.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
pub(crate) fn answer_panic(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    ApiError::internal(message.unwrap_or("a panic without words").to_owned()).into_response()
}
