use std::fs;

use quartier_export::{Error, city_json_seq, flatgeobuf};

use crate::city;

#[test]
fn a_file_that_cannot_be_made_is_named_with_its_folder() {
    let error = flatgeobuf("/nowhere/town.fgb".as_ref(), &city::collection(), []).unwrap_err();
    assert!(matches!(error, Error::Folder { .. }));
    assert!(error.to_string().starts_with("cannot make a file in /nowhere:"), "{error}");
}

#[test]
fn a_run_that_fails_leaves_the_file_that_was_there_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.fgb");
    fs::write(&path, "as it was").unwrap();
    let mut odd = city::flat(2);
    odd.feature.properties.insert("colour".into(), "red".into());

    let error = flatgeobuf(&path, &city::collection(), [city::flat(1), odd]).unwrap_err();

    assert!(error.to_string().contains("`colour`"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "as it was");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_folder_that_stands_in_the_way_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("folder");
    fs::create_dir(&path).unwrap();
    let error = city_json_seq(&path, &city::collection(), [city::solid(1)]).unwrap_err();
    assert!(matches!(error, Error::Place { .. }), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_summary_counts_objects_and_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.city.jsonl");
    let mut nowhere = city::flat(2);
    nowhere.feature.geometry = None;

    let summary = city_json_seq(&path, &city::collection(), [city::solid(1), nowhere]).unwrap();

    assert_eq!((summary.objects, summary.left_out), (1, 1));
    assert_eq!(summary.bytes, fs::metadata(&path).unwrap().len());
}
