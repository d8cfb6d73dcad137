use std::collections::HashMap;

use geo::{Coord, CoordsIter as _, Geometry, LineString, MapCoordsInPlace as _, Polygon};

/// A piece of a ring, with the heights of its ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment {
    pub(crate) start: [f64; 3],
    pub(crate) end: [f64; 3],
}

/// The heights of a geometry's outlines, to give them to a geometry that was made from it.
#[derive(Debug)]
pub(crate) struct Relief {
    segments: Vec<Segment>,
    /// Vertices by cell: cells are as wide as the tolerance.
    vertices: HashMap<(i64, i64), [f64; 3]>,
    tolerance: f64,
}

/// Overlays snap coordinates to a grid of about a billionth of the extent; a millionth is safely more, and less
/// than the distance of any two corners.
const TOLERANCE_OF_EXTENT: f64 = 1e-6;

impl Relief {
    pub(crate) fn new(segments: Vec<Segment>) -> Self {
        let tolerance = extent(&segments) * TOLERANCE_OF_EXTENT;
        let mut relief = Self { segments: Vec::new(), vertices: HashMap::new(), tolerance };
        for vertex in segments.iter().flat_map(|segment| [segment.start, segment.end]) {
            let known = relief.vertices.entry(relief_cell(vertex, tolerance)).or_insert(vertex);
            // Where a wall stands, the lower of the two: a footprint is on the ground.
            if vertex[2] < known[2] {
                *known = vertex;
            }
        }
        relief.segments = segments;
        relief
    }

    /// The relief of polygons with heights in the order of their coordinates.
    pub(crate) fn of_rings(plane: &Geometry<f64>, heights: &[f64]) -> Self {
        let mut heights = heights.iter().copied();
        let mut segments = Vec::new();
        collect(plane, &mut heights, &mut segments);
        Self::new(segments)
    }

    /// Gives every coordinate of the geometry a height: its vertex's own, or that of the outline on which it lies.
    /// A coordinate that an overlay has moved by a hair moves back to its vertex.
    pub(crate) fn carry(&self, mut plane: Geometry<f64>) -> (Geometry<f64>, Vec<f64>) {
        let heights = plane.coords_iter().map(|coord| self.at(coord)[2]).collect();
        plane.map_coords_in_place(|coord| {
            let [x, y, _] = self.at(coord);
            Coord { x, y }
        });
        (plane, heights)
    }

    fn at(&self, coord: Coord<f64>) -> [f64; 3] {
        self.vertex(coord).unwrap_or_else(|| [coord.x, coord.y, self.interpolated(coord)])
    }

    fn vertex(&self, coord: Coord<f64>) -> Option<[f64; 3]> {
        let (column, row) = relief_cell([coord.x, coord.y, 0.0], self.tolerance);
        let around = [0, -1, 1]
            .into_iter()
            .flat_map(|x| [0, -1, 1].map(|y| (column.saturating_add(x), row.saturating_add(y))));
        around
            .filter_map(|cell| self.vertices.get(&cell).copied())
            .find(|[x, y, _]| (x - coord.x).hypot(y - coord.y) <= self.tolerance)
    }

    fn interpolated(&self, coord: Coord<f64>) -> f64 {
        let nearest = self.segments.iter().map(|segment| segment.nearest(coord));
        nearest.min_by(|one, other| one.0.total_cmp(&other.0)).map_or(0.0, |(_, height)| height)
    }
}

impl Segment {
    /// The distance of a place from the segment, and the segment's height next to it.
    fn nearest(&self, coord: Coord<f64>) -> (f64, f64) {
        let [x, y, z] = self.start;
        let (dx, dy, dz) = (self.end[0] - x, self.end[1] - y, self.end[2] - z);
        let length = dx * dx + dy * dy;
        let along = if length > 0.0 {
            (((coord.x - x) * dx + (coord.y - y) * dy) / length).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let distance = (x + along * dx - coord.x).hypot(y + along * dy - coord.y);
        (distance, z + along * dz)
    }
}

fn relief_cell(vertex: [f64; 3], tolerance: f64) -> (i64, i64) {
    let cell = |number: f64| (number / tolerance.max(f64::MIN_POSITIVE)).round() as i64;
    (cell(vertex[0]), cell(vertex[1]))
}

fn extent(segments: &[Segment]) -> f64 {
    let span = |axis: usize| {
        let numbers = segments.iter().flat_map(|segment| [segment.start[axis], segment.end[axis]]);
        let (low, high) = numbers
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| {
                (low.min(number), high.max(number))
            });
        high - low
    };
    span(0).max(span(1)).max(0.0)
}

fn collect(
    plane: &Geometry<f64>,
    heights: &mut dyn Iterator<Item = f64>,
    segments: &mut Vec<Segment>,
) {
    match plane {
        Geometry::Polygon(polygon) => collect_polygon(polygon, heights, segments),
        Geometry::MultiPolygon(polygons) => {
            polygons.iter().for_each(|polygon| collect_polygon(polygon, heights, segments));
        }
        Geometry::LineString(line) => collect_line(line, heights, segments),
        Geometry::MultiLineString(lines) => {
            lines.iter().for_each(|line| collect_line(line, heights, segments));
        }
        Geometry::GeometryCollection(members) => {
            members.iter().for_each(|member| collect(member, heights, segments));
        }
        Geometry::MultiPoint(points) => {
            points.iter().for_each(|point| collect_line(&vec![point.0].into(), heights, segments));
        }
        Geometry::Point(point) => collect_line(&vec![point.0].into(), heights, segments),
        _ => {}
    }
}

fn collect_polygon(
    polygon: &Polygon<f64>,
    heights: &mut dyn Iterator<Item = f64>,
    segments: &mut Vec<Segment>,
) {
    collect_line(polygon.exterior(), heights, segments);
    polygon.interiors().iter().for_each(|ring| collect_line(ring, heights, segments));
}

fn collect_line(
    line: &LineString<f64>,
    heights: &mut dyn Iterator<Item = f64>,
    segments: &mut Vec<Segment>,
) {
    let points: Vec<[f64; 3]> =
        line.0.iter().zip(heights).map(|(coord, height)| [coord.x, coord.y, height]).collect();
    if let [only] = points.as_slice() {
        segments.push(Segment { start: *only, end: *only });
    }
    segments.extend(points.windows(2).filter_map(|pair| match pair {
        [start, end] => Some(Segment { start: *start, end: *end }),
        _ => None,
    }));
}
