use quartier_model::{Part, Properties, Structure};
use serde_json::{Map, Value};

use super::{
    address,
    bodies::{self, Shells},
    properties,
    surfaces::{Axes, Surfaces},
    tree::Node,
};
use crate::{footprint::footprint, geometry::Shape, intake::Draft};

/// Parts in parts; the standard has two levels.
const PART_DEPTH_MAX: usize = 16;

/// Thematic surfaces and openings: these belong to the object's own shape, everything else with a shape is a part.
const BOUNDARIES: &[&str] = &["boundedBy", "boundary", "opening", "fillingSurface"];

/// Reads one city object. The id is empty where the file gives none.
pub(crate) fn draft(object: Node<'_>, axes: Axes) -> Draft {
    let mut surfaces = Surfaces::new(object, axes);
    let mut losses = Losses::default();
    let whole = Piece::read(object, &mut surfaces, &mut losses, 0);
    let structure = Structure { bodies: whole.bodies, parts: whole.parts };
    let shape = if structure.is_empty() {
        flat_shape(object, &mut surfaces)
    } else {
        footprint(&structure)
    };
    losses.dangling = surfaces.dangling;
    losses.unreadable = surfaces.unreadable;
    losses.is_exhausted |= surfaces.exhausted;
    Draft {
        id: object.attribute("id").unwrap_or_default().to_owned(),
        source_id: None,
        shape,
        properties: whole.properties,
        structure,
        notes: losses.notes(),
    }
}

/// What could not be taken over, for the report.
#[derive(Default)]
struct Losses {
    degenerate: usize,
    dangling: usize,
    unreadable: usize,
    templates: usize,
    is_exhausted: bool,
}

struct Piece {
    properties: Properties,
    bodies: Vec<quartier_model::Body>,
    parts: Vec<Part>,
}

impl Piece {
    fn read<'a>(
        node: Node<'a>,
        surfaces: &mut Surfaces<'a>,
        losses: &mut Losses,
        depth: usize,
    ) -> Self {
        let mut values = Map::new();
        values.insert("object_type".to_owned(), node.name().into());
        let mut shells = Shells::default();
        let mut inner = Vec::new();
        let mut addresses = Vec::new();
        for child in node.children() {
            match child.name() {
                "address" => addresses.extend(address::read(child)),
                name if BOUNDARIES.contains(&name) => {
                    child.children().for_each(|surface| shells.take_boundary(surface));
                }
                name => match bodies::shape(name) {
                    Some(bodies::Shape::Implicit) => losses.templates += 1,
                    Some(_) => shells.take(child, None),
                    None if is_part(child) => inner.extend(child.children()),
                    None => properties::take(child, &mut values),
                },
            }
        }
        address::put(&addresses, &mut values);
        let bodies = shells.bodies(surfaces, &mut losses.degenerate);
        let own_id = node.attribute("id").unwrap_or_default();
        let parts = inner.into_iter().enumerate();
        let parts = parts.filter_map(|(at, part)| {
            if depth >= PART_DEPTH_MAX {
                losses.is_exhausted = true;
                return None;
            }
            let piece = Self::read(part, surfaces, losses, depth + 1);
            let id =
                part.attribute("id").map_or_else(|| format!("{own_id}.{}", at + 1), str::to_owned);
            let id = id.parse().or_else(|_| format!("{}", at + 1).parse()).ok()?;
            let Self { properties, bodies, parts } = piece;
            Some(Part { id, properties, bodies, parts })
        });
        let parts = parts.collect();
        Self { properties: values, bodies, parts }
    }
}

/// Whether the property holds an object with a shape of its own: a part, an installation, a room.
fn is_part(property: Node<'_>) -> bool {
    let Some(object) = property.first() else { return false };
    object.name().chars().next().is_some_and(char::is_uppercase)
        && object.descendants().any(|node| bodies::shape(node.name()).is_some())
}

/// Points and lines of objects that have no surfaces; the reference point of a template.
fn flat_shape<'a>(object: Node<'a>, surfaces: &mut Surfaces<'a>) -> Option<Shape> {
    let shapes = object.children().filter(|child| bodies::shape(child.name()).is_some());
    let mut lines = Vec::new();
    let mut points = Vec::new();
    for node in shapes.flat_map(Node::descendants) {
        match node.name() {
            "LineString" | "LineStringSegment" => lines.push(surfaces.positions(node)),
            "Point" => points.extend(surfaces.positions(node)),
            _ => {}
        }
    }
    let plane = |position: &[f64; 3]| geo::Coord { x: position[0], y: position[1] };
    let heights = |positions: &[[f64; 3]]| positions.iter().map(|it| it[2]).collect::<Vec<f64>>();
    if !lines.is_empty() {
        let heights = heights(&lines.concat());
        let mut lines =
            lines.iter().map(|line| line.iter().map(plane).collect::<geo::LineString<f64>>());
        let geometry = match (lines.next(), lines.next()) {
            (Some(only), None) => only.into(),
            (first, second) => {
                geo::MultiLineString::new(first.into_iter().chain(second).chain(lines).collect())
                    .into()
            }
        };
        return Some(Shape::new(geometry, Some(heights)));
    }
    let heights = heights(&points);
    let geometry = match points.as_slice() {
        [] => return None,
        [only] => geo::Point(plane(only)).into(),
        all => geo::MultiPoint::new(all.iter().map(|it| geo::Point(plane(it))).collect()).into(),
    };
    Some(Shape::new(geometry, Some(heights)))
}

impl Losses {
    fn notes(&self) -> Vec<String> {
        let counted = [
            (self.degenerate, "surface(s) left out that are no polygons"),
            (self.dangling, "link(s) left out that lead to other objects"),
            (self.unreadable, "position(s) left out that are no numbers"),
            (self.templates, "template shape(s) left out, their reference points kept"),
        ];
        let notes = counted.iter().filter(|(count, _)| *count > 0);
        let mut notes: Vec<String> = notes.map(|(count, what)| format!("{count} {what}")).collect();
        if self.is_exhausted {
            notes.push("shapes left out that nest or link too deep".to_owned());
        }
        notes
    }
}

/// The value of a property as an id.
pub(crate) fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
