//! The map page, whose files another crate keeps, and the style sheet of the other pages.

use axum::{
    extract::{Path, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    error::{ApiError, Result},
    html::STYLE_SHEET,
    tag,
};

/// The map draws with WebGL in a worker that it makes of itself, and asks this server only.
const POLICY: &str = "default-src 'self'; worker-src 'self' blob:; child-src 'self' blob:; img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'";

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const FOR_A_DAY: &str = "public, max-age=86400";
const ASK_AGAIN: &str = "no-cache";

/// To the page's folder: every address in the page is relative to it. So is this one, whatever a proxy took off.
pub(crate) async fn map() -> Redirect {
    Redirect::permanent("map/")
}

pub(crate) async fn page(headers: HeaderMap) -> Result<Response> {
    asset("", &headers)
}

pub(crate) async fn file(
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response> {
    asset(&path?.0, &headers)
}

fn asset(path: &str, headers: &HeaderMap) -> Result<Response> {
    let asset = quartier_viewer::asset(path);
    let asset = asset.ok_or_else(|| ApiError::not_found("file of the map", path))?;
    let told = [
        (header::ETAG, asset.etag.clone()),
        (header::CACHE_CONTROL, if asset.immutable { FOR_EVER } else { ASK_AGAIN }.to_owned()),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
    ];
    if tag::is_known(headers, &asset.etag) {
        return Ok((StatusCode::NOT_MODIFIED, told).into_response());
    }
    let content_type = [(header::CONTENT_TYPE, asset.content_type)];
    Ok((told, content_type, asset.bytes.into_owned()).into_response())
}

/// The style sheet of the pages.
pub(crate) async fn style_sheet() -> Response {
    let content_type = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    ([content_type, (header::CACHE_CONTROL, FOR_A_DAY)], STYLE_SHEET).into_response()
}
