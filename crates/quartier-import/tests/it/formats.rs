use std::{fs, ops::ControlFlow, process::Command};

use geo::Area as _;
use quartier_import::{Error, Expected, ReadOptions, Record, inputs};
use quartier_model::PropertyKind;
use serde_json::json;

use crate::support::{asked, converted, data, file, in_crs, read, source};

const KINDS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","id":"Ä-1","properties":{"whole":7,"real":0.5,"yes":true,"list":[1,2],"words":["a","b"],"deep":{"x":[1]},
 "day":"2020-01-31","instant":"2020-01-31T10:00:00Z","local":"2020-01-31T10:00:00","text":"Straße"},
 "geometry":{"type":"Point","coordinates":[7.5,51.5,60.25]}},
{"type":"Feature","id":"Ä-2","properties":{"whole":null,"deep":[]},"geometry":null}]}"#;

#[test]
fn geojson_keeps_ids_kinds_heights_and_objects_without_geometry() {
    let (_folder, path) = file("kinds.geojson", KINDS);
    let opened = source(&path, &ReadOptions::default()).unwrap();
    assert_eq!((opened.name.as_str(), opened.crs.definition.as_str()), ("kinds", "OGC:CRS84"));
    assert_eq!(opened.expected, Some(Expected::Features(2)));
    let kinds: Vec<_> =
        opened.schema.properties.iter().map(|it| (it.name.as_str(), it.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("whole", PropertyKind::Integer),
            ("real", PropertyKind::Number),
            ("yes", PropertyKind::Boolean),
            ("list", PropertyKind::Json),
            ("words", PropertyKind::Json),
            ("deep", PropertyKind::Json),
            ("day", PropertyKind::Date),
            ("instant", PropertyKind::DateTime),
            ("local", PropertyKind::Text),
            ("text", PropertyKind::Text),
        ]
    );
    let taken = read(&path, &ReadOptions::default()).unwrap();
    let first = &taken.object("Ä-1").feature;
    assert_eq!(first.geometry.as_ref().unwrap().heights(), Some([60.25].as_slice()));
    assert_eq!(
        json!(first.properties),
        json!({"whole": 7, "real": 0.5, "yes": true, "list": [1, 2], "words": ["a", "b"], "deep": {"x": [1]},
            "day": "2020-01-31", "instant": "2020-01-31T10:00:00Z", "local": "2020-01-31T10:00:00", "text": "Straße"})
    );
    let second = &taken.object("Ä-2").feature;
    assert_eq!((second.geometry.is_none(), json!(second.properties)), (true, json!({"deep": []})));
}

#[test]
fn ids_come_from_a_field_or_from_the_format_or_from_layer_and_number() {
    let numbered = KINDS.replace("\"Ä-1\"", "17").replace("\"Ä-2\"", "18");
    let (_folder, path) = file("numbered.geojson", numbered);
    assert!(read(&path, &ReadOptions::default()).unwrap().objects[0].feature.id.as_str() == "17");
    let options = ReadOptions { id_field: Some("whole".to_owned()), ..ReadOptions::default() };
    let taken = read(&path, &options).unwrap();
    assert_eq!(taken.only().feature.id.as_str(), "7");
    assert_eq!(taken.rejected[0].1, "it has no `whole` for its id");
    let (_folder, path) =
        file("plain.geojson", KINDS.replace("\"id\":\"Ä-1\",", "").replace("\"id\":\"Ä-2\",", ""));
    assert_eq!(
        read(&path, &ReadOptions::default()).unwrap().objects[0].feature.id.as_str(),
        "plain.0"
    );
}

#[test]
fn every_format_gives_the_same_objects() {
    let Some(districts) = data("muenster/districts_l1.geojson") else { return };
    let original = read(&districts, &ReadOptions::default()).unwrap();
    let area = |taken: &crate::support::Taken| -> f64 {
        let geometry = taken.objects.iter().filter_map(|object| object.feature.geometry.as_ref());
        geometry.map(|geometry| geometry.plane().unsigned_area()).sum()
    };
    for name in ["d.gpkg", "d.shp", "d.fgb", "d.geojsonl", "d.gml", "d.csv"] {
        let arguments: &[&str] = match name {
            "d.csv" => &["-lco", "GEOMETRY=AS_WKT"],
            "d.shp" => &["-lco", "ENCODING=ISO-8859-1"],
            _ => &[],
        };
        let (_folder, path) = converted(&districts, name, arguments);
        let options = if name == "d.csv" { in_crs("OGC:CRS84") } else { ReadOptions::default() };
        let taken = read(&path, &options).unwrap();
        assert_eq!(taken.objects.len(), original.objects.len(), "{name}: {:?}", taken.rejected);
        assert!((area(&taken) / area(&original) - 1.0).abs() < 1e-9, "{name}");
        let texts = |taken: &crate::support::Taken| {
            let mut texts: Vec<String> = taken
                .objects
                .iter()
                .flat_map(|object| object.feature.properties.values())
                .filter_map(|value| value.as_str())
                .filter(|text| text.chars().any(char::is_alphabetic))
                .map(str::to_owned)
                .collect();
            texts.sort();
            texts
        };
        assert_eq!(texts(&taken), texts(&original), "{name}");
        assert!(
            !path.with_extension("gfs").exists(),
            "{name}: nothing is written beside the user's file"
        );
    }
}

#[test]
fn counts_and_areas_are_those_that_gdal_finds() {
    let Some(blocks) = data("muenster/heat_blocks.geojson") else { return };
    let taken = read(&blocks, &ReadOptions::default()).unwrap();
    assert_eq!(taken.objects.len() + taken.rejected.len(), 6_462);
    assert_eq!(taken.rejected, []);
    let repaired: Vec<&str> = taken.repaired.iter().map(|(id, _)| id.as_str()).collect();
    let invalid =
        asked(&blocks, "select count(*) as n from heat_blocks where not ST_IsValid(geometry)");
    assert!(invalid.contains("= 6"), "{invalid}");
    let mended = taken
        .repaired
        .iter()
        .filter(|(_, note)| note.contains("mended") || note.contains("united"));
    assert_eq!(mended.count(), 6, "{repaired:?}");
    let theirs = asked(
        &blocks,
        "select sum(ST_Area(geometry)) as a from heat_blocks where ST_IsValid(geometry)",
    );
    let theirs: f64 =
        theirs.split('=').nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
    let is_mended = |id: &str| {
        taken
            .repaired
            .iter()
            .any(|(it, note)| it == id && (note.contains("mended") || note.contains("united")))
    };
    let ours: f64 = taken
        .objects
        .iter()
        .filter(|object| !is_mended(object.feature.id.as_str()))
        .map(|object| object.feature.geometry.as_ref().unwrap().plane().unsigned_area())
        .sum();
    assert!((ours / theirs - 1.0).abs() < 1e-9, "{ours} {theirs}");
}

#[test]
fn a_ward_of_tokyo_is_read_whole_from_an_xz_archive() {
    let Some(ward) = data("tokyo/tokyo_setagaya_162k.fgb.xz") else { return };
    let opened = source(&ward, &ReadOptions::default()).unwrap();
    assert_eq!(opened.expected, Some(Expected::Features(162_231)));
    let (mut objects, mut digits_max) = (0, 0);
    let mut sink = |record| {
        let Record::Object { object, repaired: None } = record else { panic!("{record:?}") };
        objects += 1;
        // The file has 32-bit numbers: 8.1 must not become 8.100000381469727.
        digits_max = digits_max.max(object.feature.properties["height_m"].to_string().len());
        ControlFlow::Continue(())
    };
    opened.read(&mut sink).unwrap();
    assert_eq!(objects, 162_231);
    assert!(digits_max <= 8, "{digits_max}");
}

#[test]
fn a_table_is_typed_only_where_nothing_is_lost() {
    let mut rows =
        "key,count,share,big,day,lon,lat\n00105,1,0.5,12345678901234567890,2020-01-31,7.5,51.5\n"
            .to_owned();
    rows.push_str(
        "17,2,3,1,2020-02-01,\"7,6\",51.6\n18,3,4,2,2020-02-02,,\n19,4,5,3,2020-02-03,east,51\n",
    );
    let (_folder, path) = file("rows.csv", rows);
    let opened = source(&path, &ReadOptions::default()).unwrap();
    assert_eq!(opened.crs.definition, "OGC:CRS84");
    let kinds: Vec<_> =
        opened.schema.properties.iter().map(|it| (it.name.as_str(), it.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("key", PropertyKind::Text),
            ("count", PropertyKind::Integer),
            ("share", PropertyKind::Number),
            ("big", PropertyKind::Text),
            ("day", PropertyKind::Date),
        ]
    );
    let taken = read(&path, &ReadOptions::default()).unwrap();
    assert_eq!(taken.objects[0].feature.properties["key"], "00105");
    assert_eq!(taken.objects[1].feature.geometry.as_ref().unwrap().coords()[0].x, 7.6);
    assert!(taken.objects[2].feature.geometry.is_none());
    assert_eq!(taken.rejected[0].1, "`lon` is `east`, which is no number");
}

#[test]
fn a_table_with_eastings_needs_a_crs() {
    let (_folder, path) = file("rows.csv", "name;Rechtswert;Hochwert\nA;405000,5;5757000\n");
    let error = source(&path, &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, Error::NoCrs { .. }), "{error}");
    let taken = read(&path, &in_crs("EPSG:25832")).unwrap();
    assert_eq!(taken.only().feature.geometry.as_ref().unwrap().coords()[0].x, 405_000.5);
}

#[test]
fn addresses_keep_their_leading_zeros() {
    let Some(addresses) = data("muenster/addresses.csv.gz") else { return };
    let taken = read(&addresses, &ReadOptions::default()).unwrap();
    assert_eq!((taken.objects.len(), taken.rejected.len()), (65_036, 0));
    assert_eq!(taken.objects[0].feature.properties["Street_ID"], "00105");
}

#[test]
fn curves_come_as_lines() {
    let rows = "name,wkt\na,\"CURVEPOLYGON (CIRCULARSTRING (0 0, 1 1, 2 0, 1 -1, 0 0))\"\n";
    let (_folder, path) = file("curves.csv", rows);
    let (_folder, path) = converted(
        &path,
        "curves.gpkg",
        &["-a_srs", "EPSG:25832", "-oo", "GEOM_POSSIBLE_NAMES=wkt", "-nlt", "CURVEPOLYGON"],
    );
    let taken = read(&path, &ReadOptions::default()).unwrap();
    let area = taken.only().feature.geometry.as_ref().unwrap().plane().unsigned_area();
    assert!((area - std::f64::consts::PI).abs() < 0.01, "{area}");
}

#[test]
fn folders_globs_and_archives_are_looked_into() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("deep")).unwrap();
    for name in ["b.geojson", "deep/a.geojson", "notes.txt"] {
        fs::write(folder.path().join(name), KINDS).unwrap();
    }
    let path = |name: &str| folder.path().join(name).display().to_string();
    for archive in [
        "tar cf all.tar b.geojson deep",
        "tar czf all.tgz b.geojson deep",
        "tar cJf all.txz b.geojson deep",
    ] {
        let done = Command::new("sh").args(["-c", archive]).current_dir(folder.path()).status();
        assert!(done.unwrap().success());
    }
    assert_eq!(inputs(&[path("deep"), path("*.geojson")]).unwrap().len(), 2);
    let member = inputs(&[format!("/vsitar/{}/deep/a.geojson", path("all.tar"))]).unwrap();
    assert!(member.len() == 1 && member[0].name.ends_with("all.tar/deep/a.geojson"), "{member:?}");
    for archive in ["all.tar", "all.tgz", "all.txz"] {
        let inside = inputs(&[path(archive)]).unwrap();
        assert_eq!(inside.len(), 2, "{archive}");
        assert!(inside[0].name.ends_with("/b.geojson"), "{}", inside[0].name);
    }
    assert_eq!(inputs(&[path("")]).unwrap().len(), 2 + 3 * 2);
}

#[test]
fn of_several_layers_one_must_be_named() {
    let Some(countries) = data("ogc/cql2/data/ne110m4cql2.gpkg") else { return };
    let error = source(&countries, &ReadOptions::default()).unwrap_err();
    assert!(error.to_string().contains("ne_110m_rivers_lake_centerlines"), "{error}");
    let layer = |name: &str| ReadOptions { layer: Some(name.to_owned()), ..ReadOptions::default() };
    let error = source(&countries, &layer("lakes")).unwrap_err();
    assert!(
        error.to_string().contains("has no layer `lakes`; it has: ne_110m_admin_0_countries"),
        "{error}"
    );
    let taken = read(&countries, &layer("ne_110m_admin_0_countries")).unwrap();
    assert_eq!((taken.objects.len(), taken.rejected.len()), (177, 0));
}
