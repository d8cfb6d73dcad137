//! What is loaded is served while the database is away, and writes are taken again when it is back.

use std::process::Command;

use serde_json::json;

use crate::program::{Server, command, quartier, words};

const TREES: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"oak",
    "geometry":{"type":"Point","coordinates":[7.62,51.95]},"properties":{"species":"Quercus robur"}}]}"#;

/// A database of its own on the tests' server, gone with the value.
struct Database {
    server: String,
    name: String,
}

impl Database {
    fn create() -> Option<Self> {
        let server = std::env::var("QUARTIER_TEST_POSTGRES").ok()?;
        let name = format!("away_{}", std::process::id());
        let database = Self { server, name };
        database.tell("create database {}");
        Some(database)
    }

    fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }

    /// Ends every connection and takes no new ones.
    fn close(&self) {
        self.tell("alter database {} with allow_connections false");
        self.tell("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{}'");
    }

    fn open(&self) {
        self.tell("alter database {} with allow_connections true");
    }

    fn tell(&self, sql: &str) {
        let sql = sql.replace("{}", &self.name);
        let told = Command::new("psql").args([&self.server, "-XAtqc", &sql]).output().unwrap();
        assert!(told.status.success(), "{}", words(&told.stderr));
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.tell("drop database if exists {} with (force)");
    }
}

#[test]
fn reads_outlive_the_database_and_writes_wait_for_it() {
    let Some(database) = Database::create() else {
        println!("skipped: QUARTIER_TEST_POSTGRES names no server");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("trees.geojson"), TREES).unwrap();
    let url = database.url();
    let import = [
        "import",
        "trees.geojson",
        "--collection",
        "trees",
        "--readers",
        "public",
        "--store",
        &url,
    ];
    let imported = quartier(folder.path(), &import);
    assert!(imported.status.success(), "{imported:?}");
    let mut serve = command(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--store", &url]);
    serve.env("QUARTIER_TOKEN", "secret");
    let server = Server::start(serve);

    database.close();
    assert_eq!(server.json("/collections/trees/items")["numberMatched"], 1);
    assert_eq!(plant(&server, "elm"), 503);
    database.open();
    let planted = (0..100).map(|_| plant(&server, "elm")).find(|status| *status != 503);
    assert_eq!(planted, Some(201));
    assert_eq!(server.json("/collections/trees/items")["numberMatched"], 2);
}

/// Tries to add a tree; a 503 must say when to try again.
fn plant(server: &Server, id: &str) -> u16 {
    let tree = json!({
        "type": "Feature",
        "id": id,
        "geometry": { "type": "Point", "coordinates": [7.63, 51.95] },
        "properties": { "species": "Ulmus glabra" }
    });
    let agent =
        ureq::Agent::from(ureq::config::Config::builder().http_status_as_error(false).build());
    let answer = agent
        .post(format!("{}/collections/trees/items", server.url))
        .header("authorization", "Bearer secret")
        .header("content-type", "application/geo+json")
        .send(tree.to_string())
        .unwrap();
    let status = answer.status().as_u16();
    assert!(status != 503 || answer.headers().contains_key("retry-after"));
    status
}
