//! Which format a client gets.

use axum::http::StatusCode;

use crate::city::City;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const HTML: &str = "text/html; charset=utf-8";
const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

#[tokio::test]
async fn the_header_and_the_parameter_choose_the_format() {
    let city = City::new().await;
    for (path, accept, expected) in [
        ("/", "*/*", "application/json"),
        ("/", BROWSER, HTML),
        ("/?f=json", BROWSER, "application/json"),
        ("/?f=html", "application/json", HTML),
        ("/conformance", "*/*", "application/json"),
        ("/collections", "application/json;q=0.1, text/html;q=0.2", HTML),
        ("/collections/buildings", "*/*", "application/json"),
        ("/collections/buildings/items", "*/*", "application/geo+json"),
        ("/collections/buildings/items", "application/geo+json", "application/geo+json"),
        ("/collections/buildings/items", "application/json", "application/geo+json"),
        ("/collections/buildings/items?f=geojson", "*/*", "application/geo+json"),
        ("/collections/buildings/items?f=json", "*/*", "application/geo+json"),
        ("/collections/buildings/items", BROWSER, HTML),
        ("/collections/buildings/items/building-0", "*/*", "application/geo+json"),
        ("/collections/buildings/items/building-0", BROWSER, HTML),
        ("/collections/buildings/schema", "*/*", "application/schema+json"),
        ("/collections/buildings/queryables", "application/json", "application/schema+json"),
        ("/collections/buildings/sortables", BROWSER, HTML),
        ("/api", "*/*", OPENAPI),
        ("/api", OPENAPI, OPENAPI),
        ("/api", "application/json", OPENAPI),
        ("/api", BROWSER, HTML),
        ("/tiles/WebMercatorQuad?f=tilejson", "*/*", "application/json"),
        ("/styles/quartier", "*/*", "application/vnd.mapbox.style+json"),
        ("/styles", BROWSER, HTML),
    ] {
        let answer = city.accepting(accept, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {accept}");
        assert_eq!(answer.header("content-type"), expected, "{path} {accept}");
    }
}

#[tokio::test]
async fn a_format_that_there_is_not_is_not_acceptable() {
    let city = City::new().await;
    for path in ["/", "/collections/buildings/items", "/tiles/WebMercatorQuad/0/0/0"] {
        let answer = city.accepting("application/pdf", path).await;
        assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE, "{path}");
        answer.problem();
    }
}

#[tokio::test]
async fn a_large_answer_is_compressed_for_whoever_takes_it() {
    let city = City::new().await;
    let large = axum::http::Request::get("/collections").header("accept-encoding", "gzip");
    let large = city.send(large, "").await;
    assert_eq!(large.header("content-encoding"), "gzip");
    assert!(large.header("vary").contains("accept-encoding"), "{:?}", large.headers);
    let small = axum::http::Request::get("/ready").header("accept-encoding", "gzip");
    assert_eq!(city.send(small, "").await.header("content-encoding"), "");
}
