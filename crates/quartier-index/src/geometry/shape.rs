use std::ops::Range;

use geo_types::Coord;
use quartier_model::{Bbox, GeometryKind};

use super::read::Reader;

/// A geometry taken apart for exact tests: paths of coordinates. It is read again and again into the same memory.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub(crate) coords: Vec<Coord<f64>>,
    pub(crate) paths: Vec<Path>,
    /// The lowest and the highest height.
    pub(crate) heights: Option<(f64, f64)>,
    polygons: u32,
}

/// A run of coordinates that belong together.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    pub(crate) kind: PathKind,
    pub(crate) coords: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathKind {
    Point,
    Line,
    /// A closed ring of the polygon with this number; the first of them is its exterior.
    Ring(u32),
}

impl Shape {
    /// Reads a geometry in place of the one before; false where there is none.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> bool {
        self.coords.clear();
        self.paths.clear();
        self.heights = None;
        self.polygons = 0;
        let Some((head, mut reader)) = Reader::new(bytes) else { return false };
        self.body(head.kind, &mut reader);
        if head.has_heights {
            self.heights = range(&reader.heights(self.coords.len()));
        }
        true
    }

    pub(crate) fn path(&self, path: &Path) -> &[Coord<f64>] {
        &self.coords[path.coords.clone()]
    }

    /// Every edge; a point is an edge from itself to itself.
    pub(crate) fn segments(&self) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> + '_ {
        self.paths.iter().flat_map(|path| segments(self.path(path)))
    }

    /// The box with its heights.
    pub(crate) fn bbox(&self) -> Option<Bbox> {
        let flat = Bbox::around(self.coords.iter().map(|coord| (coord.x, coord.y)))?;
        Some(Bbox { heights: self.heights, ..flat })
    }

    fn body(&mut self, kind: GeometryKind, reader: &mut Reader<'_>) {
        match kind {
            GeometryKind::Point => self.points(reader, 1),
            GeometryKind::MultiPoint => {
                let count = reader.count();
                self.points(reader, count);
            }
            GeometryKind::LineString => self.line(reader),
            GeometryKind::MultiLineString => (0..reader.count()).for_each(|_| self.line(reader)),
            GeometryKind::Polygon => self.polygon(reader),
            GeometryKind::MultiPolygon => (0..reader.count()).for_each(|_| self.polygon(reader)),
            GeometryKind::GeometryCollection => {
                for _ in 0..reader.count() {
                    let kind = reader.member_kind();
                    self.body(kind, reader);
                }
            }
        }
    }

    fn points(&mut self, reader: &mut Reader<'_>, count: usize) {
        for _ in 0..count {
            self.take(reader, PathKind::Point, 1);
        }
    }

    fn line(&mut self, reader: &mut Reader<'_>) {
        let count = reader.count();
        self.take(reader, PathKind::Line, count);
    }

    fn polygon(&mut self, reader: &mut Reader<'_>) {
        let polygon = self.polygons;
        self.polygons += 1;
        for _ in 0..=reader.count() {
            let size = reader.ring_size();
            self.take(reader, PathKind::Ring(polygon), size.kept);
            if let Some(path) = self.paths.last_mut().filter(|_| size.is_closed) {
                self.coords.push(self.coords[path.coords.start]);
                path.coords.end += 1;
            }
        }
    }

    fn take(&mut self, reader: &mut Reader<'_>, kind: PathKind, count: usize) {
        let start = self.coords.len();
        self.coords.extend((0..count).map(|_| reader.coord()));
        self.paths.push(Path { kind, coords: start..start + count });
    }
}

/// The edges of a path; a point is an edge from itself to itself.
pub(crate) fn segments(
    coords: &[Coord<f64>],
) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> + '_ {
    let alone = coords.first().filter(|_| coords.len() == 1).map(|point| (*point, *point));
    alone.into_iter().chain(coords.windows(2).map(|pair| (pair[0], pair[1])))
}

fn range(heights: &[f64]) -> Option<(f64, f64)> {
    let first = *heights.first()?;
    let widen = |(low, high): (f64, f64), height: &f64| (low.min(*height), high.max(*height));
    Some(heights.iter().fold((first, first), widen))
}
