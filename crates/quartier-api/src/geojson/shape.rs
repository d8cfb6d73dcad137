use geo_types::{Coord, Geometry as Plane, GeometryCollection, LineString, Point, Polygon};
use quartier_model::Geometry;
use serde::Deserialize;

use super::position::Position;
use crate::limits::VERTICES_MAX;

/// A GeoJSON geometry as it is written.
#[derive(Debug, Deserialize)]
#[serde(tag = "type")]
pub(super) enum Shape {
    Point { coordinates: Position },
    MultiPoint { coordinates: Vec<Position> },
    LineString { coordinates: Vec<Position> },
    MultiLineString { coordinates: Vec<Vec<Position>> },
    Polygon { coordinates: Vec<Vec<Position>> },
    MultiPolygon { coordinates: Vec<Vec<Vec<Position>>> },
    GeometryCollection { geometries: Vec<Shape> },
}

/// Makes a geometry of a shape whose CRS has its axes in that order. The reason, where it cannot be one.
pub(super) fn geometry_of(shape: &Shape, is_north_first: bool) -> Result<Geometry, String> {
    let mut maker = Maker { is_north_first, heights: Vec::new(), flat: 0 };
    let plane = maker.plane(shape)?;
    let heights = match (maker.heights.len(), maker.flat) {
        (0, _) => None,
        (_, 0) => Some(maker.heights),
        _ => return Err("some positions have a height and others none".to_owned()),
    };
    Geometry::from_parts(plane, heights).map_err(|error| error.to_string())
}

struct Maker {
    is_north_first: bool,
    heights: Vec<f64>,
    flat: usize,
}

impl Maker {
    fn plane(&mut self, shape: &Shape) -> Result<Plane<f64>, String> {
        Ok(match shape {
            Shape::Point { coordinates } => Plane::Point(self.coord(coordinates)?.into()),
            Shape::MultiPoint { coordinates } => {
                let points = coordinates.iter().map(|it| self.coord(it).map(Point::from));
                Plane::MultiPoint(points.collect::<Result<_, String>>()?)
            }
            Shape::LineString { coordinates } => Plane::LineString(self.line(coordinates)?),
            Shape::MultiLineString { coordinates } => {
                let lines = coordinates.iter().map(|line| self.line(line));
                Plane::MultiLineString(lines.collect::<Result<_, String>>()?)
            }
            Shape::Polygon { coordinates } => Plane::Polygon(self.polygon(coordinates)?),
            Shape::MultiPolygon { coordinates } => {
                let polygons = coordinates.iter().map(|polygon| self.polygon(polygon));
                Plane::MultiPolygon(polygons.collect::<Result<_, String>>()?)
            }
            Shape::GeometryCollection { geometries } => {
                let members = geometries.iter().map(|member| self.plane(member));
                Plane::GeometryCollection(members.collect::<Result<GeometryCollection, String>>()?)
            }
        })
    }

    fn polygon(&mut self, rings: &[Vec<Position>]) -> Result<Polygon<f64>, String> {
        let mut rings = rings.iter().map(|ring| self.ring(ring));
        let exterior = rings.next().ok_or("a polygon needs a ring")??;
        Ok(Polygon::new(exterior, rings.collect::<Result<_, String>>()?))
    }

    fn ring(&mut self, ring: &[Position]) -> Result<LineString<f64>, String> {
        if ring.first() != ring.last() {
            return Err("a ring is not closed: its last position must be its first".to_owned());
        }
        if ring.len() < 4 {
            return Err("a ring needs at least 4 positions".to_owned());
        }
        self.line(ring)
    }

    fn line(&mut self, positions: &[Position]) -> Result<LineString<f64>, String> {
        positions.iter().map(|position| self.coord(position)).collect()
    }

    fn coord(&mut self, position: &Position) -> Result<Coord<f64>, String> {
        match position.height {
            Some(height) => self.heights.push(height),
            None => self.flat += 1,
        }
        if self.heights.len() + self.flat > VERTICES_MAX {
            return Err(format!("the geometry has more than {VERTICES_MAX} positions"));
        }
        let Position { first, second, .. } = *position;
        let (x, y) = if self.is_north_first { (second, first) } else { (first, second) };
        Ok(Coord { x, y })
    }
}
