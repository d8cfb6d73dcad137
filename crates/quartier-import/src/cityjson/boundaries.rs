use quartier_model::{Body, Form, Lod, SurfaceKind};
use serde_json::{Value, value::RawValue};

use super::format::{Semantics, Shape, Templates};
use crate::solid::{BodyBuilder, Ring, surface_kind};

type Surfaces = Vec<Vec<Vec<usize>>>;
type Solid = Vec<Surfaces>;

/// What a shape is made of, and what could not be read.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    pub(super) bodies: Vec<Body>,
    /// Positions of shapes that are points only.
    pub(super) points: Vec<[f64; 3]>,
    pub(super) lines: Vec<Ring>,
    pub(super) unreadable: usize,
}

impl Shapes {
    pub(super) fn take(
        &mut self,
        shape: &Shape,
        vertices: &[[f64; 3]],
        templates: Option<&Templates>,
    ) {
        if shape.form == "GeometryInstance" {
            if self.take_instance(shape, vertices, templates).is_none() {
                self.unreadable += 1;
            }
            return;
        }
        if self.take_own(shape, vertices).is_none() {
            self.unreadable += 1;
        }
    }

    fn take_own(&mut self, shape: &Shape, vertices: &[[f64; 3]]) -> Option<()> {
        let lod = lod(shape.lod.as_ref());
        let semantics = shape.semantics.as_ref();
        match shape.form.as_str() {
            "MultiPoint" => {
                let indexes: Vec<usize> = parse(&shape.boundaries)?;
                self.points.extend(ring(&indexes, vertices)?);
            }
            "MultiLineString" => {
                let lines: Vec<Vec<usize>> = parse(&shape.boundaries)?;
                for line in &lines {
                    self.lines.push(ring(line, vertices)?);
                }
            }
            "MultiSurface" | "CompositeSurface" => {
                let mut builder = BodyBuilder::new(lod, Form::Surfaces);
                let surfaces: Surfaces = parse(&shape.boundaries)?;
                self.push(
                    &mut builder,
                    &surfaces,
                    vertices,
                    &Place { semantics, path: &[], shell: 0 },
                );
                self.bodies.extend(builder.finish());
            }
            "Solid" => {
                let solid: Solid = parse(&shape.boundaries)?;
                self.solid(lod, &solid, vertices, &Place { semantics, path: &[], shell: 0 });
            }
            "MultiSolid" | "CompositeSolid" => {
                let solids: Vec<Solid> = parse(&shape.boundaries)?;
                for (at, solid) in solids.iter().enumerate() {
                    self.solid(lod, solid, vertices, &Place { semantics, path: &[at], shell: 0 });
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn solid(&mut self, lod: Lod, solid: &Solid, vertices: &[[f64; 3]], place: &Place<'_>) {
        let mut builder = BodyBuilder::new(lod, Form::Solid);
        for (shell, surfaces) in solid.iter().enumerate() {
            let path = [place.path, &[shell]].concat();
            let place = Place { path: &path, shell: shell as u32, ..*place };
            self.push(&mut builder, surfaces, vertices, &place);
        }
        self.bodies.extend(builder.finish());
    }

    fn push(
        &mut self,
        builder: &mut BodyBuilder,
        surfaces: &Surfaces,
        vertices: &[[f64; 3]],
        place: &Place<'_>,
    ) {
        for (at, rings) in surfaces.iter().enumerate() {
            let rings: Option<Vec<Ring>> =
                rings.iter().map(|indexes| ring(indexes, vertices)).collect();
            let is_taken =
                rings.is_some_and(|rings| builder.push(place.kind(at), &rings, place.shell));
            self.unreadable += usize::from(!is_taken);
        }
    }

    /// A template's shape, moved to its place.
    fn take_instance(
        &mut self,
        shape: &Shape,
        vertices: &[[f64; 3]],
        templates: Option<&Templates>,
    ) -> Option<()> {
        let templates = templates?;
        let template = templates.templates.get(shape.template?)?;
        let indexes: Vec<usize> = parse(&shape.boundaries)?;
        let origin = *vertices.get(*indexes.first()?)?;
        let matrix = shape.matrix?;
        let moved: Vec<[f64; 3]> =
            templates.vertices.iter().map(|vertex| placed(*vertex, &matrix, origin)).collect();
        if template.form == "GeometryInstance" {
            return None;
        }
        self.take_own(template, &moved)
    }
}

/// Which surfaces these are among those that the semantics name.
struct Place<'a> {
    semantics: Option<&'a Semantics>,
    path: &'a [usize],
    shell: u32,
}

impl Place<'_> {
    fn kind(&self, at: usize) -> SurfaceKind {
        self.semantic(at).unwrap_or(SurfaceKind::Unknown)
    }

    fn semantic(&self, at: usize) -> Option<SurfaceKind> {
        let semantics = self.semantics?;
        let mut value = &semantics.values;
        for step in self.path.iter().chain([&at]) {
            // A null in place of a list stands for all below it.
            value = if value.is_array() { value.get(*step)? } else { return None };
        }
        let surface = semantics.surfaces.get(usize::try_from(value.as_u64()?).ok()?)?;
        Some(surface_kind(&surface.kind))
    }
}

fn placed([x, y, z]: [f64; 3], matrix: &[f64; 16], origin: [f64; 3]) -> [f64; 3] {
    let row = |row: usize| {
        let number = |column: usize| matrix.get(row * 4 + column).copied().unwrap_or_default();
        number(0) * x + number(1) * y + number(2) * z + number(3)
    };
    [row(0) + origin[0], row(1) + origin[1], row(2) + origin[2]]
}

fn ring(indexes: &[usize], vertices: &[[f64; 3]]) -> Option<Ring> {
    indexes.iter().map(|index| vertices.get(*index).copied()).collect()
}

fn parse<'a, T: serde::Deserialize<'a>>(boundaries: &'a RawValue) -> Option<T> {
    serde_json::from_str(boundaries.get()).ok()
}

/// `2`, `2.0`, `"2"` and `"2.2"`; nothing is the lowest.
fn lod(value: Option<&Value>) -> Lod {
    let text = match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let text = text.strip_suffix(".0").unwrap_or(&text);
    text.parse().unwrap_or(Lod::level(0))
}
