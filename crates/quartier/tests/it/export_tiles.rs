//! The city's tiles as a file, and such files as base layers.

use std::{fs, path::Path, process::Command};

use quartier_archive::{Archive, Place, walk};

use crate::program::{Server, command, quartier, words};

/// A town of 1,000 buildings; its place is the generator's business.
fn town(folder: &Path) {
    let made = quartier(folder, &["generate", "--buildings", "1000", "quartier.gpkg"]);
    assert!(made.status.success(), "{}", words(&made.stderr));
}

fn export(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = quartier(folder, &[&["export", "tiles"], arguments].concat());
    (output.status.success(), words(&output.stdout) + &words(&output.stderr))
}

/// Every tile of a file.
fn tiles(path: &Path, zooms: std::ops::RangeInclusive<u8>) -> Vec<(Place, Vec<u8>)> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let archive = runtime.block_on(Archive::open(path)).unwrap();
    let bounds = archive.about.bounds;
    let holds = |place: Place| {
        let tiles = f64::from(1_u32 << place.z());
        let column = |longitude: f64| (longitude + 180.0) / 360.0 * tiles;
        let first = column(bounds.min_x).floor() as u32;
        (first..=column(bounds.max_x).floor() as u32).contains(&place.x())
    };
    let places = zooms.flat_map(|zoom| walk(zoom, holds));
    let read = |place| {
        let tile = archive.tile(place).unwrap()?;
        Some((place, archive.unpacked(&tile).unwrap().to_vec()))
    };
    places.filter_map(read).collect()
}

#[test]
fn a_file_has_every_tile_that_the_server_serves_and_is_served_as_a_base_layer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    town(path);
    for (option, file) in [("--pmtiles", "city.pmtiles"), ("--mbtiles", "city.mbtiles")] {
        let (is_good, said) = export(path, &[option, file, "--max-zoom", "11"]);
        assert!(is_good && said.contains("were written to city."), "{said}");
    }
    let exported = tiles(&path.join("city.pmtiles"), 0..=11);
    assert_eq!(exported, tiles(&path.join("city.mbtiles"), 0..=11));
    assert!(exported.len() >= 12, "{}", exported.len());
    let config = "[tiles.archives]\ncity = 'city.pmtiles'\n[tiles.archives.other]\nfile = 'city.mbtiles'\ntitle = 'Other'";
    fs::write(path.join("quartier.toml"), config).unwrap();
    let server = Server::start(command(path, &["serve", "--listen", "127.0.0.1:0"]));
    for (place, tile) in &exported {
        let at = format!("{}/{}/{}", place.z(), place.x(), place.y());
        assert_eq!(server.bytes(&format!("/tiles/WebMercatorQuad/xyz/{at}")), *tile, "{at}");
        assert_eq!(server.bytes(&format!("/archives/city/{at}")), *tile, "{at}");
        assert_eq!(server.bytes(&format!("/archives/other/{at}")), *tile, "{at}");
    }
    let layers = server.json("/archives/city")["vector_layers"].clone();
    assert!(layers.as_array().unwrap().iter().any(|it| it["id"] == "buildings"), "{layers}");
    assert_eq!(server.json("/archives/other")["name"], "Other");
    let asked = Command::new("ogrinfo").args(["-ro", "city.mbtiles"]).current_dir(path).output();
    let answer = words(&asked.expect("gdal-bin is installed").stdout);
    assert!(answer.contains("buildings"), "{answer}");
}

#[test]
fn an_export_that_cannot_be_made_says_why_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    town(folder.path());
    for (arguments, words) in [
        (&["--pmtiles", "a", "--collections", "ruins"][..], "has no collection `ruins`"),
        (&["--pmtiles", "a", "--bbox", "-100,20,-99,21"], "there is nothing to export"),
        (&["--pmtiles", "a", "--bbox", "1,2,3"], "west,south,east,north"),
        (&["--pmtiles", "a", "--max-zoom", "99"], "99"),
        (&["--pmtiles", "a", "--min-zoom", "9", "--max-zoom", "3"], "greater than"),
        (&["--pmtiles", "a", "--mbtiles", "b"], "--mbtiles"),
        (&["--pmtiles", "nowhere/a"], "check that the folder exists"),
        (&[], "--pmtiles"),
    ] {
        let (is_good, said) = export(folder.path(), arguments);
        assert!(!is_good && said.contains(words), "{arguments:?}: {said}");
    }
    let left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(
        left.iter().all(|name| name.to_string_lossy().starts_with("quartier.gpkg")),
        "{left:?}"
    );
}
