//! Too much of anything is refused, and costs nothing.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use serde_json::json;

use crate::city::{City, TOKEN};

const ITEMS: &str = "/collections/buildings/items";

fn post(uri: &str) -> axum::http::request::Builder {
    Request::post(uri)
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", "application/json")
}

#[tokio::test]
async fn an_address_that_is_too_long_is_refused() {
    let city = City::new().await;
    let answer = city.get(&format!("{ITEMS}?function={}", "x".repeat(9_000))).await;
    assert_eq!(answer.status, StatusCode::URI_TOO_LONG);
    answer.problem();
}

#[tokio::test]
async fn headers_that_are_too_large_are_refused() {
    let city = City::new().await;
    let request = Request::get("/").header("cookie", "x".repeat(40_000));
    let answer = city.send(request, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    answer.problem();
}

#[tokio::test]
async fn too_many_parameters_are_refused() {
    let city = City::new().await;
    let query: Vec<String> = (0..65).map(|n| format!("p{n}=1")).collect();
    let answer = city.get(&format!("{ITEMS}?{}", query.join("&"))).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    answer.problem();
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let city = City::new().await;
    for uri in [ITEMS, "/twin/v1/search"] {
        let answer = city.send(post(uri), vec![b' '; 17 * 1024 * 1024]).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{uri}");
        answer.problem();
    }
}

#[tokio::test]
async fn a_body_that_is_too_deep_is_refused() {
    let city = City::new().await;
    let lists = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let collections = r#"{"type":"GeometryCollection","geometries":["#.repeat(10_000);
    for deep in [lists.clone(), collections, format!(r#"{{"type":"Feature","x":{lists}}}"#)] {
        for uri in [ITEMS, "/twin/v1/search"] {
            let answer = city.send(post(uri), deep.clone()).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            assert_eq!(answer.problem(), "the body is nested deeper than 64 levels");
        }
    }
}

#[tokio::test]
async fn a_body_of_another_type_is_refused() {
    let city = City::new().await;
    let request = Request::post("/twin/v1/search").header("content-type", "text/xml");
    let answer = city.send(request, "<x/>").await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(answer.problem(), "send the body as application/json");
}

#[tokio::test]
async fn a_geometry_with_too_many_positions_is_refused() {
    let city = City::new().await;
    let points = json!({ "type": "MultiPoint", "coordinates": vec![[7.6, 51.9]; 200_001] });
    let answer = city.search("/twin/v1/search", &json!({ "geometry": points })).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.problem().contains("more than 200000 positions"), "{}", answer.problem());
}
