use serde_json::{Value, json};

use crate::program::{Server, command, quartier};

const TREES: &str = r#"{"type":"FeatureCollection","features":[
    {"type":"Feature","id":"t0","geometry":{"type":"Point","coordinates":[7.62,51.95]},"properties":{"species":"Quercus robur"}}]}"#;

/// Each round starts the server anew.
const ROUNDS: usize = 5;
const WRITES_PER_ROUND: usize = 20;

#[test]
fn what_was_acknowledged_over_http_outlives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("trees.geojson"), TREES).unwrap();
    let imported = quartier(
        folder.path(),
        &["import", "trees.geojson", "--collection", "trees", "--readers", "public"],
    );
    assert!(imported.status.success(), "{imported:?}");
    let mut acknowledged = vec!["t0".to_owned()];
    for round in 0..ROUNDS {
        let mut serve = command(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
        serve.env("QUARTIER_TOKEN", "secret");
        let server = Server::start(serve);
        let there = ids(&server);
        assert!(acknowledged.iter().all(|id| there.contains(id)), "round {round}: {there:?}");
        for write in 0..WRITES_PER_ROUND {
            let id = format!("r{round}w{write}");
            plant(&server, &id);
            acknowledged.push(id);
        }
        server.kill();
    }
}

fn plant(server: &Server, id: &str) {
    let tree = json!({
        "type": "Feature",
        "id": id,
        "geometry": { "type": "Point", "coordinates": [7.63, 51.95] },
        "properties": { "species": "Tilia cordata" }
    });
    let answer = ureq::post(format!("{}/collections/trees/items", server.url))
        .header("authorization", "Bearer secret")
        .header("content-type", "application/geo+json")
        .send(tree.to_string());
    assert_eq!(answer.unwrap().status(), 201);
}

fn ids(server: &Server) -> Vec<String> {
    let items = server.json("/collections/trees/items?limit=10000");
    let id = |feature: &Value| feature["id"].as_str().unwrap().to_owned();
    items["features"].as_array().unwrap().iter().map(id).collect()
}
