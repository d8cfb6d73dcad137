use geo_types::{Coord, Geometry as Plane, LineString, Polygon};
use quartier_model::{Geometry, GeometryKind};

use super::layout::{Head, Precision};

/// Appends a geometry.
pub(super) fn write(geometry: &Geometry, bytes: &mut Vec<u8>) {
    let coords = geometry.coords();
    let precision = Precision::of(&coords.iter().flat_map(|coord| [coord.x, coord.y]));
    let heights = geometry.heights();
    let kind = geometry.kind();
    bytes.push(Head { kind, precision, has_heights: heights.is_some() }.byte());
    let mut writer = Writer { bytes, precision, last: (0, 0) };
    writer.body(geometry.plane());
    if let Some(heights) = heights {
        writer.heights(heights);
    }
}

struct Writer<'a> {
    bytes: &'a mut Vec<u8>,
    precision: Precision,
    last: (i64, i64),
}

impl Writer<'_> {
    fn body(&mut self, plane: &Plane<f64>) {
        match plane {
            Plane::Point(point) => self.coord(point.0),
            Plane::MultiPoint(points) => {
                self.count(points.0.len());
                points.iter().for_each(|point| self.coord(point.0));
            }
            Plane::LineString(line) => self.line(line),
            Plane::MultiLineString(lines) => {
                self.count(lines.0.len());
                lines.iter().for_each(|line| self.line(line));
            }
            Plane::Polygon(polygon) => self.polygon(polygon),
            Plane::MultiPolygon(polygons) => {
                self.count(polygons.0.len());
                polygons.iter().for_each(|polygon| self.polygon(polygon));
            }
            Plane::GeometryCollection(members) => {
                self.count(members.0.len());
                members.iter().for_each(|member| self.member(member));
            }
            // The model makes lines and polygons of these.
            Plane::Line(line) => self.line(&LineString::from(*line)),
            Plane::Rect(rect) => self.polygon(&rect.to_polygon()),
            Plane::Triangle(triangle) => self.polygon(&triangle.to_polygon()),
        }
    }

    fn member(&mut self, member: &Plane<f64>) {
        let kind = match member {
            Plane::Point(_) => GeometryKind::Point,
            Plane::MultiPoint(_) => GeometryKind::MultiPoint,
            Plane::Line(_) | Plane::LineString(_) => GeometryKind::LineString,
            Plane::MultiLineString(_) => GeometryKind::MultiLineString,
            Plane::Polygon(_) | Plane::Rect(_) | Plane::Triangle(_) => GeometryKind::Polygon,
            Plane::MultiPolygon(_) => GeometryKind::MultiPolygon,
            Plane::GeometryCollection(_) => GeometryKind::GeometryCollection,
        };
        self.bytes.push(kind as u8);
        self.body(member);
    }

    fn line(&mut self, line: &LineString<f64>) {
        self.count(line.0.len());
        line.0.iter().for_each(|coord| self.coord(*coord));
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) {
        self.count(polygon.interiors().len());
        self.ring(polygon.exterior());
        polygon.interiors().iter().for_each(|ring| self.ring(ring));
    }

    /// The closing point is left out, unless it differs in the sign of a zero.
    fn ring(&mut self, ring: &LineString<f64>) {
        let bits = |coord: &Coord<f64>| (coord.x.to_bits(), coord.y.to_bits());
        let is_closed = ring.0.len() > 1 && ring.0.first().map(bits) == ring.0.last().map(bits);
        let kept = ring.0.len() - usize::from(is_closed);
        self.count(kept << 1 | usize::from(is_closed));
        ring.0.iter().take(kept).for_each(|coord| self.coord(*coord));
    }

    fn coord(&mut self, coord: Coord<f64>) {
        match self.precision.quantum(coord.x).zip(self.precision.quantum(coord.y)) {
            Some((x, y)) if self.precision != Precision::RAW => {
                self.difference(x - self.last.0);
                self.difference(y - self.last.1);
                self.last = (x, y);
            }
            _ => {
                self.bytes.extend(coord.x.to_le_bytes());
                self.bytes.extend(coord.y.to_le_bytes());
            }
        }
    }

    fn heights(&mut self, heights: &[f64]) {
        let precision = Precision::of(&heights.iter().copied());
        self.bytes.push(precision.0);
        let mut last = 0;
        for height in heights {
            match precision.quantum(*height) {
                Some(integer) if precision != Precision::RAW => {
                    self.difference(integer - last);
                    last = integer;
                }
                _ => self.bytes.extend(height.to_le_bytes()),
            }
        }
    }

    fn difference(&mut self, difference: i64) {
        self.varint((difference << 1 ^ difference >> 63).cast_unsigned());
    }

    fn count(&mut self, count: usize) {
        self.varint(count as u64);
    }

    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }
}
