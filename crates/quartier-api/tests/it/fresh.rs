//! Tiles after a change, and in every encoding.

use std::io::Read as _;

use axum::http::{Request, StatusCode};
use futures_util::{FutureExt as _, future::join_all};
use serde_json::json;

use crate::{answer::Answer, city::City};

/// The tile that the first building is in.
const TILE: &str = "/collections/buildings/tiles/WebMercatorQuad/14/5415/8538";

/// Tiles that the first building is in, from the world to a house, in two grids.
const AROUND: [&str; 9] = [
    "WebMercatorQuad/0/0/0",
    "WebMercatorQuad/6/21/33",
    "WebMercatorQuad/10/338/533",
    "WebMercatorQuad/14/5415/8538",
    "WebMercatorQuad/17/43321/68309",
    "WorldCRS84Quad/0/0/1",
    "WorldCRS84Quad/5/6/33",
    "WorldCRS84Quad/9/108/533",
    "WorldCRS84Quad/13/1731/8538",
];

async fn known(city: &City, uri: &str, etag: &str) -> Answer {
    city.send(Request::get(uri).header("if-none-match", etag), "").await
}

async fn encoded(city: &City, encoding: &str) -> Answer {
    city.send(Request::get(TILE).header("accept-encoding", encoding), "").await
}

#[tokio::test]
async fn a_change_is_in_every_tile_when_it_is_acknowledged() {
    let city = City::new().await;
    let uris = AROUND.map(|place| format!("/collections/buildings/tiles/{place}"));
    let mut before = Vec::new();
    for uri in &uris {
        before.push(city.get(uri).await);
        assert_eq!(city.get(uri).await.header("cache-status"), "quartier; hit", "{uri}");
    }
    let patch = json!({ "type": "Feature", "properties": { "storeys": 77 } });
    let object = "/collections/buildings/items/building-0";
    assert_eq!(city.write("PATCH", object, &patch).await.status, StatusCode::NO_CONTENT);
    for (uri, before) in uris.iter().zip(&before) {
        let after = known(&city, uri, before.header("etag")).await;
        assert_eq!(after.header("cache-status"), "quartier; fwd=miss", "{uri}");
        if before.status == StatusCode::NO_CONTENT {
            continue;
        }
        assert_eq!(after.status, StatusCode::OK, "{uri}");
        assert_ne!(after.body, before.body, "{uri}");
        assert_ne!(after.header("etag"), before.header("etag"), "{uri}");
        assert_eq!(known(&city, uri, after.header("etag")).await.status, StatusCode::NOT_MODIFIED);
    }
}

#[tokio::test]
async fn a_tile_stays_known_when_something_changes_elsewhere() {
    let city = City::new().await;
    let far = "/collections/buildings/tiles/WebMercatorQuad/17/43321/68311";
    let tile = city.get(far).await;
    assert_eq!(tile.status, StatusCode::OK);
    let patch = json!({ "type": "Feature", "properties": { "storeys": 77 } });
    city.write("PATCH", "/collections/buildings/items/building-0", &patch).await;
    let after = known(&city, far, tile.header("etag")).await;
    assert_eq!(after.status, StatusCode::NOT_MODIFIED);
    assert_eq!(after.header("cache-status"), "quartier; hit");
}

#[tokio::test]
async fn a_hundred_who_ask_for_one_tile_have_it_drawn_once() {
    let city = City::new().await;
    let answers = join_all((0..100).map(|_| city.get(TILE))).await;
    let drawn = answers.iter().filter(|it| it.header("cache-status") == "quartier; fwd=miss");
    assert_eq!(drawn.count(), 1);
    assert!(answers.iter().all(|it| it.body == answers[0].body));
}

#[tokio::test]
async fn a_tile_is_drawn_for_the_next_when_the_first_has_left() {
    let city = City::new().await;
    let mut left = Box::pin(encoded(&city, "gzip"));
    assert!((&mut left).now_or_never().is_none(), "it is being drawn");
    drop(left);
    assert_eq!(encoded(&city, "gzip").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_tile_comes_in_the_encoding_that_is_liked_best_under_a_tag_of_its_own() {
    let city = City::new().await;
    let plain = city.get(TILE).await;
    let mut tags = vec![plain.header("etag").to_owned()];
    for (accepted, name) in [("gzip", "gzip"), ("gzip;q=0.1, br", "br"), ("gzip, br, zstd", "zstd")]
    {
        for status in ["quartier; fwd=miss", "quartier; hit"] {
            let tile = encoded(&city, accepted).await;
            assert_eq!(tile.header("content-encoding"), name);
            assert_eq!(tile.header("cache-status"), status, "{name}");
            assert_eq!(tile.header("vary"), "accept-encoding");
            assert_eq!(decoded(name, &tile.body), plain.body);
            assert!(tile.body.len() < plain.body.len());
            tags.push(tile.header("etag").to_owned());
        }
    }
    tags.dedup();
    assert_eq!(tags.len(), 4, "{tags:?}");
}

#[tokio::test]
async fn a_tile_that_a_client_has_in_an_encoding_that_it_takes_is_not_sent_again() {
    let city = City::new().await;
    let zipped = encoded(&city, "gzip").await.header("etag").to_owned();
    let asked = |accepted: &str, tags: &str| {
        let request = Request::get(TILE).header("accept-encoding", accepted);
        city.send(request.header("if-none-match", tags.to_owned()), "")
    };
    let other = format!("\"abc\", W/{zipped}");
    for tags in [&zipped, &other, "*"] {
        let answer = asked("br, gzip", tags).await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::NOT_MODIFIED, 0), "{tags}");
    }
    assert_eq!(asked("br, gzip", &zipped).await.header("etag"), zipped);
    assert_eq!(asked("br", &zipped).await.status, StatusCode::OK, "it could not be read");
}

#[tokio::test]
async fn a_client_that_takes_no_encoding_is_told_so_and_nonsense_is_passed_over() {
    let city = City::new().await;
    let refused = encoded(&city, "identity;q=0, *;q=0").await;
    assert_eq!(refused.status, StatusCode::NOT_ACCEPTABLE);
    refused.problem();
    for nonsense in ["gzip;q=banana", ";;,=q", "*;q=2", &"a,".repeat(3_000)] {
        let tile = encoded(&city, nonsense).await;
        assert_eq!((tile.status, tile.header("content-encoding")), (StatusCode::OK, ""));
    }
}

fn decoded(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match encoding {
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap(),
        "br" => brotli::Decompressor::new(bytes, 4_096).read_to_end(&mut plain).unwrap(),
        _ => zstd::Decoder::new(bytes).unwrap().read_to_end(&mut plain).unwrap(),
    };
    plain
}
