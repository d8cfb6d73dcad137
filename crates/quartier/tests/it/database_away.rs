//! What is loaded is served while the database is away, and writes are taken again when it is back.

use serde_json::json;

use crate::{
    database::Database,
    program::{Server, command, quartier},
};

const TREES: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"oak",
    "geometry":{"type":"Point","coordinates":[7.62,51.95]},"properties":{"species":"Quercus robur"}}]}"#;

#[test]
fn reads_outlive_the_database_and_writes_wait_for_it() {
    let Some(database) = Database::create("away") else { return };
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
