use std::fmt::Write as _;

use geo_types::{Coord, Geometry as Plane, LineString, Polygon};
use quartier_model::{Bbox, Geometry};
use serde_json::{Value, json};

/// The longer side of a sketch, in its own units.
const SIDE: f64 = 300.0;

/// Around the sketch, so that lines and points at its edge are seen.
const MARGIN: f64 = 8.0;

/// A geometry as paths of an SVG: areas, lines, and points.
pub(super) fn sketch(geometry: &Geometry) -> Value {
    let bbox = geometry.bbox();
    let mut sketch = Sketch::new(&bbox);
    sketch.add(geometry.plane());
    let [width, height] = [bbox.max_x - bbox.min_x, bbox.max_y - bbox.min_y]
        .map(|span| span * sketch.scale + 2.0 * MARGIN);
    json!({
        "view_box": format!("0 0 {width:.1} {height:.1}"),
        "areas": sketch.areas,
        "lines": sketch.lines,
        "points": sketch.points,
    })
}

struct Sketch {
    left: f64,
    top: f64,
    scale: f64,
    areas: String,
    lines: String,
    points: Vec<[String; 2]>,
}

impl Sketch {
    fn new(bbox: &Bbox) -> Self {
        let side = (bbox.max_x - bbox.min_x).max(bbox.max_y - bbox.min_y);
        Self {
            left: bbox.min_x,
            top: bbox.max_y,
            scale: if side > 0.0 { SIDE / side } else { 1.0 },
            areas: String::new(),
            lines: String::new(),
            points: Vec::new(),
        }
    }

    fn add(&mut self, plane: &Plane<f64>) {
        match plane {
            Plane::Point(point) => self.point(point.0),
            Plane::MultiPoint(points) => points.iter().for_each(|point| self.point(point.0)),
            Plane::LineString(line) => self.line(line),
            Plane::MultiLineString(lines) => lines.iter().for_each(|line| self.line(line)),
            Plane::Polygon(polygon) => self.polygon(polygon),
            Plane::MultiPolygon(polygons) => polygons.iter().for_each(|it| self.polygon(it)),
            Plane::GeometryCollection(members) => members.iter().for_each(|it| self.add(it)),
            Plane::Line(_) | Plane::Rect(_) | Plane::Triangle(_) => {}
        }
    }

    fn point(&mut self, coord: Coord<f64>) {
        let (x, y) = self.place(coord);
        self.points.push([format!("{x:.1}"), format!("{y:.1}")]);
    }

    fn line(&mut self, line: &LineString<f64>) {
        let path = self.path(line);
        self.lines.push_str(&path);
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let path = self.path(ring);
            self.areas.push_str(&path);
            self.areas.push('Z');
        }
    }

    fn path(&self, line: &LineString<f64>) -> String {
        let mut path = String::new();
        for (at, coord) in line.0.iter().enumerate() {
            let (x, y) = self.place(*coord);
            let letter = if at == 0 { 'M' } else { 'L' };
            let _infallible = write!(path, "{letter}{x:.1} {y:.1}");
        }
        path
    }

    fn place(&self, coord: Coord<f64>) -> (f64, f64) {
        let x = (coord.x - self.left) * self.scale + MARGIN;
        (x, (self.top - coord.y) * self.scale + MARGIN)
    }
}
