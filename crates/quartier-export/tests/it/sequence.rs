use std::{collections::HashMap, fs};

use quartier_export::city_json_seq;
use quartier_model::CityObject;
use serde_json::Value;

use crate::city;

fn lines(objects: Vec<CityObject>) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.city.jsonl");
    city_json_seq(&path, &city::collection(), objects).unwrap();
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_first_line_says_how_to_read_the_others() {
    let lines = lines(vec![city::solid(1), city::solid(2)]);
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["type"], "CityJSON");
    assert_eq!(lines[0]["version"], "2.0");
    let crs = "https://www.opengis.net/def/crs/EPSG/0/25832";
    assert_eq!(lines[0]["metadata"]["referenceSystem"], crs);
    assert_eq!(lines[1]["type"], "CityJSONFeature");
    assert_eq!(lines[1]["id"], "building-1");
}

#[test]
fn vertices_come_back_to_the_millimetre() {
    let lines = lines(vec![city::solid(1)]);
    let number = |value: &Value| value.as_f64().unwrap();
    let transform = &lines[0]["transform"];
    let vertices = lines[1]["vertices"].as_array().unwrap();
    let back = |vertex: &Value, axis: usize| {
        number(&vertex[axis]) * number(&transform["scale"][axis])
            + number(&transform["translate"][axis])
    };
    assert_eq!(vertices.len(), 8);
    assert!((back(&vertices[6], 0) - 405_020.0).abs() < 1e-6 || back(&vertices[6], 0) > 405_020.0);
    let heights: Vec<f64> = vertices.iter().map(|vertex| back(vertex, 2)).collect();
    assert!(heights.iter().all(|z| (z - 54.25).abs() < 5e-4 || (z - 60.75).abs() < 5e-4));
}

#[test]
fn parts_stand_beside_their_building() {
    let lines = lines(vec![city::in_parts(1)]);
    let objects = &lines[1]["CityObjects"];
    assert_eq!(objects["building-1"]["type"], "Building");
    assert_eq!(objects["building-1"]["attributes"]["name"], "Bürgerhaus");
    assert_eq!(objects["building-1"]["children"][1], "building-1-2");
    assert_eq!(objects["building-1-2"]["type"], "BuildingPart");
    assert_eq!(objects["building-1-2"]["parents"][0], "building-1");
    // Two boxes of eight corners share four.
    assert_eq!(lines[1]["vertices"].as_array().unwrap().len(), 12);
}

#[test]
fn solids_stay_closed_and_their_surfaces_named() {
    let lines = lines(vec![city::solid(1)]);
    let geometry = &lines[1]["CityObjects"]["building-1"]["geometry"][0];
    assert_eq!((&geometry["type"], &geometry["lod"]), (&"Solid".into(), &"2".into()));
    let shell = geometry["boundaries"][0].as_array().unwrap();
    let mut edges: HashMap<(u64, u64), i32> = HashMap::new();
    for ring in shell.iter().flat_map(|surface| surface.as_array().unwrap()) {
        let ring: Vec<u64> =
            ring.as_array().unwrap().iter().map(|at| at.as_u64().unwrap()).collect();
        for (index, from) in ring.iter().enumerate() {
            let to = ring[(index + 1) % ring.len()];
            *edges.entry((*from, to)).or_default() += 1;
        }
    }
    assert!(
        edges.iter().all(|((from, to), count)| *count == 1 && edges.contains_key(&(*to, *from)))
    );
    let semantics = &geometry["semantics"];
    let of_last = semantics["values"][0][5].as_u64().unwrap() as usize;
    assert_eq!(semantics["surfaces"][of_last]["type"], "RoofSurface");
}

#[test]
fn a_building_without_a_solid_shows_its_footprint() {
    let lines = lines(vec![city::flat(1)]);
    let geometry = &lines[1]["CityObjects"]["building-1"]["geometry"][0];
    assert_eq!((&geometry["type"], &geometry["lod"]), (&"MultiSurface".into(), &"0".into()));
    assert_eq!(geometry["boundaries"][0][0].as_array().unwrap().len(), 4);
}
