use std::{fs, io::BufReader, path::Path, process::Command};

use flatgeobuf::{FallibleStreamingIterator as _, FeatureProperties as _, FgbReader};
use quartier_export::{Error, flatgeobuf as write};
use quartier_model::CityObject;

use crate::city;

fn written(objects: Vec<CityObject>, check: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.fgb");
    let count = objects.len() as u64;
    let summary = write(&path, &city::collection(), objects).unwrap();
    assert_eq!(summary.objects, count);
    assert_eq!(summary.bytes, fs::metadata(&path).unwrap().len());
    check(&path);
}

/// What GDAL says of a file: the second opinion.
fn ogrinfo(path: &Path) -> String {
    let output = Command::new("ogrinfo").args(["-ro", "-al"]).arg(path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn gdal_reads_what_is_written() {
    written((0..40).map(city::flat).collect(), |path| {
        let said = ogrinfo(path);
        for fact in [
            "Layer name: buildings",
            "Geometry: 3D Polygon",
            "Feature Count: 40",
            "ID[\"EPSG\",25832]",
            "id: String",
            "storeys: Integer64",
            "height_m: Real",
            "listed: Integer(Boolean)",
            "uses: String",
            "  name (String) = Bürgerhaus",
            "  height_m (Real) = 6.5",
            "405010 5757010 54.25",
        ] {
            assert!(said.contains(fact), "`{fact}` is missing in {said}");
        }
    });
}

#[test]
fn a_box_is_found_by_the_index() {
    written((0..1_000).map(city::flat).collect(), |path| {
        let file = BufReader::new(fs::File::open(path).unwrap());
        let reader = FgbReader::open(file).unwrap();
        let (west, north) = (405_000.0 + 20.0 * 500.0, 5_757_000.0);
        let mut found = reader.select_bbox(west + 1.0, north, west + 2.0, north + 1.0).unwrap();
        let only = found.next().unwrap().unwrap().property::<String>("id").unwrap();
        assert_eq!(only, "building-500");
        assert!(found.next().unwrap().is_none());
    });
}

#[test]
fn points_and_polygons_at_the_start_make_a_file_of_any_geometry() {
    written(vec![city::flat(1), city::tree(2)], |path| {
        assert!(ogrinfo(path).contains("Geometry: 3D Unknown (any)"));
    });
}

#[test]
fn a_stray_geometry_late_in_a_file_is_refused_by_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.fgb");
    let objects = (0..1_500).map(city::flat).chain([city::tree(7_777)]);
    let error = write(&path, &city::collection(), objects).unwrap_err();
    assert!(matches!(&error, Error::Mixed { id, .. } if id.as_str() == "building-7777"), "{error}");
}

#[test]
fn a_file_of_nothing_can_be_read() {
    written(Vec::new(), |path| assert!(ogrinfo(path).contains("Feature Count: 0")));
}
