//! The program as `make demo` starts it.

use std::process::Command;

use crate::program::{Server, command, quartier, words};

const ITEMS: &str = "/collections/buildings/items";

fn start(folder: &std::path::Path) -> Server {
    let town = ["demo", "--buildings", "1000", "--dir", "town"];
    let ports = ["--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0"];
    Server::start(command(folder, &[&town[..], &ports].concat()))
}

#[test]
fn the_demo_shows_one_town_over_every_interface() {
    let folder = tempfile::tempdir().unwrap();
    let server = start(folder.path());

    let items = server.json(&format!("{ITEMS}?limit=1"));
    assert_eq!(items["numberMatched"], 1_000);
    let building = &items["features"][0];
    let id = building["id"].as_str().unwrap();
    assert_eq!(server.json(&format!("{ITEMS}/{id}"))["id"], id);

    let place = &building["geometry"]["coordinates"][0][0];
    let near = format!("/twin/v1/nearest?collection=buildings&point={},{}&k=1", place[0], place[1]);
    let distance_m = server.json(&near)["features"][0]["distance_m"].as_f64().unwrap();
    assert!(distance_m < 0.001, "degrees are rounded to a tenth of a millimetre: {distance_m}");

    let tiles = server.json("/tiles/WebMercatorQuad?f=tilejson");
    let layers = tiles["vector_layers"].as_array().unwrap();
    assert!(layers.iter().any(|layer| layer["id"] == "buildings"), "{tiles}");
    assert!(!server.bytes(&tile_at(place)).is_empty());

    let style = server.json("/styles/quartier");
    assert_eq!(style["version"], 8);
    assert!(words(&server.bytes("/map/")).contains("<html"));
    assert!(words(&server.bytes("/metrics")).contains("quartier_http_requests_total"));

    clients_agree(&server, folder.path());
    let (status, log) = server.stop();
    assert!(status.success(), "{status}");
    assert!(!log.contains("\"ERROR\"") && !log.contains("\"WARN\""), "{log}");
}

/// The tile of Web Mercator at zoom 14 that a place in degrees lies in; OGC 17-083r4, annex D.
fn tile_at(place: &serde_json::Value) -> String {
    let (longitude, latitude) = (place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
    let tiles = f64::from(1 << 14);
    let column = (longitude + 180.0) / 360.0 * tiles;
    let north = latitude.to_radians().tan().asinh();
    let row = (1.0 - north / std::f64::consts::PI) / 2.0 * tiles;
    format!(
        "/collections/buildings/tiles/WebMercatorQuad/14/{row:.0}/{column:.0}",
        row = row.floor(),
        column = column.floor()
    )
}

/// GDAL reads the same town over the network, and from the file while the server runs.
fn clients_agree(server: &Server, folder: &std::path::Path) {
    let file = folder.join("town/town-1000-1.gpkg").display().to_string();
    for source in [format!("OAPIF:{}", server.url), file] {
        let asked = Command::new("ogrinfo").args(["-so", "-ro", &source, "buildings"]).output();
        let answer = words(&asked.expect("gdal-bin is installed").stdout);
        assert!(answer.contains("Feature Count: 1000"), "{source}: {answer}");
        assert!(answer.contains("height_m: Real"), "{source}: {answer}");
    }
}

#[test]
fn a_town_that_is_there_is_served_again_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path()).json(ITEMS);
    let second = start(folder.path()).json(ITEMS);
    assert_eq!(first["features"], second["features"]);
}

#[test]
fn a_town_is_generated_into_each_format_once() {
    let folder = tempfile::tempdir().unwrap();
    for (file, layer) in [("t.gpkg", "buildings"), ("t.fgb", "buildings"), ("t.city.jsonl", "")] {
        let arguments = ["generate", "--buildings", "1000", file];
        let made = quartier(folder.path(), &arguments);
        assert!(made.status.success(), "{made:?}");
        let again = quartier(folder.path(), &arguments);
        assert!(words(&again.stderr).contains("is there already"), "{again:?}");
        if !layer.is_empty() {
            let path = folder.path().join(file).display().to_string();
            let asked = Command::new("ogrinfo").args(["-so", "-ro", &path, layer]).output();
            let answer = words(&asked.expect("gdal-bin is installed").stdout);
            assert!(answer.contains("Feature Count: 1000"), "{file}: {answer}");
        }
    }
    let imported =
        quartier(folder.path(), &["import", "t.city.jsonl", "--collection", "buildings"]);
    assert!(words(&imported.stdout).contains("1000 created"), "{imported:?}");
}
