//! What is wrong is named, whatever it is.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};

use crate::city::City;

#[tokio::test]
async fn a_bad_value_is_refused_by_the_name_of_its_parameter() {
    let city = City::new().await;
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=NaN", "limit"),
        ("limit=", "limit"),
        ("limit=1.5", "limit"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,NaN", "bbox"),
        ("bbox=7,52,8,51", "bbox"),
        ("bbox=7,51,8,95", "bbox"),
        ("bbox=7,51,9,8,52,1", "bbox"),
        ("bbox=", "bbox"),
        ("bbox=1,2,3,4,5,6,7", "bbox"),
        ("bbox=9,5,1,6&bbox-crs=EPSG:25832", "bbox"),
        ("bbox-crs=EPSG:99999", "bbox-crs"),
        ("crs=nonsense", "crs"),
        ("datetime=yesterday", "datetime"),
        ("datetime=2020-01-02/2020-01-01", "datetime"),
        ("datetime=a/b/c", "datetime"),
        ("after=12", "after"),
        ("after=fzz", "after"),
        ("f=kml", "f"),
        ("f=", "f"),
        ("lang=fr", "lang"),
        ("storeys=many", "storeys"),
        ("height_m=NaN", "height_m"),
        ("is_listed=1", "is_listed"),
        ("uses=bakery", "uses"),
        ("colour=red", "colour"),
        ("limit=1&limit=2", "limit"),
        ("Limit=1", "Limit"),
    ] {
        let answer = city.get(&format!("/collections/buildings/items?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.json()["parameter"], parameter, "{query}");
        assert!(answer.problem().contains(&format!("`{parameter}`")), "{}", answer.problem());
    }
}

#[tokio::test]
async fn an_unknown_parameter_is_refused_everywhere() {
    let city = City::new().await;
    for path in [
        "/",
        "/conformance",
        "/api",
        "/collections",
        "/collections/buildings",
        "/collections/buildings/schema",
        "/collections/buildings/queryables",
        "/collections/buildings/sortables",
        "/collections/buildings/items/building-1",
        "/collections/buildings/tiles",
        "/collections/buildings/tiles/WebMercatorQuad",
        "/collections/buildings/tiles/WebMercatorQuad/0/0/0",
        "/tiles",
        "/tiles/WebMercatorQuad",
        "/tiles/WebMercatorQuad/tilejson.json",
        "/tiles/WebMercatorQuad/0/0/0",
        "/tileMatrixSets",
        "/tileMatrixSets/WebMercatorQuad",
        "/styles",
        "/twin/v1/collections/buildings/objects/building-0",
    ] {
        let answer = city.get(&format!("{path}?colour=red")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(answer.json()["parameter"], "colour", "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let city = City::new().await;
    for (path, said) in [
        ("/nowhere", "there is nothing at `/nowhere`"),
        ("/collections/ships", "there is no collection `ships`"),
        ("/collections/x%22;%20drop%20table/items", "there is no collection `x\"; drop table`"),
        ("/collections/buildings/items/ship", "there is no object `ship`"),
        ("/collections/buildings/items/%FF", ""),
        ("/styles/none", "there is no style `none`"),
        ("/tileMatrixSets/none", "there is no tile matrix set `none`"),
        ("/map/none.js", "there is no file of the map `none.js`"),
    ] {
        let answer = city.get(path).await;
        let expected = if said.is_empty() { 400 } else { 404 };
        assert_eq!(answer.status.as_u16(), expected, "{path}");
        assert!(answer.problem().starts_with(said), "{}", answer.problem());
    }
}

#[tokio::test]
async fn a_method_that_is_not_taken_is_refused_with_those_that_are() {
    let city = City::new().await;
    let answer = city.send(Request::delete("/collections"), Body::empty()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET,HEAD");
    answer.problem();
}

#[tokio::test]
async fn options_and_head_are_answered() {
    let city = City::new().await;
    let options = Request::options("/collections/buildings/items").header("origin", "http://x");
    let options = city.send(options, Body::empty()).await;
    assert_eq!(options.status, StatusCode::NO_CONTENT);
    assert_eq!(options.header("access-control-allow-methods"), "GET,HEAD,POST");
    assert_eq!(options.header("access-control-allow-origin"), "*");
    let head = city.send(Request::head("/collections/buildings/items"), Body::empty()).await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-type"), "application/geo+json");
}

#[tokio::test]
async fn a_request_keeps_the_id_that_its_proxy_gave_it() {
    let city = City::new().await;
    let request = Request::get("/nowhere").header("x-request-id", "trace-7");
    let answer = city.send(request, Body::empty()).await;
    assert_eq!(answer.json()["request_id"], "trace-7");
    let odd = Request::get("/").header("x-request-id", "a b<script>");
    assert_ne!(city.send(odd, Body::empty()).await.header("x-request-id"), "a b<script>");
}
