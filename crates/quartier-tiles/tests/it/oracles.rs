//! The same feature, written by the `mvt` crate and read by GDAL.

use std::{fs, process::Command};

use fast_mvt::MvtReaderRef;
use geo_types::{LineString, MultiPoint, Polygon};
use mvt::{GeomEncoder, GeomType, Tile};
use quartier_tiles::{Detail, Layer, Value, encode};

use crate::shapes::{polygon, ring};

#[test]
fn geometry_is_written_as_the_mvt_crate_writes_it() {
    let square = [(10.0, 10.0), (20.0, 10.0), (20.0, 20.0), (10.0, 20.0)];
    let line: LineString<f64> = vec![(2.0, 2.0), (2.0, 10.0), (10.0, 10.0)].into();
    let points: MultiPoint<f64> = vec![(5.0, 7.0), (3.0, 2.0)].into();
    let cases = [
        (polygon(&square), GeomType::Polygon, square.to_vec()),
        (line.clone().into(), GeomType::Linestring, line.into_iter().map(|c| c.x_y()).collect()),
        (
            points.clone().into(),
            GeomType::Point,
            points.into_iter().map(geo_types::Point::x_y).collect(),
        ),
    ];
    for (geometry, kind, coords) in cases {
        let mut layer = Layer::new("shapes", Detail::FULL);
        layer.push(1, &geometry, [("name", Value::Text("one"))]);
        assert_eq!(commands(&encode(&[layer])), commands(&by_mvt(kind, &coords)), "{geometry:?}");
    }
}

fn by_mvt(kind: GeomType, coords: &[(f64, f64)]) -> Vec<u8> {
    let mut tile = Tile::new(4096);
    let mut encoder = GeomEncoder::new(kind);
    for &(x, y) in coords {
        encoder.add_point(x, y).unwrap();
    }
    let mut feature = tile.create_layer("shapes").into_feature(encoder.encode().unwrap());
    feature.add_tag_string("name", "one");
    tile.add_layer(feature.into_layer()).unwrap();
    tile.to_bytes().unwrap()
}

fn commands(tile: &[u8]) -> Vec<u32> {
    let reader = MvtReaderRef::new(tile).unwrap();
    let layer = reader.layers().next().unwrap();
    layer.features().next().unwrap().geometry_commands().to_vec()
}

#[test]
fn gdal_reads_what_was_written() {
    let mut layer = Layer::new("buildings", Detail::FULL);
    let court = ring(&[(1000.0, 1000.0), (1000.0, 2000.0), (2000.0, 2000.0), (2000.0, 1000.0)]);
    let walls = ring(&[(0.0, 0.0), (4096.0, 0.0), (4096.0, 4096.0), (0.0, 4096.0)]);
    let properties = [
        ("name", Value::Text("Schloß")),
        ("height_m", Value::Number(12.0)),
        ("storeys", Value::Integer(3)),
        ("listed", Value::Boolean(true)),
    ];
    layer.push(77, &Polygon::new(walls, vec![court]).into(), properties);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("0/0/0.pbf");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, encode(&[layer])).unwrap();
    let output = Command::new("ogrinfo").arg("-al").arg(&path).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    for line in [
        "Feature Count: 1",
        "mvt_id (Integer64) = 77",
        "name (String) = Schloß",
        "height_m (Real) = 12",
        "storeys (Integer) = 3",
        "listed (Integer(Boolean)) = 1",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
