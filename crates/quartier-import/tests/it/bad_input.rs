use std::{fs, ops::ControlFlow, path::Path};

use quartier_import::{Error, ReadOptions, Record, inputs};

use crate::support::{converted, data, file, in_crs, read, source};

fn refusal(path: &Path) -> String {
    read(path, &ReadOptions::default()).unwrap_err().to_string()
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = inputs(&["/nowhere/a.gpkg".to_owned()]).unwrap_err();
    assert_eq!(error.to_string(), "`/nowhere/a.gpkg` is not there: check the path");
    let error = inputs(&["/nowhere/*.gpkg".to_owned()]).unwrap_err();
    assert_eq!(error.to_string(), "`/nowhere/*.gpkg` matches no file");
}

#[test]
fn a_folder_without_data_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = inputs(&[folder.path().display().to_string()]).unwrap_err();
    assert!(error.to_string().ends_with("holds no file that can be imported"), "{error}");
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    for name in ["a.geojson", "a.gpkg", "a.gml", "a.csv"] {
        let (_folder, path) = file(name, "");
        assert!(refusal(&path).ends_with("is empty"), "{name}");
    }
}

#[test]
fn a_file_in_no_known_format_is_refused() {
    for (name, content) in [
        ("a.gpkg", "not a database"),
        ("a.geojson", "{\"a\":"),
        ("a.txt", "text"),
        ("a.fgb", "fgb"),
    ] {
        let (_folder, path) = file(name, content);
        assert!(
            refusal(&path).contains("is in no format that can be imported"),
            "{name}: {}",
            refusal(&path)
        );
    }
}

#[test]
fn a_file_without_a_crs_is_refused_until_one_is_given() {
    let Some(districts) = data("muenster/districts_l1.geojson") else { return };
    let (_folder, path) = converted(&districts, "d.shp", &[]);
    fs::remove_file(path.with_extension("prj")).unwrap();
    let error = source(&path, &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, Error::NoCrs { .. }), "{error}");
    assert_eq!(read(&path, &in_crs("EPSG:4326")).unwrap().objects.len(), 9);
    let error = source(&path, &in_crs("EPSG:123456")).unwrap_err();
    assert!(error.to_string().contains("`EPSG:123456` is no CRS that can be used"), "{error}");
}

#[test]
fn an_unknown_id_field_is_refused_with_the_fields_that_there_are() {
    let Some(districts) = data("muenster/districts_l1.geojson") else { return };
    let options = ReadOptions { id_field: Some("nope".to_owned()), ..ReadOptions::default() };
    let error = source(&districts, &options).unwrap_err();
    assert!(error.to_string().contains("has no field `nope` for --id; it has: "), "{error}");
}

#[test]
fn an_id_that_comes_twice_is_taken_once() {
    let point = r#"{"type":"Feature","id":"a","properties":{},"geometry":{"type":"Point","coordinates":[7,51]}}"#;
    let (_folder, path) = file(
        "twice.geojson",
        format!(r#"{{"type":"FeatureCollection","features":[{point},{point}]}}"#),
    );
    let taken = read(&path, &ReadOptions::default()).unwrap();
    assert_eq!(taken.objects.len(), 1);
    assert_eq!(
        taken.rejected,
        [(Some("a".to_owned()), "the id stands twice in the file: this is the second".to_owned())]
    );
}

#[test]
fn coordinates_that_are_no_numbers_are_rejected() {
    let (_folder, path) = file("nan.csv", "name,lon,lat\na,NaN,51\nb,inf,51\nc,7,51\n");
    let taken = read(&path, &ReadOptions::default()).unwrap();
    assert_eq!((taken.objects.len(), taken.rejected.len()), (1, 2));
    assert!(taken.rejected[0].1.contains("not a finite number"), "{:?}", taken.rejected);
}

#[test]
fn a_flat_geobuf_file_that_is_cut_off_is_no_success() {
    let Some(districts) = data("muenster/districts_l3.geojson") else { return };
    let (_folder, path) = converted(&districts, "d.fgb", &[]);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() * 2 / 3]).unwrap();
    let error = refusal(&path);
    assert!(error.contains("cannot be read past") || error.contains("no format"), "{error}");
}

#[test]
fn a_shapefile_that_is_cut_off_is_no_success() {
    let Some(districts) = data("muenster/districts_l3.geojson") else { return };
    let (_folder, path) = converted(&districts, "d.shp", &[]);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() * 2 / 3]).unwrap();
    match read(&path, &ReadOptions::default()) {
        Ok(taken) => assert!(!taken.rejected.is_empty(), "{}", taken.objects.len()),
        Err(error) => assert!(error.to_string().contains("cannot be read past"), "{error}"),
    }
}

#[test]
fn a_geojson_file_that_is_cut_off_is_no_success() {
    let Some(blocks) = data("muenster/heat_blocks.geojson") else { return };
    let bytes = fs::read(&blocks).unwrap();
    let (_folder, path) = file("cut.geojson", &bytes[..bytes.len() * 2 / 3]);
    assert!(read(&path, &ReadOptions::default()).is_err());
}

#[test]
fn a_city_model_that_is_cut_off_is_an_error_that_names_the_byte() {
    let Some(tile) = data("nrw-lod2/LoD2_32_333_5728_1_NW.gml") else { return };
    let bytes = fs::read(&tile).unwrap();
    for share in [3, 5, 7] {
        let (_folder, path) = file("cut.gml", &bytes[..bytes.len() * share / 8]);
        let error = refusal(&path);
        assert!(error.contains("cannot be read past byte"), "{error}");
    }
}

#[test]
fn city_json_that_is_cut_off_is_an_error_that_names_the_line() {
    let Some(delft) = data("models/delft.json") else { return };
    let bytes = fs::read(&delft).unwrap();
    let (_folder, path) = file("cut.json", &bytes[..bytes.len() / 2]);
    assert!(refusal(&path).contains("cannot be read past line 1"), "{}", refusal(&path));
}

const HEAD: &str = r#"<?xml version="1.0"?><core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" xmlns:gml="http://www.opengis.net/gml">
<gml:boundedBy><gml:Envelope srsName="EPSG:25832"/></gml:boundedBy>"#;

#[test]
fn entity_bombs_and_external_entities_are_refused() {
    let doctype = r#"<!DOCTYPE bomb [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>"#;
    let text = HEAD.replace("<core:", &format!("{doctype}<core:"));
    let (_folder, path) = file("bomb.gml", format!("{text}</core:CityModel>"));
    assert!(refusal(&path).contains("DOCTYPE"), "{}", refusal(&path));
    let named = format!(
        "{HEAD}<core:cityObjectMember><a><name>&b;</name></a></core:cityObjectMember></core:CityModel>"
    );
    let (_folder, path) = file("entity.gml", named);
    assert!(refusal(&path).contains("`&b;` is an entity"), "{}", refusal(&path));
}

#[test]
fn elements_nested_without_end_are_refused() {
    let deep = format!("{HEAD}<core:cityObjectMember>{}", "<a>".repeat(100_000));
    let (_folder, path) = file("deep.gml", deep);
    assert!(
        refusal(&path).contains("the depth of its elements exceeds the limit"),
        "{}",
        refusal(&path)
    );
}

#[test]
fn links_that_multiply_are_cut_short() {
    let mut text = format!(
        "{HEAD}<core:cityObjectMember><Building gml:id=\"b\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"><lod2MultiSurface><MultiSurface gml:id=\"s0\">"
    );
    for level in 0..30 {
        let link = format!("<surfaceMember xlink:href=\"#s{}\"/>", level + 1);
        text.push_str(&link.repeat(10));
        let between =
            "</MultiSurface></lod2MultiSurface><lod2MultiSurface><MultiSurface gml:id=\"s";
        text.extend([between, (level + 1).to_string().as_str(), "\">"]);
    }
    text.push_str(
        "</MultiSurface></lod2MultiSurface></Building></core:cityObjectMember></core:CityModel>",
    );
    let (_folder, path) = file("links.gml", text);
    let taken = read(&path, &ReadOptions::default()).unwrap();
    assert!(taken.repaired[0].1.contains("link too deep"), "{:?}", taken.repaired);
}

#[test]
fn deep_city_json_is_refused_and_a_circle_of_parents_is_rejected() {
    let head = r#"{"type":"CityJSON","version":"2.0","metadata":{"referenceSystem":"https://www.opengis.net/def/crs/EPSG/0/28992"},"vertices":[],"CityObjects":{"#;
    let deep = format!(
        "{head}\"a\":{{\"type\":\"Building\",\"attributes\":{{\"x\":{}1{}}}}}}}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let (_folder, path) = file("deep.json", deep);
    assert!(refusal(&path).contains("recursion limit"), "{}", refusal(&path));
    let circle = format!(
        "{head}\"a\":{{\"type\":\"BuildingPart\",\"parents\":[\"b\"],\"children\":[\"b\"]}},\"b\":{{\"type\":\"BuildingPart\",\"parents\":[\"a\"],\"children\":[\"a\"]}}}}}}"
    );
    let (_folder, path) = file("circle.json", circle);
    let taken = read(&path, &ReadOptions::default()).unwrap();
    assert_eq!((taken.objects.len(), taken.rejected.len()), (0, 2), "{:?}", taken.objects);
}

#[test]
fn the_sink_can_stop_reading() {
    let Some(tile) = data("nrw-lod2/LoD2_32_333_5728_1_NW.gml") else { return };
    let mut count = 0;
    let mut sink = |_: Record| {
        count += 1;
        if count == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    source(&tile, &ReadOptions::default()).unwrap().read(&mut sink).unwrap();
    assert_eq!(count, 3);
}
