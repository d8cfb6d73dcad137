use std::collections::{BTreeMap, HashMap, HashSet};

use quartier_model::{Body, Form, Lod, SurfaceKind};

use super::{
    surfaces::{Facet, Surfaces},
    tree::Node,
};
use crate::solid::{BodyBuilder, surface_kind};

/// The geometry that an object has itself, without its parts, by level of detail.
#[derive(Default)]
pub(crate) struct Shells<'a> {
    levels: BTreeMap<u8, Level<'a>>,
}

#[derive(Default)]
struct Level<'a> {
    solids: Vec<Node<'a>>,
    surfaces: Vec<(Node<'a>, SurfaceKind)>,
}

/// An element that holds a shape: its level, and what it is.
pub(crate) enum Shape {
    Solid(u8),
    Surfaces(u8, SurfaceKind),
    /// A template at a point.
    Implicit,
    /// Lines or points.
    Flat,
}

pub(crate) fn shape(name: &str) -> Option<Shape> {
    let rest = name.strip_prefix("lod")?;
    let level = rest.chars().next()?.to_digit(10).filter(|level| *level <= 4)? as u8;
    match rest.get(1..)? {
        "Solid" => Some(Shape::Solid(level)),
        "MultiSurface" | "Surface" | "CompositeSurface" => {
            Some(Shape::Surfaces(level, SurfaceKind::Unknown))
        }
        "FootPrint" => Some(Shape::Surfaces(level, SurfaceKind::Ground)),
        "RoofEdge" => Some(Shape::Surfaces(level, SurfaceKind::Roof)),
        "ImplicitRepresentation" => Some(Shape::Implicit),
        "Geometry" => Some(Shape::Solid(level)),
        _ => Some(Shape::Flat),
    }
}

impl<'a> Shells<'a> {
    /// Takes in an element if it holds a shape in space.
    pub(crate) fn take(&mut self, node: Node<'a>, kind: Option<SurfaceKind>) {
        match shape(node.name()) {
            Some(Shape::Solid(level)) => {
                let level = self.levels.entry(level).or_default();
                let solids: Vec<Node<'a>> =
                    node.descendants().filter(|it| it.name() == "Solid").collect();
                if solids.is_empty() {
                    level.surfaces.push((node, kind.unwrap_or(SurfaceKind::Unknown)));
                }
                level.solids.extend(solids);
            }
            Some(Shape::Surfaces(level, own)) => {
                let level = self.levels.entry(level).or_default();
                level.surfaces.push((node, kind.unwrap_or(own)));
            }
            _ => {}
        }
    }

    /// Takes in a thematic surface with its openings.
    pub(crate) fn take_boundary(&mut self, surface: Node<'a>) {
        for node in surface.descendants().skip(1) {
            if shape(node.name()).is_some() {
                self.take(node, Some(owner(surface, node)));
            }
        }
    }

    /// One body for each solid, and one for the surfaces of a level that no solid uses. Counts what is no polygon.
    pub(crate) fn bodies(self, surfaces: &mut Surfaces<'a>, degenerate: &mut usize) -> Vec<Body> {
        let levels = self.levels.into_iter();
        levels
            .flat_map(|(lod, level)| level.bodies(Lod::level(lod), surfaces, degenerate))
            .collect()
    }
}

/// The kind of the innermost thematic surface or opening around a shape.
fn owner(surface: Node<'_>, shape: Node<'_>) -> SurfaceKind {
    let around = surface.descendants().take_while(|node| node.key() < shape.key());
    let mut inner = surface_kind(surface.name());
    for node in around.filter(|node| node.descendants().any(|it| it.key() == shape.key())) {
        let own = surface_kind(node.name());
        if own != SurfaceKind::Unknown {
            inner = own;
        }
    }
    inner
}

impl<'a> Level<'a> {
    fn bodies(self, lod: Lod, surfaces: &mut Surfaces<'a>, degenerate: &mut usize) -> Vec<Body> {
        let thematic: Vec<(Facet, SurfaceKind)> = self
            .surfaces
            .iter()
            .flat_map(|(node, kind)| {
                surfaces.facets(*node).into_iter().map(move |facet| (facet, *kind))
            })
            .collect();
        let mut kinds: HashMap<usize, SurfaceKind> = HashMap::new();
        for (facet, kind) in thematic.iter().filter(|(_, kind)| *kind != SurfaceKind::Unknown) {
            kinds.insert(facet.key, *kind);
        }
        let mut used = HashSet::new();
        let mut bodies = Vec::new();
        for solid in self.solids {
            let mut builder = BodyBuilder::new(lod, Form::Solid);
            for (shell, boundary) in shells(solid).enumerate() {
                for facet in surfaces.facets(boundary) {
                    let kind = kinds.get(&facet.key).copied().unwrap_or(SurfaceKind::Unknown);
                    *degenerate += usize::from(!builder.push(kind, &facet.rings, shell as u32));
                    used.insert(facet.key);
                }
            }
            bodies.extend(builder.finish());
        }
        let mut rest = BodyBuilder::new(lod, Form::Surfaces);
        for (facet, kind) in thematic {
            if used.insert(facet.key) {
                let kind = kinds.get(&facet.key).copied().unwrap_or(kind);
                *degenerate += usize::from(!rest.push(kind, &facet.rings, 0));
            }
        }
        bodies.extend(rest.finish());
        bodies
    }
}

/// The outer shell first.
fn shells(solid: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let named = move |name: &'static str| solid.children().filter(move |node| node.name() == name);
    named("exterior").chain(named("interior"))
}
