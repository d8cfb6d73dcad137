//! Each mistake gets one clear message on standard error, an exit code of 1 or 2, and changes nothing.

use std::{fs, path::Path};

use crate::program::{quartier, words};

const SQUARE: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"a",
    "geometry":{"type":"Polygon","coordinates":[[[7.6,51.9],[7.7,51.9],[7.7,52],[7.6,51.9]]]},"properties":{"n":1}}]}"#;

const BOMB: &str = r#"<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
    <core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0">&b;</core:CityModel>"#;

const EXTERNAL: &str = r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>
    <core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0">&file;</core:CityModel>"#;

/// Runs a command that must fail; returns what it says.
fn fails(folder: &Path, code: i32, arguments: &[&str]) -> String {
    let output = quartier(folder, arguments);
    let said = words(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    said
}

fn importing_fails(content: &[u8], name: &str, more: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    let arguments = [&["import", name, "--collection", "c"], more].concat();
    let said = fails(folder.path(), 1, &arguments);
    let is_there = folder.path().join("quartier.gpkg").exists();
    assert!(!is_there, "no store is made for a file that cannot be imported");
    said
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let said = fails(folder.path(), 1, &["import", "gone.geojson", "--collection", "c"]);
    assert!(said.contains("`gone.geojson` is not there"), "{said}");
}

#[test]
fn files_that_are_no_data_are_refused() {
    for (content, name) in [
        ("", "empty.geojson"),
        ("this is no map", "words.gpkg"),
        ("<html></html>", "page.gml"),
        ("{}", "nothing.json"),
    ] {
        let said = importing_fails(content.as_bytes(), name, &[]);
        assert!(said.contains(name), "{said}");
    }
}

#[test]
fn entity_bombs_and_external_entities_are_refused() {
    for content in [BOMB, EXTERNAL] {
        let said = importing_fails(content.as_bytes(), "model.gml", &[]);
        assert!(said.contains("model.gml") && !said.contains("root:"), "{said}");
    }
}

#[test]
fn a_layer_a_field_and_a_crs_that_are_not_there_are_named() {
    let said = importing_fails(SQUARE.as_bytes(), "a.geojson", &["--layer", "roads"]);
    assert!(said.contains("no layer `roads`"), "{said}");
    let said = importing_fails(SQUARE.as_bytes(), "a.geojson", &["--id", "name"]);
    assert!(said.contains("no field `name`"), "{said}");
    let said = importing_fails(SQUARE.as_bytes(), "a.geojson", &["--crs", "EPSG:999999"]);
    assert!(said.contains("EPSG:999999"), "{said}");
}

#[test]
fn a_file_without_a_crs_is_refused_until_one_is_given() {
    let table = "id,x,y\n1,405000,5757000\n";
    let said = importing_fails(table.as_bytes(), "places.csv", &[]);
    assert!(said.contains("--crs"), "{said}");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("places.csv"), table).unwrap();
    let given = ["import", "places.csv", "--collection", "c", "--crs", "EPSG:25832"];
    assert!(quartier(folder.path(), &given).status.success());
}

#[test]
fn a_collection_name_that_could_be_sql_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let said = fails(folder.path(), 2, &["import", "a", "--collection", "x\"; drop table"]);
    assert!(said.contains("cannot name a collection"), "{said}");
}

#[test]
fn a_misspelt_configuration_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("quartier.toml"), "titel = 'Musterstadt'\n").unwrap();
    let said = fails(folder.path(), 2, &["check"]);
    assert!(said.contains("titel") && said.contains("quartier.toml"), "{said}");
}

#[test]
fn a_database_that_is_away_is_named_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://city:geheim@127.0.0.1:9/city";
    let said = fails(folder.path(), 1, &["check", "--store", url]);
    assert!(said.contains("127.0.0.1:9") && !said.contains("geheim"), "{said}");
}

#[test]
fn somebody_elses_file_is_not_taken_for_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.gpkg");
    fs::write(&path, "my notes").unwrap();
    let said = fails(folder.path(), 1, &["serve", "--store", "geopackage:notes.gpkg"]);
    assert!(said.contains("is not a store of Quartier"), "{said}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "my notes");
}

#[test]
fn a_place_that_cannot_be_written_to_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let said = fails(folder.path(), 1, &["generate", "--buildings", "1000", "gone/town.fgb"]);
    assert!(said.contains("gone"), "{said}");
    let said = fails(folder.path(), 2, &["generate", "--buildings", "1000", "town.docx"]);
    assert!(said.contains("use .gpkg, .fgb or .city.jsonl"), "{said}");
}
