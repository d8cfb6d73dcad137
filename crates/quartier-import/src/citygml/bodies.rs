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
        "Solid" | "Geometry" => Some(Shape::Solid(level)),
        "MultiSurface" | "Surface" | "CompositeSurface" => {
            Some(Shape::Surfaces(level, SurfaceKind::Unknown))
        }
        "FootPrint" => Some(Shape::Surfaces(level, SurfaceKind::Ground)),
        "RoofEdge" => Some(Shape::Surfaces(level, SurfaceKind::Roof)),
        "ImplicitRepresentation" => Some(Shape::Implicit),
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
        let mut thematic: Vec<(Facet<'a>, SurfaceKind)> = Vec::new();
        for (node, kind) in &self.surfaces {
            thematic.extend(surfaces.facets(*node).into_iter().map(|facet| (facet, *kind)));
        }
        let named = thematic.iter().filter(|(_, kind)| *kind != SurfaceKind::Unknown);
        let kinds = named.map(|(facet, kind)| (facet.polygon.key(), *kind)).collect();
        let mut used = HashSet::new();
        let mut bodies = Vec::new();
        for solid in self.solids {
            let mut builder = BodyBuilder::new(lod, Form::Solid);
            for (shell, boundary) in shells(solid).enumerate() {
                let facets = surfaces.facets(boundary);
                used.extend(facets.iter().map(|facet| facet.polygon.key()));
                *degenerate += push(&mut builder, facets, shell as u32, &kinds, surfaces);
            }
            bodies.extend(builder.finish());
        }
        let rest = thematic.into_iter().map(|(facet, _)| facet);
        let rest = rest.filter(|facet| used.insert(facet.polygon.key())).collect();
        let mut builder = BodyBuilder::new(lod, Form::Surfaces);
        *degenerate += push(&mut builder, rest, 0, &kinds, surfaces);
        bodies.extend(builder.finish());
        bodies
    }
}

/// Adds polygons to a body and counts those that are none.
fn push<'a>(
    builder: &mut BodyBuilder,
    facets: Vec<Facet<'a>>,
    shell: u32,
    kinds: &HashMap<usize, SurfaceKind>,
    surfaces: &mut Surfaces<'a>,
) -> usize {
    let mut degenerate = 0;
    for facet in facets {
        let kind = kinds.get(&facet.polygon.key()).copied().unwrap_or(SurfaceKind::Unknown);
        let rings = surfaces.rings(&facet);
        degenerate += usize::from(!builder.push(kind, &rings, shell));
    }
    degenerate
}

/// The outer shell first.
fn shells(solid: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let named = move |name: &'static str| solid.children().filter(move |node| node.name() == name);
    named("exterior").chain(named("interior"))
}
