use std::fmt::{Formatter, Result, Write as _};

use geo_types::{Coord, LineString, Polygon};
use quartier_model::Geometry;

type Plane = geo_types::Geometry<f64>;

/// Writes well-known text; heights where the geometry has them.
pub(super) fn print_wkt(geometry: &Geometry, formatter: &mut Formatter<'_>) -> Result {
    let heights = geometry.heights().map(|heights| heights.iter());
    Writer { formatter, heights }.geometry(geometry.plane())
}

struct Writer<'a, 'f> {
    formatter: &'a mut Formatter<'f>,
    heights: Option<std::slice::Iter<'a, f64>>,
}

impl Writer<'_, '_> {
    fn geometry(&mut self, plane: &Plane) -> Result {
        match plane {
            Plane::Point(point) => {
                self.name("POINT")?;
                self.list([point.0], Self::coord)
            }
            Plane::LineString(line) => {
                self.name("LINESTRING")?;
                self.line(line)
            }
            Plane::Polygon(polygon) => {
                self.name("POLYGON")?;
                self.polygon(polygon)
            }
            Plane::MultiPoint(points) => {
                self.name("MULTIPOINT")?;
                self.list(points, |writer, point| writer.list([point.0], Self::coord))
            }
            Plane::MultiLineString(lines) => {
                self.name("MULTILINESTRING")?;
                self.list(lines, Self::line)
            }
            Plane::MultiPolygon(polygons) => {
                self.name("MULTIPOLYGON")?;
                self.list(polygons, Self::polygon)
            }
            Plane::GeometryCollection(members) => {
                self.name("GEOMETRYCOLLECTION")?;
                self.list(members, Self::geometry)
            }
            // The model makes a line string or a polygon of each of these.
            Plane::Line(_) | Plane::Rect(_) | Plane::Triangle(_) => Ok(()),
        }
    }

    fn name(&mut self, name: &str) -> Result {
        let mark = if self.heights.is_some() { " Z " } else { " " };
        write!(self.formatter, "{name}{mark}")
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) -> Result {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        self.list(rings, Self::line)
    }

    fn line(&mut self, line: &LineString<f64>) -> Result {
        self.list(line.0.iter().copied(), Self::coord)
    }

    fn coord(&mut self, coord: Coord<f64>) -> Result {
        write!(self.formatter, "{} {}", coord.x, coord.y)?;
        match self.heights.as_mut().and_then(Iterator::next) {
            Some(height) => write!(self.formatter, " {height}"),
            None => Ok(()),
        }
    }

    fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        write: impl Fn(&mut Self, T) -> Result,
    ) -> Result {
        self.formatter.write_char('(')?;
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.formatter.write_str(", ")?;
            }
            write(self, item)?;
        }
        self.formatter.write_char(')')
    }
}
