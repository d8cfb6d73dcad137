//! [OGC SensorThings API 1.1](https://docs.ogc.org/is/18-088/18-088.html): its requests and answers over HTTP. What
//! they mean is said by `quartier-sensorthings`.

mod access;
mod answer;
mod failure;
pub(crate) mod mqtt;
mod request;

pub use access::{SensorThings, Writers};
pub use mqtt::serve_mqtt;

use axum::{
    body::Bytes,
    extract::{FromRequest as _, Request, State},
    http::header,
    response::Response,
};
use quartier_sensorthings::{Method, Write};

pub(crate) use access::Guard;

use self::{answer::respond, failure::Failure, request::Asked};
use crate::{App, error::ApiError, limits::BODY_BYTES_MAX};

/// [Reading](https://docs.ogc.org/is/18-088/18-088.html#request-data): sets, entities, properties.
pub(crate) async fn read(State(app): State<App>, request: Request) -> Result<Response, Failure> {
    let (parts, _body) = request.into_parts();
    app.guard().may_read(&parts.headers, &app)?;
    let asked = Asked::of(&app, &parts);
    Ok(respond(app.sensorthings.read(&asked.request()).await?))
}

/// [Writing](https://docs.ogc.org/is/18-088/18-088.html#create-update-delete), batches and data arrays.
pub(crate) async fn write(State(app): State<App>, request: Request) -> Result<Response, Failure> {
    let (mut parts, body) = request.into_parts();
    app.guard().may_write(&mut parts, &app).await?;
    let method = request::method(&parts)?;
    let asked = Asked::of(&app, &parts);
    let reply = request::reply(&parts.headers);
    let announced = parts.headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok());
    if announced.and_then(|it| it.parse().ok()).is_some_and(|it: usize| it > BODY_BYTES_MAX) {
        return Err(ApiError::BodyTooLarge(BODY_BYTES_MAX).into());
    }
    let body = if method == Method::Delete {
        Bytes::new()
    } else {
        let request = Request::from_parts(parts, body);
        Bytes::from_request(request, &app).await.map_err(ApiError::from)?
    };
    let write = Write { method, body, reply };
    Ok(respond(app.sensorthings.write(asked.request(), write).await?))
}
