use geo::{
    Area as _, Coord, LineString, MultiPolygon, Orient as _, Polygon, orient::Direction,
    unary_union,
};
use quartier_model::{Body, Part, Structure, Surface, SurfaceKind};

use crate::{
    geometry::{Relief, Segment, Shape},
    solid::Ring,
};

/// A polygon in space: rings without closing points, exterior first.
type Facet = Vec<Ring>;

/// Surfaces that are steeper than this (about 89.9 degrees) are walls: seen from above they have no area.
const FLATNESS_MIN: f64 = 0.002;

/// The object seen from above, with the parts': the union of its ground surfaces at their heights.
///
/// Where an object or a part has none, what lies on the ground is taken from, in this order: its lower faces, where
/// it is a solid; its roofs; all that is not a wall. Roofs are brought down to its lowest point.
pub(crate) fn footprint(structure: &Structure) -> Option<Shape> {
    let mut facets = ground(&structure.bodies);
    structure.parts.iter().for_each(|part| collect(part, &mut facets));
    match facets.as_slice() {
        [] => None,
        [only] => Some(single(only)),
        _ => union(&facets),
    }
}

fn collect(part: &Part, facets: &mut Vec<Facet>) {
    facets.extend(ground(&part.bodies));
    part.parts.iter().for_each(|part| collect(part, facets));
}

fn ground(bodies: &[Body]) -> Vec<Facet> {
    let of_kind = |kind: SurfaceKind| {
        let best = bodies.iter().filter(|body| body.surfaces.iter().any(|it| it.kind == kind));
        let best = best.max_by_key(|body| body.lod)?;
        let surfaces = best.surfaces.iter().filter(|surface| surface.kind == kind);
        let facets: Vec<Facet> =
            surfaces.filter_map(|it| flat_facet(best, it)).map(|it| it.0).collect();
        (!facets.is_empty()).then_some(facets)
    };
    of_kind(SurfaceKind::Ground)
        .or_else(|| lower_faces(bodies))
        .or_else(|| Some(lowered(of_kind(SurfaceKind::Roof)?, bodies)))
        .unwrap_or_else(|| all_but_walls(bodies))
}

fn lower_faces(bodies: &[Body]) -> Option<Vec<Facet>> {
    let solids = bodies.iter().filter(|body| body.form == quartier_model::Form::Solid);
    let body = solids.max_by_key(|body| body.lod)?;
    let faces = body.surfaces.iter().filter(|surface| surface.shell == 0);
    let faces = faces.filter_map(|surface| flat_facet(body, surface)).filter(|(_, up)| *up < 0.0);
    let facets: Vec<Facet> = faces.map(|(facet, _)| facet).collect();
    (!facets.is_empty()).then_some(facets)
}

fn all_but_walls(bodies: &[Body]) -> Vec<Facet> {
    let Some(body) = bodies.iter().max_by_key(|body| body.lod) else { return Vec::new() };
    body.surfaces.iter().filter_map(|surface| flat_facet(body, surface)).map(|it| it.0).collect()
}

fn lowered(mut facets: Vec<Facet>, bodies: &[Body]) -> Vec<Facet> {
    let heights = bodies.iter().flat_map(|body| &body.vertices).map(|vertex| vertex[2]);
    let lowest = heights.fold(f64::INFINITY, f64::min);
    facets.iter_mut().flatten().flatten().for_each(|vertex| vertex[2] = lowest);
    facets
}

/// The surface and the upward part of its unit normal; `None` of a wall.
fn flat_facet(body: &Body, surface: &Surface) -> Option<(Facet, f64)> {
    let vertex = |index: &u32| body.vertices.get(*index as usize).copied();
    let facet: Facet =
        surface.rings.iter().map(|ring| ring.iter().filter_map(vertex).collect()).collect();
    let up = upward(facet.first()?)?;
    (up.abs() > FLATNESS_MIN).then_some((facet, up))
}

/// By Newell's method.
fn upward(ring: &Ring) -> Option<f64> {
    let origin = *ring.first()?;
    let local =
        |vertex: &[f64; 3]| [vertex[0] - origin[0], vertex[1] - origin[1], vertex[2] - origin[2]];
    let mut normal = [0.0; 3];
    for (vertex, next) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (a, b) = (local(vertex), local(next));
        normal[0] += (a[1] - b[1]) * (a[2] + b[2]);
        normal[1] += (a[2] - b[2]) * (a[0] + b[0]);
        normal[2] += (a[0] - b[0]) * (a[1] + b[1]);
    }
    let length = normal.iter().map(|part| part * part).sum::<f64>().sqrt();
    (length > 0.0).then(|| normal[2] / length)
}

fn single(facet: &Facet) -> Shape {
    let closed = facet.iter().flat_map(|ring| ring.iter().chain(ring.first()));
    let heights = closed.map(|vertex| vertex[2]).collect();
    Shape::new(polygon(facet).into(), Some(heights))
}

fn union(facets: &[Facet]) -> Option<Shape> {
    let polygons: Vec<Polygon<f64>> =
        facets.iter().map(|facet| polygon(facet).orient(Direction::Default)).collect();
    let united: MultiPolygon<f64> = unary_union(&polygons);
    if united.unsigned_area() <= 0.0 {
        return None;
    }
    let relief = Relief::new(facets.iter().flatten().flat_map(segments).collect());
    let plane = match united.0.as_slice() {
        [only] => only.clone().into(),
        _ => united.into(),
    };
    let (plane, heights) = relief.carry(plane);
    Some(Shape::new(plane, Some(heights)))
}

fn segments(ring: &Ring) -> impl Iterator<Item = Segment> + '_ {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(start, end)| Segment { start: *start, end: *end })
}

fn polygon(facet: &Facet) -> Polygon<f64> {
    let line = |ring: &Ring| -> LineString<f64> {
        ring.iter().map(|vertex| Coord { x: vertex[0], y: vertex[1] }).collect()
    };
    let mut rings = facet.iter().map(line);
    let exterior = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
    Polygon::new(exterior, rings.collect())
}
