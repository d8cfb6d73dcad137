//! The official building models around Wesel, where they are beside this checkout.

use std::{fs, path::Path, process::Command};

use crate::program::{Server, command, quartier, words};

const TILES: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/nrw-lod2/lod2-tiles-129.tar.xz");

#[test]
#[expect(clippy::print_stdout, reason = "whoever runs the tests wants to know what was left out")]
fn the_official_buildings_around_wesel_come_through_whole() {
    if !Path::new(TILES).exists() {
        println!("skipped: the NRW data are not beside this checkout");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    unpack(folder.path());
    let arguments = ["import", "wesel", "--collection", "buildings", "--readers", "public"];
    let first = quartier(folder.path(), &arguments);
    let said = words(&first.stdout);
    assert!(first.status.success(), "{first:?}");
    assert!(said.contains("6631 read, 6631 created, 0 changed"), "{said}");
    assert!(said.contains("0 rejected"), "{said}");
    let again = words(&quartier(folder.path(), &arguments).stdout);
    assert!(again.contains("0 created, 0 changed, 6631 unchanged"), "{again}");

    let server = Server::start(command(folder.path(), &["serve", "--listen", "127.0.0.1:0"]));
    let wesel = server.json("/collections/buildings/items?Gemeindeschluessel=05170048&limit=1");
    assert!(wesel["numberMatched"].as_u64().unwrap() > 1_000, "the leading zero is kept: {wesel}");
}

/// The 113 tiles with an easting from 324 to 345 kilometres.
fn unpack(folder: &Path) {
    let wesel = folder.join("wesel");
    fs::create_dir(&wesel).unwrap();
    let unpacked = Command::new("tar").args(["xJf", TILES, "-C"]).arg(&wesel).status().unwrap();
    assert!(unpacked.success());
    for tile in fs::read_dir(&wesel).unwrap().map(Result::unwrap) {
        let name = tile.file_name().into_string().unwrap();
        let easting: u32 = name.split('_').nth(2).unwrap().parse().unwrap();
        if !(324..=345).contains(&easting) {
            fs::remove_file(tile.path()).unwrap();
        }
    }
    assert_eq!(fs::read_dir(&wesel).unwrap().count(), 113);
}
