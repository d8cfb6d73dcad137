//! A city in a GeoPackage is moved by copying one file.

use std::fs;

use super::{
    publisher::reading,
    station::{datastream, make, numbers, serve},
};

const READINGS: u64 = 100;

#[test]
fn after_a_stop_the_file_alone_has_every_reading() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = serve(here.path(), "geopackage:city.gpkg", &[]);
    let level = datastream(&server, "Lock", "level");
    for number in 0..READINGS {
        make(&server, &format!("Datastreams({level})/Observations"), &reading(number));
    }
    let (status, log) = server.stop();
    assert!(status.success(), "{log}");
    fs::copy(here.path().join("city.gpkg"), there.path().join("city.gpkg")).unwrap();
    let moved = serve(there.path(), "geopackage:city.gpkg", &[]);
    assert_eq!(numbers(&moved, level).len() as u64, READINGS);
}
