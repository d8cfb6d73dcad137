//! A small city to write.

use geo_types::{Point, polygon};
use quartier_model::{
    Body, CityObject, Collection, Crs, Feature, Form, Geometry, Lod, Part, Properties, Property,
    PropertyKind, Structure, Surface, SurfaceKind, TimeRange,
};
use serde_json::json;

const EAST: f64 = 405_000.0;
const NORTH: f64 = 5_757_000.0;

pub(crate) fn collection() -> Collection {
    let mut collection = Collection::new("buildings".parse().unwrap(), Crs::Epsg(25832));
    let kinds = [
        ("name", PropertyKind::Text),
        ("storeys", PropertyKind::Integer),
        ("height_m", PropertyKind::Number),
        ("listed", PropertyKind::Boolean),
        ("uses", PropertyKind::Json),
    ];
    let properties = kinds.map(|(name, kind)| Property::new(name, kind));
    collection.schema.properties = properties.into();
    collection
}

pub(crate) fn properties() -> Properties {
    let properties = json!({
        "name": "Bürgerhaus",
        "storeys": 2,
        "height_m": 6.5,
        "listed": true,
        "uses": ["hall", "library"],
    });
    properties.as_object().unwrap().clone()
}

/// A footprint of ten by ten metres with its height, further east with each number.
pub(crate) fn flat(number: u32) -> CityObject {
    let (x, y) = (EAST + f64::from(number) * 20.0, NORTH);
    let square = polygon![(x: x, y: y), (x: x + 10.0, y: y), (x: x + 10.0, y: y + 10.0), (x: x, y: y + 10.0)];
    let geometry = Geometry::with_heights(square.into(), vec![54.25; 5]).unwrap();
    Feature {
        id: format!("building-{number}").parse().unwrap(),
        source_id: None,
        geometry: Some(geometry),
        properties: properties(),
        valid: TimeRange::ALWAYS,
    }
    .into()
}

/// The same with a solid.
pub(crate) fn solid(number: u32) -> CityObject {
    let structure = Structure { bodies: vec![cube(number, 0.0)], parts: Vec::new() };
    CityObject { structure, ..flat(number) }
}

/// The same in two parts.
pub(crate) fn in_parts(number: u32) -> CityObject {
    let part = |index: u32| Part {
        id: format!("building-{number}-{index}").parse().unwrap(),
        properties: Properties::new(),
        bodies: vec![cube(number, f64::from(index - 1) * 5.0)],
        parts: Vec::new(),
    };
    let structure = Structure { bodies: Vec::new(), parts: vec![part(1), part(2)] };
    CityObject { structure, ..flat(number) }
}

pub(crate) fn tree(number: u32) -> CityObject {
    let at = Point::new(EAST + f64::from(number), NORTH);
    let mut tree = flat(number);
    tree.feature.geometry = Some(Geometry::with_heights(at.into(), vec![54.25]).unwrap());
    tree
}

fn cube(number: u32, offset: f64) -> Body {
    let x = EAST + f64::from(number) * 20.0 + offset;
    let corners = [(0.0, 0.0), (5.0, 0.0), (5.0, 10.0), (0.0, 10.0)];
    let at = |height: f64| corners.map(|(dx, dy)| [x + dx, NORTH + dy, height]);
    let faces: [(SurfaceKind, [u32; 4]); 6] = [
        (SurfaceKind::Ground, [0, 3, 2, 1]),
        (SurfaceKind::Wall, [0, 1, 5, 4]),
        (SurfaceKind::Wall, [1, 2, 6, 5]),
        (SurfaceKind::Wall, [2, 3, 7, 6]),
        (SurfaceKind::Wall, [3, 0, 4, 7]),
        (SurfaceKind::Roof, [4, 5, 6, 7]),
    ];
    let surface =
        |(kind, ring): (_, [u32; 4])| Surface { kind, rings: vec![ring.into()], shell: 0 };
    Body {
        lod: Lod::level(2),
        form: Form::Solid,
        vertices: [at(54.25), at(60.75)].concat(),
        surfaces: faces.map(surface).into(),
    }
}
