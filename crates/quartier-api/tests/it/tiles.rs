//! Vector tiles and what describes them.

use axum::http::{Request, StatusCode};

use crate::city::City;

/// The tile that the first building is in.
const TILE: &str = "/collections/buildings/tiles/WebMercatorQuad/14/5415/8538";

#[tokio::test]
async fn a_tile_has_a_strong_tag_and_is_sent_once() {
    let city = City::new().await;
    let tile = city.get(TILE).await;
    assert_eq!(tile.status, StatusCode::OK, "{}", tile.text());
    assert_eq!(tile.header("content-type"), "application/vnd.mapbox-vector-tile");
    assert_eq!(tile.header("cache-control"), "public, no-cache");
    assert!(tile.header("etag").starts_with('"'));
    let again = Request::get(TILE).header("if-none-match", tile.header("etag"));
    let again = city.send(again, "").await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(again.header("etag"), tile.header("etag"));
}

#[tokio::test]
async fn a_tile_is_the_same_in_every_order_and_ending() {
    let city = City::new().await;
    let tile = city.get(TILE).await;
    for other in [
        format!("{TILE}.mvt"),
        format!("{TILE}.pbf"),
        format!("{TILE}?f=mvt"),
        "/collections/buildings/tiles/WebMercatorQuad/xyz/14/8538/5415.pbf".to_owned(),
        "/tiles/WebMercatorQuad/14/5415/8538?collections=buildings".to_owned(),
        "/tiles/WebMercatorQuad/xyz/14/8538/5415?collections=buildings".to_owned(),
    ] {
        assert_eq!(city.get(&other).await.body, tile.body, "{other}");
    }
    let all = city.get("/tiles/WebMercatorQuad/14/5415/8538").await;
    assert!(all.body.len() > tile.body.len());
}

#[tokio::test]
async fn a_tile_between_objects_is_empty_and_one_beyond_them_is_not_there() {
    let city = City::new().await;
    // North of the buildings and east of the trees, where the box around all of them goes on.
    let between = city.get("/tiles/WebMercatorQuad/20/346563/546488").await;
    assert_eq!((between.status, between.body.len()), (StatusCode::NO_CONTENT, 0));
    let beyond = city.get("/tiles/WebMercatorQuad/14/0/0").await;
    assert_eq!(beyond.status, StatusCode::NOT_FOUND);
    assert!(beyond.problem().contains("columns 8538 to 8539"), "{}", beyond.problem());
}

#[tokio::test]
async fn a_tile_outside_the_grid_is_not_there() {
    let city = City::new().await;
    for place in ["3/8/0", "3/0/8", "25/0/0", "3/0/99999999999"] {
        let answer = city.get(&format!("/tiles/WebMercatorQuad/{place}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{place}");
        assert!(answer.problem().contains("out of range"), "{}", answer.problem());
    }
    let elsewhere = city.get("/tiles/Nowhere/0/0/0").await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_tile_that_is_no_number_is_refused() {
    let city = City::new().await;
    for place in ["a/0/0", "3/-1/0", "3/0/1.5", "3/0/NaN.mvt"] {
        let answer = city.get(&format!("/tiles/WebMercatorQuad/{place}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{place}");
        answer.problem();
    }
    let unknown = city.get("/tiles/WebMercatorQuad/0/0/0?collections=buildings,ships").await;
    assert_eq!(unknown.json()["parameter"], "collections");
}

#[tokio::test]
async fn tilejson_leads_to_tiles() {
    let city = City::new().await;
    for path in ["/tiles/WebMercatorQuad/tilejson.json", "/tiles/WebMercatorQuad?f=tilejson"] {
        let document = city.get(path).await.json();
        assert_eq!(document["tilejson"], "3.0.0");
        let tile = document["tiles"][0].as_str().unwrap();
        let tile = tile.replace("{z}", "14").replace("{y}", "5415").replace("{x}", "8538");
        assert_eq!(city.get(&tile.replace("http://city.example", "")).await.status, StatusCode::OK);
        assert_eq!(document["vector_layers"][0]["fields"]["height_m"], "Number");
        assert_eq!(document["attribution"], "© City &amp; Co");
    }
    let one = city.get("/collections/trees/tiles/WebMercatorQuad/tilejson.json").await.json();
    assert_eq!(one["vector_layers"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_tile_matrix_set_is_that_of_the_register() {
    let city = City::new().await;
    let set = city.get("/tileMatrixSets/WebMercatorQuad").await.json();
    let level = &set["tileMatrices"][0];
    assert!((level["scaleDenominator"].as_f64().unwrap() - 559_082_264.028_717).abs() < 1e-3);
    assert_eq!((&level["id"], &level["matrixWidth"]), (&"0".into(), &1.into()));
    assert_eq!(city.get("/tileMatrixSets").await.json()["tileMatrixSets"][0]["id"], set["id"]);
}
