use geo_types::{Coord, Geometry, LineString, Polygon};

use super::{ReadyGrid, Shapes, packing::pack, wire::ShapeKind};
use crate::{
    Detail, Form, Path,
    rings::{Role, signed_area},
    snap::plain,
};

/// How far a shape may reach for arithmetic with 32 bits: 6,000 km on the web's maps.
const SPAN_MAX: u32 = 1 << 28;

/// Vertices above which a shape is not kept ready: to see at every zoom whether such an outline is valid would hold
/// up the start.
const VERTICES_MAX: usize = 100_000;

/// Gathers geometries that are to be kept ready, row by row. Several can be filled at the same time and be joined.
#[derive(Debug)]
pub struct ShapesDraft {
    pub(super) grid: ReadyGrid,
    pub(super) rows: Vec<Row>,
    pub(super) paths: Vec<DraftPath>,
    pub(super) points: Vec<Coord<i32>>,
}

/// What a row is, and where its paths end among all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) kind: ShapeKind,
    pub(super) end: usize,
}

/// Where a path's points end among all, and what it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct DraftPath {
    pub(super) end: usize,
    /// Exterior also of what is no ring.
    pub(super) role: Role,
    /// The lowest zoom at which it is large enough to be seen.
    pub(super) from: u8,
}

/// The geometry has a place that the grid has not.
struct OffGrid;

impl ShapesDraft {
    pub fn new(grid: ReadyGrid) -> Self {
        Self { grid, rows: Vec::new(), paths: Vec::new(), points: Vec::new() }
    }

    /// Adds a row, whose geometry `to_set` brings into the CRS of the tile matrix set.
    pub fn push(
        &mut self,
        geometry: Option<&Geometry<f64>>,
        to_set: impl Fn(Coord<f64>) -> Coord<f64>,
    ) {
        let (paths, points) = (self.paths.len(), self.points.len());
        let kind = geometry.map(|geometry| self.read(geometry, &to_set));
        let kind = match kind {
            Some(Ok(kind)) if is_small(&self.points[points..]) => kind,
            _ => ShapeKind::None,
        };
        if kind == ShapeKind::None {
            self.paths.truncate(paths);
            self.points.truncate(points);
        }
        self.rows.push(Row { kind, end: self.paths.len() });
    }

    /// Adds all rows of another draft below those of this one.
    pub fn append(&mut self, other: Self) {
        let (paths, points) = (self.paths.len(), self.points.len());
        self.points.extend(other.points);
        self.paths.extend(other.paths.iter().map(|it| DraftPath { end: it.end + points, ..*it }));
        self.rows.extend(other.rows.iter().map(|it| Row { end: it.end + paths, ..*it }));
    }

    /// The shapes of the rows. Outlines that share an edge, also with those of `neighbours`, share what the zooms show
    /// of it.
    pub fn finish(self, neighbours: &Self) -> Shapes {
        let own = self.points.len();
        let paths: Vec<Path<'_>> = self.outlines().chain(neighbours.outlines()).collect();
        let mut levels = crate::shown_from(&paths, self.grid.zoom());
        levels.truncate(own);
        // The grid is finer than the tiles that show every vertex.
        for level in &mut levels {
            *level = self.grid.full.min(*level);
        }
        pack(&self, &levels)
    }

    fn outlines(&self) -> impl Iterator<Item = Path<'_>> {
        let (mut first, mut start) = (0, 0);
        self.rows
            .iter()
            .flat_map(move |row| {
                let paths = first..row.end;
                first = row.end;
                let form = match row.kind {
                    ShapeKind::Polygons => Form::Ring,
                    _ => Form::Line,
                };
                self.paths[paths].iter().map(move |path| (path.end, form))
            })
            .map(move |(end, form)| {
                let coords = &self.points[start..end];
                start = end;
                Path { coords, form }
            })
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

    /// Each point is a path of its own: none of them goes as zooms get lower.
    fn points(
        &mut self,
        points: impl IntoIterator<Item = Coord<f64>>,
        to_set: &impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Result<ShapeKind, OffGrid> {
        for point in points {
            self.trace(&[point], to_set)?;
            self.end_path(Role::Exterior, 0);
        }
        Ok(ShapeKind::Points)
    }

    fn lines<'g>(
        &mut self,
        lines: impl IntoIterator<Item = &'g LineString<f64>>,
        to_set: &impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Result<ShapeKind, OffGrid> {
        for line in lines {
            let start = self.trace(&line.0, to_set)?;
            let reach = f64::from(reach(&self.points[start..]));
            self.end_path(Role::Exterior, self.seen_from(reach * reach));
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
        let area = signed_area(self.points[start..].iter().map(|point| plain(*point)));
        let role = if exterior.is_some() { Role::Hole } else { Role::Exterior };
        if (area > 0.0) == (role == Role::Hole) {
            self.points[start..].reverse();
        }
        let from = self.seen_from(area.abs()).max(exterior.unwrap_or(0));
        self.end_path(role, from);
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

    fn end_path(&mut self, role: Role, from: u8) {
        self.paths.push(DraftPath { end: self.points.len(), role, from });
    }

    /// The lowest zoom at which an area in square units is large enough.
    fn seen_from(&self, area: f64) -> u8 {
        let at = |zoom: u8| area / f64::from(2 * (self.grid.zoom() - zoom)).exp2();
        let is_seen = |zoom: &u8| at(*zoom) >= Detail::default().min_area;
        (0..self.grid.full).find(is_seen).unwrap_or(self.grid.full)
    }
}

fn is_small(points: &[Coord<i32>]) -> bool {
    points.len() <= VERTICES_MAX && reach(points) < SPAN_MAX
}

/// The longer side of the box around points.
fn reach(points: &[Coord<i32>]) -> u32 {
    let span = |values: &mut dyn Iterator<Item = i32>| {
        let first = values.next().unwrap_or_default();
        let (least, most) =
            values.fold((first, first), |(least, most), it| (least.min(it), most.max(it)));
        most.abs_diff(least)
    };
    span(&mut points.iter().map(|it| it.x)).max(span(&mut points.iter().map(|it| it.y)))
}
