//! Base layers from files of tiles.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, request::Builder},
};
use quartier_api::{App, ArchiveConfig, Archives, Settings, router};
use quartier_archive::{About, Center, Coding, Container, Place, TileFormat, Writer, gzip};
use quartier_model::Bbox;
use serde_json::json;
use tempfile::TempDir;

use crate::{answer::Answer, city::City};

const TILE: &[u8] = &[7; 3_000];
const PICTURE: &[u8] = b"\x89PNG and so on";

struct Shelf {
    router: Router,
    _city: City,
    _folder: TempDir,
}

impl Shelf {
    /// Vector tiles in PMTiles and pictures in MBTiles, with one tile each.
    async fn new() -> Self {
        let (city, folder) = (City::new().await, tempfile::tempdir().unwrap());
        let streets = folder.path().join("streets.pmtiles");
        let aerial = folder.path().join("aerial.mbtiles");
        let files = [streets.clone(), aerial.clone()];
        let write = move || {
            write(&files[0], Container::PmTiles, TileFormat::Mvt, &gzip(TILE));
            write(&files[1], Container::MbTiles, TileFormat::Png, PICTURE);
        };
        tokio::task::spawn_blocking(write).await.unwrap();
        let config = |file, title: Option<&str>| ArchiveConfig {
            file,
            title: title.map(str::to_owned),
            attribution: Some("© Somebody".to_owned()),
        };
        let configs = BTreeMap::from([
            ("streets".to_owned(), config(streets, Some("Streets"))),
            ("from above".to_owned(), config(aerial, None)),
        ]);
        let archives = Archives::open(&configs).await.unwrap();
        let app = App::new(Arc::clone(&city.twin), Settings::default()).unwrap();
        Self { router: router(app.with_archives(archives)), _city: city, _folder: folder }
    }

    async fn get(&self, uri: &str) -> Answer {
        self.send(Request::get(uri)).await
    }

    async fn send(&self, request: Builder) -> Answer {
        let request = request.header("host", "city.example").body(Body::empty()).unwrap();
        Answer::to(&self.router, request).await
    }
}

fn write(path: &Path, container: Container, format: TileFormat, tile: &[u8]) {
    let details = json!({ "vector_layers": [{ "id": "streets", "fields": {} }] });
    let about = About {
        name: "A file".to_owned(),
        description: None,
        attribution: None,
        format,
        coding: if format.is_vector() { Coding::Gzip } else { Coding::Identity },
        min_zoom: 3,
        max_zoom: 5,
        bounds: Bbox::new(7.0, 51.0, 8.0, 52.0).unwrap(),
        center: Center { longitude: 7.5, latitude: 51.5, zoom: 4 },
        details: details.as_object().unwrap().clone(),
    };
    let mut writer = Writer::create(path, container, &about).unwrap();
    writer.add(Place::new(3, 4, 2).unwrap(), tile).unwrap();
    writer.finish().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_layer_is_described_as_tilejson() {
    let shelf = Shelf::new().await;
    let list = shelf.get("/archives").await.json();
    assert_eq!(list["archives"][1]["id"], "streets", "{list}");
    assert_eq!(list["archives"][0]["mediaType"], "image/png", "{list}");
    let described = shelf.get("/archives/streets").await.json();
    assert_eq!(described["name"], "Streets");
    assert_eq!(described["attribution"], "© Somebody");
    assert_eq!(described["tiles"][0], "http://city.example/archives/streets/{z}/{x}/{y}");
    assert_eq!(described["vector_layers"][0]["id"], "streets");
    assert_eq!((&described["minzoom"], &described["maxzoom"]), (&json!(3), &json!(5)));
    assert_eq!(described["bounds"], json!([7.0, 51.0, 8.0, 52.0]));
    let pictures = shelf.get("/archives/from%20above").await.json();
    assert_eq!(pictures["tiles"][0], "http://city.example/archives/from%20above/{z}/{x}/{y}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tile_of_a_base_layer_is_sent_as_it_stands_in_the_file_where_the_client_takes_that() {
    let shelf = Shelf::new().await;
    let uri = "/archives/streets/3/4/2";
    let zipped = shelf.send(Request::get(uri).header("accept-encoding", "gzip")).await;
    assert_eq!(zipped.header("content-encoding"), "gzip");
    assert_eq!(zipped.header("content-type"), "application/vnd.mapbox-vector-tile");
    assert_eq!(zipped.body, gzip(TILE));
    let plain = shelf.get("/archives/streets/3/4/2.mvt").await;
    assert_eq!((plain.header("content-encoding"), &*plain.body), ("", TILE));
    assert_ne!(plain.header("etag"), zipped.header("etag"));
    for tag in [plain.header("etag"), zipped.header("etag")] {
        let again = Request::get(uri).header("accept-encoding", "gzip");
        let again = shelf.send(again.header("if-none-match", tag)).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    }
    let picture = shelf.get("/archives/from%20above/3/4/2.png").await;
    assert_eq!((picture.header("content-type"), &*picture.body), ("image/png", PICTURE));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_in_a_base_layer_is_told() {
    let shelf = Shelf::new().await;
    assert_eq!(shelf.get("/archives/streets/4/0/0").await.status, StatusCode::NO_CONTENT);
    assert_eq!(shelf.get("/archives/from%20above/4/0/0").await.status, StatusCode::NOT_FOUND);
    for (uri, status, words) in [
        ("/archives/nowhere", 404, "there is no archive `nowhere`"),
        ("/archives/nowhere/3/4/2", 404, "there is no archive `nowhere`"),
        ("/archives/streets/2/0/0", 404, "has the zooms from 3 to 5"),
        ("/archives/streets/3/8/0", 404, "from 0 to 7"),
        ("/archives/streets/3/-1/0", 400, "is not a whole number"),
        ("/archives/streets/1099511627776/0/0", 404, "out of range"),
        ("/archives/streets/3/4/2?wrong=1", 400, "wrong"),
    ] {
        let answer = shelf.get(uri).await;
        assert_eq!(answer.status.as_u16(), status, "{uri}");
        assert!(answer.problem().contains(words), "{uri}: {}", answer.problem());
    }
}
