use geo_types::{Coord, Geometry, Point, Polygon};

use crate::{
    Detail, ReadyFrame, ReadyShape,
    clip::{Place, Window},
    commands::{Commands, Kind},
    line::LinePress,
    polygon::PolygonPress,
    ready::{Outline, Reading, ShapeKind},
    rings::Rings,
    snap::{plain, snap_points},
};

/// Draws geometries, one after the other, with memory that it keeps for the next.
#[derive(Debug)]
pub(crate) struct Pen {
    detail: Detail,
    commands: Commands,
    points: Vec<Coord<f64>>,
    snapped: Vec<Coord<i32>>,
    lines: LinePress,
    polygons: PolygonPress,
    outline: Outline,
}

/// What came of drawing a shape that was kept ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drawing {
    /// It has to be drawn from its own coordinates.
    Unready,
    Nothing,
    Seen(Kind),
}

impl Pen {
    pub(crate) fn new(detail: Detail) -> Self {
        Self {
            detail,
            commands: Commands::default(),
            points: Vec::new(),
            snapped: Vec::new(),
            lines: LinePress::default(),
            polygons: PolygonPress::default(),
            outline: Outline::default(),
        }
    }

    /// The commands of the geometry that was drawn last.
    pub(crate) fn commands(&self) -> &[u8] {
        self.commands.bytes()
    }

    /// Draws a geometry that is no collection; `None` where nothing of it is seen.
    pub(crate) fn draw(
        &mut self,
        geometry: &Geometry<f64>,
        to_tile: impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Option<Kind> {
        self.commands.clear();
        let kind = match geometry {
            Geometry::Point(point) => self.points(std::slice::from_ref(point), to_tile),
            Geometry::MultiPoint(points) => self.points(&points.0, to_tile),
            Geometry::Line(line) => self.lines([[line.start, line.end].as_slice()], to_tile),
            Geometry::LineString(line) => self.lines([line.0.as_slice()], to_tile),
            Geometry::MultiLineString(lines) => {
                self.lines(lines.0.iter().map(|line| line.0.as_slice()), to_tile)
            }
            Geometry::Polygon(polygon) => self.polygons(std::slice::from_ref(polygon), to_tile),
            Geometry::MultiPolygon(polygons) => self.polygons(&polygons.0, to_tile),
            Geometry::Rect(rect) => self.polygons(&[rect.to_polygon()], to_tile),
            Geometry::Triangle(triangle) => self.polygons(&[triangle.to_polygon()], to_tile),
            Geometry::GeometryCollection(_) => return None,
        };
        (!self.commands.bytes().is_empty()).then_some(kind)
    }

    /// Draws a shape that was kept ready; see [`Drawing`].
    pub(crate) fn draw_ready(&mut self, shape: ReadyShape<'_>, frame: &ReadyFrame) -> Drawing {
        self.commands.clear();
        let (kind, place) = match self.outline.read(shape.0, frame) {
            Reading::Unready => return Drawing::Unready,
            Reading::Nothing | Reading::Read(_, Place::Outside) => return Drawing::Nothing,
            Reading::Read(kind, place) => (kind, place),
        };
        let (outline, is_across) = (&self.outline, place == Place::Across);
        let kind = match kind {
            ShapeKind::None => return Drawing::Unready,
            ShapeKind::Points => {
                let window = Window::with_buffer(frame.detail.buffer);
                self.snapped.clear();
                self.snapped
                    .extend(outline.points.iter().filter(|it| window.contains(plain(**it))));
                if !self.snapped.is_empty() {
                    self.commands.points(&self.snapped);
                }
                Kind::Point
            }
            ShapeKind::Lines if is_across => {
                let paths = outline.paths();
                paths.for_each(|it| self.lines.add_snapped(it, &frame.detail, &mut self.commands));
                Kind::Line
            }
            ShapeKind::Lines => {
                outline.paths().for_each(|points| self.commands.line(points));
                Kind::Line
            }
            ShapeKind::Polygons if is_across => {
                self.polygons.clip(outline, &frame.detail, &mut self.commands);
                Kind::Polygon
            }
            ShapeKind::Polygons => {
                outline.paths().for_each(|points| self.commands.ring(points));
                Kind::Polygon
            }
        };
        if self.commands.bytes().is_empty() { Drawing::Nothing } else { Drawing::Seen(kind) }
    }

    /// Draws polygons that are on the tile's grid already.
    pub(crate) fn rings(&mut self, rings: &Rings) {
        self.commands.clear();
        rings.iter_from(0).for_each(|ring| self.commands.ring(ring));
    }

    fn points(
        &mut self,
        points: &[Point<f64>],
        to_tile: impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Kind {
        let window = Window::with_buffer(self.detail.buffer);
        self.points.clear();
        let mapped = points.iter().map(|point| to_tile(point.0));
        self.points.extend(mapped.filter(|coord| window.contains(*coord)));
        snap_points(&self.points, &mut self.snapped);
        if !self.snapped.is_empty() {
            self.commands.points(&self.snapped);
        }
        Kind::Point
    }

    fn lines<'a>(
        &mut self,
        lines: impl IntoIterator<Item = &'a [Coord<f64>]>,
        to_tile: impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Kind {
        for line in lines {
            self.lines.add(
                line.iter().map(|coord| to_tile(*coord)),
                &self.detail,
                &mut self.commands,
            );
        }
        Kind::Line
    }

    fn polygons(
        &mut self,
        polygons: &[Polygon<f64>],
        to_tile: impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Kind {
        self.polygons.clear();
        for polygon in polygons {
            self.polygons.add(polygon, &self.detail, &to_tile);
        }
        self.polygons.finish(polygons.len(), &mut self.commands);
        Kind::Polygon
    }
}
