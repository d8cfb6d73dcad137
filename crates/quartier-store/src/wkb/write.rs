use std::slice;

use geo_types::{Coord, LineString, Polygon};
use quartier_model::Geometry;

use super::{
    ENVELOPE_SHIFT, EWKB_HEIGHTS, EWKB_SRID, GEOPACKAGE_MAGIC, ISO_HEIGHTS, LITTLE_ENDIAN, code,
};

/// Appends the geometry as little-endian EWKB with its SRID.
pub(crate) fn write_ewkb(geometry: &Geometry, srid: i32, out: &mut Vec<u8>) {
    let heights_bit = if geometry.heights().is_some() { EWKB_HEIGHTS } else { 0 };
    out.push(LITTLE_ENDIAN);
    out.extend((kind(geometry.plane()) | heights_bit | EWKB_SRID).to_le_bytes());
    out.extend(srid.to_le_bytes());
    Writer::new(geometry, heights_bit, out).body(geometry.plane());
}

/// Appends the geometry as a `GeoPackageBinary`: header, envelope (of all but points), ISO WKB.
pub(crate) fn write_geopackage(geometry: &Geometry, srs_id: i32, out: &mut Vec<u8>) {
    let is_point = matches!(geometry.plane(), geo_types::Geometry::Point(_));
    out.extend(GEOPACKAGE_MAGIC);
    out.push(LITTLE_ENDIAN | (u8::from(!is_point) << ENVELOPE_SHIFT));
    out.extend(srs_id.to_le_bytes());
    if !is_point {
        let bbox = geometry.bbox();
        for number in [bbox.min_x, bbox.max_x, bbox.min_y, bbox.max_y] {
            out.extend(number.to_le_bytes());
        }
    }
    let heights_offset = if geometry.heights().is_some() { ISO_HEIGHTS } else { 0 };
    Writer::new(geometry, heights_offset, out).member(geometry.plane());
}

struct Writer<'a> {
    /// What heights add to the number of a kind; no kind has the bits or the offset itself.
    heights_mark: u32,
    heights: Option<slice::Iter<'a, f64>>,
    out: &'a mut Vec<u8>,
}

impl<'a> Writer<'a> {
    fn new(geometry: &'a Geometry, heights_mark: u32, out: &'a mut Vec<u8>) -> Self {
        Self { heights_mark, heights: geometry.heights().map(<[f64]>::iter), out }
    }

    fn member(&mut self, plane: &geo_types::Geometry<f64>) {
        self.header(kind(plane));
        self.body(plane);
    }

    fn header(&mut self, kind: u32) {
        self.out.push(LITTLE_ENDIAN);
        self.out.extend((kind + self.heights_mark).to_le_bytes());
    }

    fn body(&mut self, plane: &geo_types::Geometry<f64>) {
        match plane {
            geo_types::Geometry::Point(point) => self.coord(point.0),
            geo_types::Geometry::LineString(line) => self.line(line),
            geo_types::Geometry::Polygon(polygon) => self.polygon(polygon),
            geo_types::Geometry::MultiPoint(points) => {
                self.members(code::POINT, &points.0, |writer, point| writer.coord(point.0));
            }
            geo_types::Geometry::MultiLineString(lines) => {
                self.members(code::LINE_STRING, &lines.0, Self::line);
            }
            geo_types::Geometry::MultiPolygon(polygons) => {
                self.members(code::POLYGON, &polygons.0, Self::polygon);
            }
            geo_types::Geometry::GeometryCollection(members) => {
                self.count(members.len());
                members.iter().for_each(|member| self.member(member));
            }
            // A `Geometry` holds none of these.
            geo_types::Geometry::Line(line) => self.line(&LineString::from(*line)),
            geo_types::Geometry::Rect(rect) => self.polygon(&rect.to_polygon()),
            geo_types::Geometry::Triangle(triangle) => self.polygon(&triangle.to_polygon()),
        }
    }

    fn members<T>(&mut self, kind: u32, members: &[T], write: fn(&mut Self, &T)) {
        self.count(members.len());
        for member in members {
            self.header(kind);
            write(self, member);
        }
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) {
        let exterior = polygon.exterior();
        if exterior.0.is_empty() {
            return self.count(0);
        }
        self.count(1 + polygon.interiors().len());
        self.line(exterior);
        polygon.interiors().iter().for_each(|ring| self.line(ring));
    }

    fn line(&mut self, line: &LineString<f64>) {
        self.count(line.0.len());
        line.0.iter().for_each(|coord| self.coord(*coord));
    }

    fn coord(&mut self, coord: Coord<f64>) {
        self.out.extend(coord.x.to_le_bytes());
        self.out.extend(coord.y.to_le_bytes());
        if let Some(height) = self.heights.as_mut().and_then(Iterator::next) {
            self.out.extend(height.to_le_bytes());
        }
    }

    fn count(&mut self, count: usize) {
        self.out.extend((count as u32).to_le_bytes());
    }
}

fn kind(plane: &geo_types::Geometry<f64>) -> u32 {
    match plane {
        geo_types::Geometry::Point(_) => code::POINT,
        geo_types::Geometry::Line(_) | geo_types::Geometry::LineString(_) => code::LINE_STRING,
        geo_types::Geometry::Polygon(_)
        | geo_types::Geometry::Rect(_)
        | geo_types::Geometry::Triangle(_) => code::POLYGON,
        geo_types::Geometry::MultiPoint(_) => code::MULTI_POINT,
        geo_types::Geometry::MultiLineString(_) => code::MULTI_LINE_STRING,
        geo_types::Geometry::MultiPolygon(_) => code::MULTI_POLYGON,
        geo_types::Geometry::GeometryCollection(_) => code::GEOMETRY_COLLECTION,
    }
}
