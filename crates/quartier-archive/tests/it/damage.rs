use std::fs;

use proptest::{collection::vec, prelude::any, proptest, test_runner::Config};
use quartier_archive::{Archive, Container, Error, walk};

use crate::files::{tiles, with_archive, write};

/// Reads everything that there may be; what comes out does not matter.
fn read_all(archive: &Archive) {
    for place in (0..=4).flat_map(|zoom| walk(zoom, |_| true)) {
        let tile = archive.tile(place).ok().flatten();
        tile.map(|tile| archive.unpacked(&tile));
    }
}

proptest! {
    #![proptest_config(Config::with_cases(64))]
    #[test]
    fn no_damage_to_a_file_is_more_than_an_error(
        is_database in any::<bool>(),
        changes in vec((0.0..1.0_f64, any::<u8>(), any::<bool>()), 1..20),
        kept in 0.5..1.0_f64,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("city");
        let container = if is_database { Container::MbTiles } else { Container::PmTiles };
        write(&path, container, &tiles(4));
        let mut bytes = fs::read(&path).unwrap();
        for (share, byte, is_near_the_start) in changes {
            let len = if is_near_the_start { 400 } else { bytes.len() };
            bytes[(share * len as f64) as usize] = byte;
        }
        bytes.truncate((bytes.len() as f64 * kept.max(0.51)) as usize + 1);
        fs::write(&path, bytes).unwrap();
        let _ = with_archive(&path, |archive| read_all(&archive));
    }
}

#[test]
fn a_file_that_is_none_of_tiles_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    for text in ["", "PM", "PMTiles\u{3}", "SQLite format 3\0", "hello"] {
        fs::write(&path, text).unwrap();
        let error = with_archive(&path, |_| ()).unwrap_err();
        assert!(error.to_string().contains("notes.txt"), "{error}");
    }
    assert!(matches!(with_archive(&path, |_| ()), Err(Error::Unknown { .. })));
    assert!(matches!(with_archive(folder.path(), |_| ()), Err(Error::Read { .. })));
}

#[test]
fn a_header_that_reaches_beyond_the_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.pmtiles");
    write(&path, Container::PmTiles, &tiles(3));
    let whole = fs::read(&path).unwrap();
    // The offsets and lengths of the file's parts.
    for field in (8..72).step_by(8) {
        let mut bytes = whole.clone();
        bytes[field..field + 8].fill(0xff);
        fs::write(&path, bytes).unwrap();
        let error = with_archive(&path, |_| ()).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{error}");
    }
}
