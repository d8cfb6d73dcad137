use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use quartier_store::{Error, StoreUrl, open};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use crate::{
    home::{Home, Place, at_database, in_geopackage, in_postgis, server},
    sample::{buildings_id, house, puts},
};

/// What a person at a prompt takes for an answer and not for a hang.
const SOON: Duration = Duration::from_secs(10);

fn path(home: &Home) -> &Path {
    let StoreUrl::GeoPackage(path) = &home.url else { unreachable!("the home of a GeoPackage") };
    path
}

async fn other_connection(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

#[tokio::test]
async fn a_file_that_another_process_writes_is_called_locked_soon() {
    in_geopackage(async |home| {
        let store = home.with_buildings().await;
        let mut other = other_connection(path(home)).await;
        sqlx::query("begin immediate").execute(&mut other).await.unwrap();
        let started = Instant::now();
        let error = store.write(&buildings_id(), puts([house(1, 1)])).await.unwrap_err();
        assert!(matches!(error, Error::Locked(_)), "{error}");
        assert!(started.elapsed() < SOON);
        assert_eq!(store.scan(&buildings_id(), None, 10).await.unwrap(), []);
        sqlx::query("rollback").execute(&mut other).await.unwrap();
        store.write(&buildings_id(), puts([house(1, 1)])).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_file_that_another_process_has_for_itself_is_called_locked_soon() {
    in_geopackage(async |home| {
        let _store = home.with_buildings().await;
        // A copy has no log beside it, without which one process can keep all others out.
        let copy = path(home).with_file_name("copy.gpkg");
        let mut original = other_connection(path(home)).await;
        let name = copy.to_str().unwrap().to_owned();
        sqlx::query("vacuum into ?").bind(name).execute(&mut original).await.unwrap();
        let mut other = other_connection(&copy).await;
        sqlx::query("begin exclusive").execute(&mut other).await.unwrap();
        let started = Instant::now();
        let error = open(&StoreUrl::GeoPackage(copy), None).await.unwrap_err();
        assert!(matches!(error, Error::Locked(_)), "{error}");
        assert!(started.elapsed() < SOON);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_store_is_refused_and_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let text = folder.path().join("notes.gpkg");
    fs::write(&text, "not a database, but long enough to be read as one").unwrap();
    let foreign = folder.path().join("foreign.gpkg");
    let mut other = other_connection(&foreign).await;
    sqlx::query("create table roads (id integer)").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    for path in [&text, &foreign] {
        let before = fs::read(path).unwrap();
        let error = open(&StoreUrl::GeoPackage(path.clone()), None).await.unwrap_err();
        assert!(matches!(error, Error::NotAStore { .. }), "{error}");
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        assert_eq!(fs::read(path).unwrap(), before);
    }
    let files = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 2, "nothing is left beside the files");
}

#[tokio::test]
async fn a_path_that_cannot_be_opened_is_named() {
    let folder = TempDir::new().unwrap();
    let missing = StoreUrl::GeoPackage(folder.path().join("nowhere/city.gpkg"));
    let error = open(&missing, None).await.unwrap_err();
    assert!(matches!(&error, Error::Path { .. }), "{error}");
    assert!(error.to_string().contains("nowhere"), "{error}");
    let error = open(&StoreUrl::GeoPackage(folder.path().to_owned()), None).await.unwrap_err();
    assert!(matches!(&error, Error::NotAStore { reason: "it is a folder", .. }), "{error}");
}

#[tokio::test]
async fn a_store_that_was_cut_short_says_so() {
    in_geopackage(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts((0..500).map(|it| house(it, 1)))).await.unwrap();
        drop(store);
        let mut other = other_connection(path(home)).await;
        sqlx::query("pragma wal_checkpoint(truncate)").execute(&mut other).await.unwrap();
        other.close().await.unwrap();
        let whole = fs::read(path(home)).unwrap();
        fs::write(path(home), &whole[..whole.len() / 3]).unwrap();
        let error = match open(&home.url, None).await {
            Ok(store) => store.scan(&buildings_id(), None, 1000).await.unwrap_err(),
            Err(error) => error,
        };
        assert!(matches!(error, Error::Corrupt { .. }), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_may_not_grow_is_a_full_disk_and_loses_nothing() {
    in_geopackage(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts([house(1, 1)])).await.unwrap();
        let classified = full_disk(path(home)).await;
        assert!(matches!(classified, Error::Full(_)), "{classified}");
        assert_eq!(store.scan(&buildings_id(), None, 10).await.unwrap().len(), 1);
    })
    .await;
}

/// What SQLite says when the disk is full, said here for want of a full disk.
async fn full_disk(path: &Path) -> Error {
    let mut other = other_connection(path).await;
    sqlx::query("pragma max_page_count = 1").execute(&mut other).await.unwrap();
    let fill = sqlx::query("create table filler as select zeroblob(100000000)");
    fill.execute(&mut other).await.unwrap_err().into()
}

#[tokio::test]
async fn a_wrong_password_is_called_so_and_never_shown() {
    in_postgis(async |home| {
        let Place::Database { server, name } = &home.place else { unreachable!("a database") };
        let (scheme, rest) = server.split_once("://").unwrap();
        let (credentials, host) = rest.split_once('@').unwrap();
        let user = credentials.split(':').next().unwrap();
        let wrong = at_database(&format!("{scheme}://{user}:wr0ng-s3cret@{host}"), name);
        let error = open(&wrong.parse().unwrap(), None).await.unwrap_err();
        assert!(matches!(error, Error::Credentials(_)), "{error}");
        assert!(!format!("{error:?}{error}").contains("wr0ng-s3cret"));
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_not_there_is_called_so() {
    let Some(server) = server() else { return };
    let url = at_database(&server, "quartier_no_such_database").parse().unwrap();
    let error = open(&url, None).await.unwrap_err();
    assert!(matches!(error, Error::NoDatabase(_)), "{error}");
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_unavailable_soon() {
    let nobody_listens = "postgres://city:secret@127.0.0.1:1/twin".parse().unwrap();
    let started = Instant::now();
    let error = open(&nobody_listens, None).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    assert!(started.elapsed() < SOON);
}
