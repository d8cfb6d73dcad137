use std::collections::HashMap;

use quartier_model::{Body, CityObject, Form, SurfaceKind};

use crate::{objects, town};

fn bodies(building: &CityObject) -> Vec<&Body> {
    let structure = &building.structure;
    structure.bodies.iter().chain(structure.parts.iter().flat_map(|part| &part.bodies)).collect()
}

#[test]
fn every_building_has_solids_with_ground_walls_and_roof() {
    for building in objects(&town(), "buildings") {
        assert!(!bodies(&building).is_empty(), "{}", building.feature.id);
        for body in bodies(&building) {
            assert_eq!(body.form, Form::Solid);
            for kind in [SurfaceKind::Ground, SurfaceKind::Wall, SurfaceKind::Roof] {
                let has_one = body.surfaces.iter().any(|surface| surface.kind == kind);
                assert!(has_one, "{} has no {kind:?}", building.feature.id);
            }
        }
    }
}

#[test]
fn solids_are_watertight() {
    for building in objects(&town(), "buildings") {
        for body in bodies(&building) {
            let mut edges: HashMap<(u32, u32), u32> = HashMap::new();
            for ring in body.surfaces.iter().flat_map(|surface| &surface.rings) {
                let ways = ring.iter().copied().zip(ring.iter().copied().cycle().skip(1));
                ways.for_each(|way| *edges.entry(way).or_default() += 1);
            }
            let is_closed = edges
                .iter()
                .all(|((from, to), count)| *count == 1 && edges.get(&(*to, *from)) == Some(&1));
            assert!(is_closed, "{}", building.feature.id);
        }
    }
}

#[test]
fn solids_face_outward() {
    for building in objects(&town(), "buildings") {
        for body in bodies(&building) {
            let volume = volume(body);
            assert!(volume > 5.0, "{} has {volume} m3", building.feature.id);
        }
    }
}

/// By the divergence theorem, over fans of triangles: positive where surfaces face outward.
fn volume(body: &Body) -> f64 {
    let origin = body.vertices[0];
    let at = |index: u32| {
        let vertex = body.vertices[index as usize];
        [vertex[0] - origin[0], vertex[1] - origin[1], vertex[2] - origin[2]]
    };
    let cone = |a: [f64; 3], b: [f64; 3], c: [f64; 3]| {
        let cross =
            [b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0]];
        (a[0] * cross[0] + a[1] * cross[1] + a[2] * cross[2]) / 6.0
    };
    let rings = body.surfaces.iter().flat_map(|surface| &surface.rings);
    let of_ring = |ring: &Vec<u32>| {
        let fan = ring[1..].windows(2);
        fan.map(|pair| cone(at(ring[0]), at(pair[0]), at(pair[1]))).sum::<f64>()
    };
    rings.map(of_ring).sum()
}

#[test]
fn heights_are_those_of_houses() {
    for building in objects(&town(), "buildings") {
        let height = building.feature.properties["height_m"].as_f64().unwrap();
        let (low, high) = range(bodies(&building));
        assert!((2.2..75.0).contains(&height), "{} is {height} m high", building.feature.id);
        assert!((high - low - height).abs() < 0.1, "{} says {height}", building.feature.id);
        let storeys = building.feature.properties["storeys"].as_f64().unwrap();
        assert!(height / storeys > 2.2, "{}: {storeys} storeys in {height} m", building.feature.id);
    }
}

fn range(bodies: Vec<&Body>) -> (f64, f64) {
    let heights = bodies.into_iter().flat_map(|body| body.vertices.iter().map(|vertex| vertex[2]));
    heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), z| (low.min(z), high.max(z)))
}

#[test]
fn some_buildings_are_in_parts_with_ids_of_their_own() {
    let in_parts: Vec<CityObject> =
        objects(&town(), "buildings").filter(|it| !it.structure.parts.is_empty()).collect();
    assert!(in_parts.len() > 40, "{}", in_parts.len());
    for building in in_parts {
        let first = &building.structure.parts[0];
        assert_eq!(first.id.as_str(), format!("{}-1", building.feature.id));
        assert!(building.structure.parts.len() > 1);
    }
}
