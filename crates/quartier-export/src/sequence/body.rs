use std::collections::BTreeMap;

use geo_types::{LineString, Polygon};
use quartier_model::{Body, Feature, Form, Surface, SurfaceKind};
use serde_json::{Value, json};

use super::vertices::Vertices;

/// A geometry object with its semantics.
pub(super) fn geometry(body: &Body, vertices: &mut Vertices) -> Value {
    let mut shells: BTreeMap<u32, (Vec<Value>, Vec<Value>)> = BTreeMap::new();
    let mut kinds: Vec<SurfaceKind> = Vec::new();
    for surface in &body.surfaces {
        let rings = rings(surface, body, vertices);
        if rings.is_empty() {
            continue;
        }
        let shell = if body.form == Form::Solid { surface.shell } else { 0 };
        let (boundaries, values) = shells.entry(shell).or_default();
        boundaries.push(json!(rings));
        values.push(value(surface.kind, &mut kinds));
    }
    let surfaces: Vec<Value> =
        kinds.iter().filter_map(|kind| name(*kind)).map(|name| json!({ "type": name })).collect();
    let (boundaries, values): (Vec<_>, Vec<_>) = shells.into_values().unzip();
    let (name, boundaries, values) = match body.form {
        Form::Solid => ("Solid", json!(boundaries), json!(values)),
        Form::Surfaces => ("MultiSurface", json!(boundaries.concat()), json!(values.concat())),
    };
    json!({
        "type": name,
        "lod": body.lod.to_string(),
        "boundaries": boundaries,
        "semantics": { "surfaces": surfaces, "values": values },
    })
}

/// The surface's semantics by their place in the list; null where the source says nothing.
fn value(kind: SurfaceKind, kinds: &mut Vec<SurfaceKind>) -> Value {
    if kind == SurfaceKind::Unknown {
        return Value::Null;
    }
    let known = kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
        kinds.push(kind);
        kinds.len() - 1
    });
    json!(known)
}

/// Rings of vertex numbers; none where the exterior ring vanishes within a millimetre.
fn rings(surface: &Surface, body: &Body, vertices: &mut Vertices) -> Vec<Vec<usize>> {
    let mut rings = surface.rings.iter().map(|ring| {
        let corners = ring.iter().filter_map(|index| body.vertices.get(*index as usize));
        cleaned(corners.map(|corner| vertices.index(*corner)).collect())
    });
    let Some(exterior) = rings.next().filter(|ring| ring.len() >= 3) else { return Vec::new() };
    let interiors = rings.filter(|ring| ring.len() >= 3);
    std::iter::once(exterior).chain(interiors).collect()
}

/// Without repeated neighbours, the last and the first among them.
fn cleaned(mut ring: Vec<usize>) -> Vec<usize> {
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

/// The footprint as a flat surface, for a building that has no solid.
pub(super) fn footprint(feature: &Feature, vertices: &mut Vertices) -> Vec<Value> {
    let Some(geometry) = &feature.geometry else { return Vec::new() };
    let mut heights = geometry.heights().unwrap_or_default().iter().copied();
    let mut ring = |line: &LineString<f64>| {
        let corners = line.coords();
        let at = corners.map(|at| vertices.index([at.x, at.y, heights.next().unwrap_or_default()]));
        cleaned(at.collect())
    };
    let mut surface = |polygon: &Polygon<f64>| {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        let rings: Vec<Vec<usize>> = rings.map(&mut ring).collect();
        rings
    };
    let surfaces: Vec<_> = match geometry.plane() {
        geo_types::Geometry::Polygon(polygon) => vec![surface(polygon)],
        geo_types::Geometry::MultiPolygon(polygons) => polygons.iter().map(surface).collect(),
        _ => return Vec::new(),
    };
    vec![json!({ "type": "MultiSurface", "lod": "0", "boundaries": surfaces })]
}

fn name(kind: SurfaceKind) -> Option<&'static str> {
    Some(match kind {
        SurfaceKind::Roof => "RoofSurface",
        SurfaceKind::Wall => "WallSurface",
        SurfaceKind::Ground => "GroundSurface",
        SurfaceKind::Closure => "ClosureSurface",
        SurfaceKind::OuterCeiling => "OuterCeilingSurface",
        SurfaceKind::OuterFloor => "OuterFloorSurface",
        SurfaceKind::Ceiling => "CeilingSurface",
        SurfaceKind::InteriorWall => "InteriorWallSurface",
        SurfaceKind::Floor => "FloorSurface",
        SurfaceKind::Window => "Window",
        SurfaceKind::Door => "Door",
        SurfaceKind::Unknown => return None,
    })
}
