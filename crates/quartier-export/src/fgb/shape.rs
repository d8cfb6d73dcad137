use ::flatgeobuf::geozero::{GeomProcessor, GeozeroGeometry, error::Result};
use geo_types::{Coord, LineString, Polygon};
use quartier_model::Geometry;

/// A geometry on its way into the file, with a height for each coordinate where the file has heights.
pub(super) struct Shape<'geometry> {
    pub(super) geometry: &'geometry Geometry,
    pub(super) has_heights: bool,
}

impl GeozeroGeometry for Shape<'_> {
    fn process_geom<P: GeomProcessor>(&self, processor: &mut P) -> Result<()> {
        let heights = self.geometry.heights().unwrap_or_default().iter();
        let mut walk = Walk { processor, heights, has_heights: self.has_heights };
        walk.geometry(self.geometry.plane(), 0)
    }
}

struct Walk<'walk, P> {
    processor: &'walk mut P,
    heights: std::slice::Iter<'walk, f64>,
    has_heights: bool,
}

impl<P: GeomProcessor> Walk<'_, P> {
    fn geometry(&mut self, plane: &geo_types::Geometry<f64>, index: usize) -> Result<()> {
        match plane {
            geo_types::Geometry::Point(point) => {
                self.processor.point_begin(index)?;
                self.coord(point.0, 0)?;
                self.processor.point_end(index)
            }
            geo_types::Geometry::MultiPoint(points) => {
                self.processor.multipoint_begin(points.0.len(), index)?;
                for (number, point) in points.iter().enumerate() {
                    self.coord(point.0, number)?;
                }
                self.processor.multipoint_end(index)
            }
            geo_types::Geometry::LineString(line) => self.line(line, true, index),
            geo_types::Geometry::MultiLineString(lines) => {
                self.processor.multilinestring_begin(lines.0.len(), index)?;
                for (number, line) in lines.iter().enumerate() {
                    self.line(line, false, number)?;
                }
                self.processor.multilinestring_end(index)
            }
            geo_types::Geometry::Polygon(polygon) => self.polygon(polygon, true, index),
            geo_types::Geometry::MultiPolygon(polygons) => {
                self.processor.multipolygon_begin(polygons.0.len(), index)?;
                for (number, polygon) in polygons.iter().enumerate() {
                    self.polygon(polygon, false, number)?;
                }
                self.processor.multipolygon_end(index)
            }
            geo_types::Geometry::GeometryCollection(members) => {
                self.processor.geometrycollection_begin(members.0.len(), index)?;
                for (number, member) in members.iter().enumerate() {
                    self.geometry(member, number)?;
                }
                self.processor.geometrycollection_end(index)
            }
            // The model turns these into lines and polygons.
            geo_types::Geometry::Line(_)
            | geo_types::Geometry::Rect(_)
            | geo_types::Geometry::Triangle(_) => Ok(()),
        }
    }

    fn polygon(&mut self, polygon: &Polygon<f64>, tagged: bool, index: usize) -> Result<()> {
        let rings = 1 + polygon.interiors().len();
        self.processor.polygon_begin(tagged, rings, index)?;
        let all = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        for (number, ring) in all.enumerate() {
            self.line(ring, false, number)?;
        }
        self.processor.polygon_end(tagged, index)
    }

    fn line(&mut self, line: &LineString<f64>, tagged: bool, index: usize) -> Result<()> {
        self.processor.linestring_begin(tagged, line.0.len(), index)?;
        for (number, coord) in line.coords().enumerate() {
            self.coord(*coord, number)?;
        }
        self.processor.linestring_end(tagged, index)
    }

    fn coord(&mut self, coord: Coord<f64>, index: usize) -> Result<()> {
        let known = self.heights.next().copied();
        // A file has heights or not; where one object has none among others that have, it is not a number.
        let height = self.has_heights.then(|| known.unwrap_or(f64::NAN));
        self.processor.coordinate(coord.x, coord.y, height, None, None, None, index)
    }
}
