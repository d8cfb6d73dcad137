use std::fs;

use quartier_archive::{Container, Error, Place, Writer};

use crate::files::{about, tiles, with_archive, write};

#[test]
fn a_file_gives_back_the_tiles_that_it_was_written_with_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    // Nine zooms have 87,381 places: the PMTiles have leaf directories.
    for (container, zooms) in [(Container::PmTiles, 8), (Container::MbTiles, 5)] {
        let (path, tiles) = (folder.path().join("city"), tiles(zooms));
        let written = write(&path, container, &tiles);
        assert_eq!(written.tiles, tiles.len() as u64);
        assert_eq!(written.bytes, fs::metadata(&path).unwrap().len());
        let read = move |archive: quartier_archive::Archive| {
            assert_eq!(archive.about, about());
            let places = (0..=zooms + 1).flat_map(|zoom| quartier_archive::walk(zoom, |_| true));
            let is_asked = |place: &Place| place.z() <= zooms || place.number().is_multiple_of(50);
            for place in places.filter(is_asked) {
                let tile = archive.tile(place).unwrap();
                let expected = tiles.get(&place.number()).map(|(_, tile)| &tile[..]);
                assert_eq!(tile.as_deref(), expected, "{container:?} {place:?}");
            }
            let (place, tile) = &tiles[&1];
            let unpacked = archive.unpacked(&archive.tile(*place).unwrap().unwrap()).unwrap();
            assert_eq!(quartier_archive::gzip(&unpacked), *tile);
        };
        with_archive(&path, read).unwrap();
    }
}

#[test]
fn tiles_that_are_alike_stand_in_a_file_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sea.pmtiles");
    let mut tiles = tiles(6);
    let sea = quartier_archive::gzip(&vec![7; 100_000]);
    for (_, tile) in tiles.values_mut() {
        tile.clone_from(&sea);
    }
    assert!(write(&path, Container::PmTiles, &tiles).bytes < 30_000);
}

#[test]
fn a_file_has_its_name_when_it_is_whole_and_leaves_nothing_before() {
    let folder = tempfile::tempdir().unwrap();
    for container in [Container::PmTiles, Container::MbTiles] {
        let path = folder.path().join("city");
        fs::write(&path, "what stood there before").unwrap();
        let mut writer = Writer::create(&path, container, &about()).unwrap();
        writer.add(Place::new(0, 0, 0).unwrap(), b"tile").unwrap();
        drop(writer);
        assert_eq!(fs::read(&path).unwrap(), b"what stood there before");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        write(&path, container, &tiles(1));
        with_archive(&path, |_| ()).unwrap();
    }
}

#[test]
fn a_place_outside_of_its_zoom_is_none() {
    assert!(matches!(Place::new(3, 8, 0), Err(Error::NoSuchTile { z: 3, x: 8, y: 0 })));
    assert!(Place::new(200, 0, 0).is_err());
    assert!(Place::new(31, u32::MAX / 2, u32::MAX / 2).is_ok());
}
