use geo_types::{Coord, Geometry, LineString, Polygon};
use quartier_slab::Slab;

use super::{
    ReadyGrid, Shapes,
    shapes::ROWS_PER_BASE,
    soundness::Soundness,
    wire::{Head, PathHead, ShapeKind, level_bits, put_difference, put_varint},
};
use crate::{Detail, simplify::Simplifier};

/// How far a shape may reach for arithmetic with 32 bits: 6,000 km on the web's maps.
const SPAN_MAX: i32 = 1 << 28;

/// Vertices above which a shape is not kept ready: to see at every zoom whether such an outline is valid would hold
/// up the start.
const VERTICES_MAX: usize = 100_000;

/// Gathers ready geometries, row by row.
#[derive(Debug)]
pub struct ShapesDraft {
    grid: ReadyGrid,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    paths: Vec<Path>,
    points: Vec<Coord<i32>>,
    levels: Vec<u8>,
    body: Vec<u8>,
    simplifier: Simplifier,
    soundness: Soundness,
}

#[derive(Debug, Clone, Copy)]
struct Path {
    end: usize,
    is_hole: bool,
    from: u8,
}

/// The geometry has a place that the grid has not.
struct OffGrid;

impl ShapesDraft {
    pub fn new(grid: ReadyGrid) -> Self {
        Self {
            grid,
            bytes: Vec::new(),
            ends: Vec::new(),
            paths: Vec::new(),
            points: Vec::new(),
            levels: Vec::new(),
            body: Vec::new(),
            simplifier: Simplifier::default(),
            soundness: Soundness::default(),
        }
    }

    /// Adds a row, whose geometry `to_set` brings into the CRS of the tile matrix set.
    pub fn push(
        &mut self,
        geometry: Option<&Geometry<f64>>,
        to_set: impl Fn(Coord<f64>) -> Coord<f64>,
    ) {
        self.paths.clear();
        self.points.clear();
        self.levels.clear();
        let kind = geometry.map(|geometry| self.read(geometry, &to_set));
        match kind {
            Some(Ok(kind)) if kind != ShapeKind::None && self.is_small() => self.write(kind),
            _ => self.bytes.push(Head { kind: ShapeKind::None, sound_from: 0 }.byte()),
        }
        self.ends.push(self.bytes.len());
    }

    /// Adds all rows of another draft below those of this one.
    pub fn append(&mut self, other: &Self) {
        let shift = self.bytes.len();
        self.bytes.extend_from_slice(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| end + shift));
    }

    pub fn finish(self) -> Shapes {
        let last_of = |chunk: usize| chunk.checked_sub(1).map_or(0, |row| self.ends[row] as u64);
        let bases: Vec<u64> = (0..self.ends.len()).step_by(ROWS_PER_BASE).map(last_of).collect();
        let from_base =
            |(row, end): (usize, &usize)| (*end as u64 - bases[row / ROWS_PER_BASE]) as u32;
        let ends: Vec<u32> = self.ends.iter().enumerate().map(from_base).collect();
        Shapes { bytes: Slab::from(self.bytes), ends: Slab::from(ends), bases: Slab::from(bases) }
    }

    fn is_small(&self) -> bool {
        let (xs, ys) = (self.points.iter().map(|it| it.x), self.points.iter().map(|it| it.y));
        let span = |least: Option<i32>, most: Option<i32>| {
            least
                .zip(most)
                .is_none_or(|(least, most)| i64::from(most) - i64::from(least) < SPAN_MAX.into())
        };
        self.points.len() <= VERTICES_MAX
            && span(xs.clone().min(), xs.max())
            && span(ys.clone().min(), ys.max())
    }

    fn read(
        &mut self,
        geometry: &Geometry<f64>,
        to_set: &impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Result<ShapeKind, OffGrid> {
        match geometry {
            Geometry::Point(point) => self.points([point.0], to_set),
            Geometry::MultiPoint(points) => self.points(points.iter().map(|it| it.0), to_set),
            Geometry::LineString(line) => self.lines([line], to_set),
            Geometry::MultiLineString(lines) => self.lines(lines, to_set),
            Geometry::Polygon(polygon) => self.polygons([polygon], to_set),
            Geometry::MultiPolygon(polygons) => self.polygons(polygons, to_set),
            _ => Ok(ShapeKind::None),
        }
    }

    fn points(
        &mut self,
        points: impl IntoIterator<Item = Coord<f64>>,
        to_set: &impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Result<ShapeKind, OffGrid> {
        for point in points {
            self.points.push(self.grid.point(to_set(point)).ok_or(OffGrid)?);
        }
        self.levels.resize(self.points.len(), 0);
        self.paths.push(Path { end: self.points.len(), is_hole: false, from: 0 });
        Ok(ShapeKind::Points)
    }

    fn lines<'g>(
        &mut self,
        lines: impl IntoIterator<Item = &'g LineString<f64>>,
        to_set: &impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Result<ShapeKind, OffGrid> {
        for line in lines {
            let start = self.trace(&line.0, to_set)?;
            self.level(start, Simplifier::line_weights);
            self.paths.push(Path { end: self.points.len(), is_hole: false, from: 0 });
        }
        Ok(ShapeKind::Lines)
    }

    fn polygons<'g>(
        &mut self,
        polygons: impl IntoIterator<Item = &'g Polygon<f64>>,
        to_set: &impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Result<ShapeKind, OffGrid> {
        for polygon in polygons {
            let exterior = self.ring(polygon.exterior(), None, to_set)?;
            for hole in polygon.interiors() {
                self.ring(hole, Some(exterior), to_set)?;
            }
        }
        Ok(ShapeKind::Polygons)
    }

    /// Adds a ring, wound right, and tells the zoom from which on it is seen. A hole is not seen before its exterior.
    fn ring(
        &mut self,
        ring: &LineString<f64>,
        exterior: Option<u8>,
        to_set: &impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Result<u8, OffGrid> {
        let open = ring.0.split_last().map_or(ring.0.as_slice(), |(_, open)| open);
        let start = self.trace(open, to_set)?;
        let area = signed_area(&self.points[start..]);
        if (area > 0.0) == exterior.is_some() {
            self.points[start..].reverse();
        }
        self.level(start, Simplifier::ring_weights);
        let from = self.seen_from(area.abs()).max(exterior.unwrap_or(0));
        self.paths.push(Path { end: self.points.len(), is_hole: exterior.is_some(), from });
        Ok(from)
    }

    /// Adds a path's points; tells where they start.
    fn trace(
        &mut self,
        coords: &[Coord<f64>],
        to_set: &impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Result<usize, OffGrid> {
        let start = self.points.len();
        for coord in coords {
            self.points.push(self.grid.point(to_set(*coord)).ok_or(OffGrid)?);
        }
        Ok(start)
    }

    /// Finds the level of each point from a place on.
    fn level(&mut self, start: usize, weigh: fn(&mut Simplifier, &[Coord<f64>], &mut Vec<f64>)) {
        let plain = |it: &Coord<i32>| Coord { x: it.x.into(), y: it.y.into() };
        let coords: Vec<Coord<f64>> = self.points[start..].iter().map(plain).collect();
        let mut weights = Vec::with_capacity(coords.len());
        weigh(&mut self.simplifier, &coords, &mut weights);
        let grid = self.grid;
        self.levels.extend(weights.into_iter().map(|weight| shown_from(weight, grid)));
    }

    /// The lowest zoom at which an area in square units is large enough.
    fn seen_from(&self, area: f64) -> u8 {
        let at = |zoom: u8| area / f64::from(2 * (self.grid.zoom() - zoom)).exp2();
        (0..self.grid.full)
            .find(|zoom| at(*zoom) >= Detail::default().min_area)
            .unwrap_or(self.grid.full)
    }

    fn write(&mut self, kind: ShapeKind) {
        self.write_paths();
        let first = self.paths.iter().map(|path| path.from).min().unwrap_or(0);
        let sound_from = match kind {
            ShapeKind::Polygons => self.soundness.sound_from(&self.body, (first, self.grid.zoom())),
            _ => 0,
        };
        // Where nothing is seen nothing has to be mended.
        let sound_from = if sound_from == first { 0 } else { sound_from };
        self.bytes.push(Head { kind, sound_from }.byte());
        self.bytes.extend_from_slice(&self.body);
    }

    fn write_paths(&mut self) {
        self.body.clear();
        let (mut start, mut at) = (0, Coord { x: 0, y: 0 });
        for (index, path) in self.paths.iter().enumerate() {
            let (points, levels) = (&self.points[start..path.end], &self.levels[start..path.end]);
            start = path.end;
            let has_levels = levels.iter().any(|level| *level > 0);
            let is_last = index + 1 == self.paths.len();
            let head = PathHead { from: path.from, is_hole: path.is_hole, has_levels, is_last };
            self.body.push(head.byte());
            put_varint(&mut self.body, points.len() as u32);
            if has_levels {
                let pair = |pair: &[u8]| {
                    level_bits(pair[0]) | pair.get(1).map_or(0, |it| level_bits(*it) << 4)
                };
                self.body.extend(levels.chunks(2).map(pair));
            }
            for point in points {
                put_difference(&mut self.body, point.x.wrapping_sub(at.x));
                put_difference(&mut self.body, point.y.wrapping_sub(at.y));
                at = *point;
            }
        }
    }
}

/// The lowest zoom that shows a vertex of so much weight, a squared distance; from full detail on there is every one.
fn shown_from(weight: f64, grid: ReadyGrid) -> u8 {
    let tolerance = Detail::default().tolerance;
    let at = |zoom: u8| {
        let units = tolerance * f64::from(grid.zoom() - zoom).exp2();
        weight >= units * units
    };
    (0..grid.full).find(|zoom| at(*zoom)).unwrap_or(grid.full)
}

/// The area of an unclosed ring, positive where it turns right on a screen.
fn signed_area(points: &[Coord<i32>]) -> f64 {
    let Some((first, rest)) = points.split_first() else { return 0.0 };
    let off = |it: &Coord<i32>| {
        (i64::from(it.x) - i64::from(first.x), i64::from(it.y) - i64::from(first.y))
    };
    let cross = |pair: &[Coord<i32>]| {
        let ((ax, ay), (bx, by)) = (off(&pair[0]), off(&pair[1]));
        ax as f64 * by as f64 - bx as f64 * ay as f64
    };
    rest.windows(2).map(cross).sum::<f64>() / 2.0
}
