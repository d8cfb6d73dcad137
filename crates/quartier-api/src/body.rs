use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use bytes::Bytes;

use crate::{
    App,
    error::{ApiError, Result},
    params::crs::OfferedCrs,
};

/// A body of GeoJSON, and the CRS that the header `Content-Crs` gives its coordinates; CRS84 without one.
#[derive(Debug)]
pub(crate) struct GeoJsonBody {
    pub(crate) bytes: Bytes,
    pub(crate) crs: OfferedCrs,
}

/// A body of JSON.
#[derive(Debug)]
pub(crate) struct JsonBody(pub(crate) Bytes);

impl FromRequest<App> for GeoJsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        const TYPES: &[&str] =
            &["application/geo+json", "application/json", "application/merge-patch+json"];
        expect_type(request.headers(), TYPES, "application/geo+json")?;
        let crs = match text(request.headers(), "content-crs") {
            Some(text) => app.crss.read(text.trim().trim_matches(['<', '>'])),
            None => Ok(app.crss.default),
        };
        let crs =
            crs.map_err(|reason| ApiError::BadRequest(format!("header `Content-Crs`: {reason}")))?;
        Ok(Self { bytes: Bytes::from_request(request, app).await?, crs })
    }
}

impl FromRequest<App> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        const TYPES: &[&str] = &["application/json", "application/geo+json"];
        expect_type(request.headers(), TYPES, "application/json")?;
        Ok(Self(Bytes::from_request(request, app).await?))
    }
}

fn expect_type(headers: &HeaderMap, types: &[&str], advice: &'static str) -> Result<()> {
    let given = text(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if types.contains(&given.as_str()) { Ok(()) } else { Err(ApiError::MediaType(advice)) }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
