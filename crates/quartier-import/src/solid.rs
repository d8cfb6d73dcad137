use std::collections::HashMap;

use quartier_model::{Body, Form, Lod, Surface, SurfaceKind};

/// A ring without a closing point.
pub(crate) type Ring = Vec<[f64; 3]>;

/// Collects surfaces to a body; equal vertices are kept once.
#[derive(Debug)]
pub(crate) struct BodyBuilder {
    body: Body,
    index: HashMap<[u64; 3], u32>,
}

impl BodyBuilder {
    pub(crate) fn new(lod: Lod, form: Form) -> Self {
        let body = Body { lod, form, vertices: Vec::new(), surfaces: Vec::new() };
        Self { body, index: HashMap::new() }
    }

    /// Adds a polygon, exterior ring first. Says no to one that is none: fewer than 3 different points, or a
    /// number that is not finite.
    #[must_use]
    pub(crate) fn push(&mut self, kind: SurfaceKind, rings: &[Ring], shell: u32) -> bool {
        let rings: Vec<Vec<u32>> = rings.iter().filter_map(|ring| self.ring(ring)).collect();
        let is_polygon = !rings.is_empty();
        if is_polygon {
            self.body.surfaces.push(Surface { kind, rings, shell });
        }
        is_polygon
    }

    pub(crate) fn finish(self) -> Option<Body> {
        (!self.body.surfaces.is_empty()).then_some(self.body)
    }

    fn ring(&mut self, ring: &Ring) -> Option<Vec<u32>> {
        if !ring.iter().flatten().all(|number| number.is_finite()) {
            return None;
        }
        let mut indexes: Vec<u32> = ring.iter().map(|vertex| self.vertex(*vertex)).collect();
        indexes.dedup();
        if indexes.len() > 1 && indexes.first() == indexes.last() {
            indexes.pop();
        }
        (indexes.len() >= 3).then_some(indexes)
    }

    fn vertex(&mut self, vertex: [f64; 3]) -> u32 {
        let next = self.body.vertices.len() as u32;
        *self.index.entry(vertex.map(f64::to_bits)).or_insert_with(|| {
            self.body.vertices.push(vertex);
            next
        })
    }
}

/// A surface's kind by its name in CityGML and CityJSON.
pub(crate) fn surface_kind(name: &str) -> SurfaceKind {
    match name {
        "RoofSurface" => SurfaceKind::Roof,
        "WallSurface" => SurfaceKind::Wall,
        "GroundSurface" => SurfaceKind::Ground,
        "ClosureSurface" => SurfaceKind::Closure,
        "OuterCeilingSurface" => SurfaceKind::OuterCeiling,
        "OuterFloorSurface" => SurfaceKind::OuterFloor,
        "CeilingSurface" => SurfaceKind::Ceiling,
        "InteriorWallSurface" => SurfaceKind::InteriorWall,
        "FloorSurface" => SurfaceKind::Floor,
        "Window" | "WindowSurface" => SurfaceKind::Window,
        "Door" | "DoorSurface" => SurfaceKind::Door,
        _ => SurfaceKind::Unknown,
    }
}
