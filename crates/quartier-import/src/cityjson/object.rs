use quartier_model::{ObjectId, Part, Properties, Structure};
use serde_json::{Map, Value};

use super::{
    boundaries::Shapes,
    format::{Object, Templates},
};
use crate::{footprint::footprint, geometry::Shape, intake::Draft};

/// What every object of a file shares.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shared<'a> {
    pub(super) vertices: &'a [[f64; 3]],
    pub(super) templates: Option<&'a Templates>,
}

/// An object with all below it.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) id: String,
    pub(super) object: Object,
    pub(super) children: Vec<Family>,
    /// Children that the file does not have.
    pub(super) missing: usize,
}

pub(super) fn draft(family: Family, shared: Shared<'_>) -> Draft {
    let mut unreadable = 0;
    let mut missing = family.missing;
    let mut shapes = shapes(&family.object, shared, &mut unreadable);
    let bodies = std::mem::take(&mut shapes.bodies);
    let properties = properties(&family.object);
    let parts = family.children.into_iter();
    let parts =
        parts.filter_map(|child| part(child, shared, &mut unreadable, &mut missing)).collect();
    let structure = Structure { bodies, parts };
    let shape = if structure.is_empty() { flat(&shapes) } else { footprint(&structure) };
    let counted = [
        (unreadable, "shape(s) or surface(s) left out that cannot be read"),
        (missing, "child(ren) named that the file does not have"),
    ];
    let notes = counted.iter().filter(|(count, _)| *count > 0);
    Draft {
        id: family.id,
        source_id: None,
        shape,
        properties,
        structure,
        notes: notes.map(|(count, what)| format!("{count} {what}")).collect(),
    }
}

fn part(
    family: Family,
    shared: Shared<'_>,
    unreadable: &mut usize,
    missing: &mut usize,
) -> Option<Part> {
    let Ok(id) = family.id.parse::<ObjectId>() else {
        *unreadable += 1;
        return None;
    };
    *missing += family.missing;
    let bodies = shapes(&family.object, shared, unreadable).bodies;
    let properties = properties(&family.object);
    let parts = family.children.into_iter();
    let parts = parts.filter_map(|child| part(child, shared, unreadable, missing)).collect();
    Some(Part { id, properties, bodies, parts })
}

fn shapes(object: &Object, shared: Shared<'_>, unreadable: &mut usize) -> Shapes {
    let mut shapes = Shapes::default();
    for shape in object.geometry.iter().flatten() {
        shapes.take(shape, shared.vertices, shared.templates);
    }
    *unreadable += shapes.unreadable;
    shapes
}

fn properties(object: &Object) -> Properties {
    let mut properties = Map::new();
    properties.insert("object_type".to_owned(), object.form.as_str().into());
    for (name, value) in object.attributes.iter().flatten().filter(|(_, value)| !value.is_null()) {
        properties.insert(name.clone(), value.clone());
    }
    if let Some(address) = &object.address {
        take_address(address, &mut properties);
    }
    properties
}

/// The keys that files use for the parts of an address; the standard leaves them open.
const ADDRESS_PARTS: &[(&str, &[&str])] = &[
    ("street", &["thoroughfarename", "street", "streetname"]),
    ("house_number", &["thoroughfarenumber", "housenumber", "house_number"]),
    ("postal_code", &["postcode", "postalcode", "zip"]),
    ("locality", &["locality", "localityname", "city"]),
    ("country", &["country", "countryname"]),
];

fn take_address(address: &Value, properties: &mut Properties) {
    let first = if let Value::Array(all) = address { all.first() } else { Some(address) };
    for (key, value) in first.and_then(Value::as_object).into_iter().flatten() {
        let key = key.to_lowercase();
        let part = ADDRESS_PARTS.iter().find(|(_, keys)| keys.contains(&key.as_str()));
        if let Some((name, _)) = part.filter(|_| value.is_string() || value.is_number()) {
            properties.entry(*name).or_insert_with(|| value.clone());
        }
    }
    properties.entry("address").or_insert_with(|| address.clone());
}

/// Points and lines of an object that has no surfaces.
fn flat(shapes: &Shapes) -> Option<Shape> {
    let coord = |position: &[f64; 3]| geo::Coord { x: position[0], y: position[1] };
    let heights = |positions: &[[f64; 3]]| Some(positions.iter().map(|it| it[2]).collect());
    if !shapes.lines.is_empty() {
        let lines = shapes.lines.iter().map(|line| line.iter().map(coord).collect());
        let plane = geo::MultiLineString::new(lines.collect());
        return Some(Shape::new(plane.into(), heights(&shapes.lines.concat())));
    }
    let plane = match shapes.points.as_slice() {
        [] => return None,
        [only] => geo::Point(coord(only)).into(),
        all => geo::MultiPoint::new(all.iter().map(|it| geo::Point(coord(it))).collect()).into(),
    };
    Some(Shape::new(plane, heights(&shapes.points)))
}
