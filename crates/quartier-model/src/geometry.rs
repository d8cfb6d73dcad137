use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde::{Deserialize, Serialize};

use crate::Bbox;

/// Where an object is, seen from above: its footprint, line or point, in the CRS that its context names.
///
/// Heights are kept beside the plane geometry, so that every algorithm of the `geo` crate works as it is.
/// Coordinates are finite; polygons' rings are closed; there are no rectangles, triangles or single segments.
#[derive(Debug, Clone, PartialEq)]
pub struct Geometry {
    plane: geo_types::Geometry<f64>,
    /// In metres; one for each coordinate, in the order of [`Geometry::coords`].
    heights: Option<Vec<f64>>,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GeometryError {
    #[error("the geometry has a coordinate that is not a finite number")]
    NotFinite,
    #[error("the geometry has {coordinates} coordinates but {heights} heights")]
    Heights { coordinates: usize, heights: usize },
    #[error("the geometry is empty")]
    Empty,
    #[error("a line needs 2 positions, a ring 4; the geometry has one with fewer")]
    Short,
}

/// What a geometry is, in the words of Simple Features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum GeometryKind {
    Point,
    MultiPoint,
    LineString,
    MultiLineString,
    Polygon,
    MultiPolygon,
    GeometryCollection,
}

impl Geometry {
    /// A flat geometry.
    pub fn new(plane: geo_types::Geometry<f64>) -> Result<Self, GeometryError> {
        Self::from_parts(plane, None)
    }

    /// A geometry whose coordinates have heights in metres, in the order of [`Geometry::coords`].
    pub fn with_heights(
        plane: geo_types::Geometry<f64>,
        heights: Vec<f64>,
    ) -> Result<Self, GeometryError> {
        Self::from_parts(plane, Some(heights))
    }

    /// As [`Geometry::new`] or [`Geometry::with_heights`].
    pub fn from_parts(
        plane: geo_types::Geometry<f64>,
        heights: Option<Vec<f64>>,
    ) -> Result<Self, GeometryError> {
        let plane = simple(plane);
        check(&plane)?;
        let mut coordinates = 0;
        let mut is_finite = true;
        visit(&plane, &mut |coord| {
            coordinates += 1;
            is_finite &= coord.x.is_finite() && coord.y.is_finite();
        });
        let heights_given = heights.as_deref().unwrap_or_default();
        if !is_finite || !heights_given.iter().all(|height| height.is_finite()) {
            return Err(GeometryError::NotFinite);
        }
        if coordinates == 0 {
            return Err(GeometryError::Empty);
        }
        if heights.is_some() && heights_given.len() != coordinates {
            return Err(GeometryError::Heights { coordinates, heights: heights_given.len() });
        }
        Ok(Self { plane, heights })
    }

    /// The geometry without its heights.
    pub fn plane(&self) -> &geo_types::Geometry<f64> {
        &self.plane
    }

    /// Heights in metres, one for each coordinate.
    pub fn heights(&self) -> Option<&[f64]> {
        self.heights.as_deref()
    }

    pub fn into_parts(self) -> (geo_types::Geometry<f64>, Option<Vec<f64>>) {
        (self.plane, self.heights)
    }

    /// Every coordinate, ring after ring (exterior first), member after member; closing points included.
    pub fn coords(&self) -> Vec<Coord<f64>> {
        let mut coords = Vec::new();
        visit(&self.plane, &mut |coord| coords.push(coord));
        coords
    }

    /// The same shape with every coordinate mapped; heights stay.
    pub fn map_coords(
        &self,
        mut map: impl FnMut(Coord<f64>) -> Coord<f64>,
    ) -> Result<Self, GeometryError> {
        let mut plane = self.plane.clone();
        visit_mut(&mut plane, &mut |coord| *coord = map(*coord));
        Self::from_parts(plane, self.heights.clone())
    }

    /// The box around it, with its heights where it has them.
    pub fn bbox(&self) -> Bbox {
        let first = Bbox {
            min_x: f64::INFINITY,
            min_y: f64::INFINITY,
            max_x: f64::NEG_INFINITY,
            max_y: f64::NEG_INFINITY,
            heights: None,
        };
        let mut bbox = first;
        visit(&self.plane, &mut |coord| {
            bbox.min_x = bbox.min_x.min(coord.x);
            bbox.min_y = bbox.min_y.min(coord.y);
            bbox.max_x = bbox.max_x.max(coord.x);
            bbox.max_y = bbox.max_y.max(coord.y);
        });
        bbox.heights = self.heights.as_deref().and_then(height_range);
        bbox
    }

    pub fn kind(&self) -> GeometryKind {
        match &self.plane {
            geo_types::Geometry::Point(_) => GeometryKind::Point,
            geo_types::Geometry::MultiPoint(_) => GeometryKind::MultiPoint,
            geo_types::Geometry::Line(_) | geo_types::Geometry::LineString(_) => {
                GeometryKind::LineString
            }
            geo_types::Geometry::MultiLineString(_) => GeometryKind::MultiLineString,
            geo_types::Geometry::Polygon(_)
            | geo_types::Geometry::Rect(_)
            | geo_types::Geometry::Triangle(_) => GeometryKind::Polygon,
            geo_types::Geometry::MultiPolygon(_) => GeometryKind::MultiPolygon,
            geo_types::Geometry::GeometryCollection(_) => GeometryKind::GeometryCollection,
        }
    }
}

impl GeometryKind {
    /// The name in WKT, GeoJSON and GeoPackage, which differ in case only.
    pub fn name(self) -> &'static str {
        match self {
            Self::Point => "Point",
            Self::MultiPoint => "MultiPoint",
            Self::LineString => "LineString",
            Self::MultiLineString => "MultiLineString",
            Self::Polygon => "Polygon",
            Self::MultiPolygon => "MultiPolygon",
            Self::GeometryCollection => "GeometryCollection",
        }
    }
}

fn height_range(heights: &[f64]) -> Option<(f64, f64)> {
    let first = *heights.first()?;
    let widen = |(low, high): (f64, f64), height: &f64| (low.min(*height), high.max(*height));
    Some(heights.iter().fold((first, first), widen))
}

fn simple(plane: geo_types::Geometry<f64>) -> geo_types::Geometry<f64> {
    match plane {
        geo_types::Geometry::Line(line) => LineString::from(line).into(),
        geo_types::Geometry::Rect(rect) => rect.to_polygon().into(),
        geo_types::Geometry::Triangle(triangle) => triangle.to_polygon().into(),
        geo_types::Geometry::GeometryCollection(members) => {
            geo_types::Geometry::GeometryCollection(members.into_iter().map(simple).collect())
        }
        other => other,
    }
}

fn check(plane: &geo_types::Geometry<f64>) -> Result<(), GeometryError> {
    let line = |line: &LineString<f64>| line.0.len() >= 2;
    let polygon = |polygon: &Polygon<f64>| {
        polygon.exterior().0.len() >= 4 && polygon.interiors().iter().all(|ring| ring.0.len() >= 4)
    };
    let is_long = match plane {
        geo_types::Geometry::LineString(it) => line(it),
        geo_types::Geometry::MultiLineString(lines) => lines.iter().all(line),
        geo_types::Geometry::Polygon(it) => polygon(it),
        geo_types::Geometry::MultiPolygon(MultiPolygon(polygons)) => polygons.iter().all(polygon),
        geo_types::Geometry::GeometryCollection(members) => {
            return members.iter().try_for_each(check);
        }
        _ => true,
    };
    if is_long { Ok(()) } else { Err(GeometryError::Short) }
}

fn visit(plane: &geo_types::Geometry<f64>, see: &mut dyn FnMut(Coord<f64>)) {
    let mut line = |line: &LineString<f64>| line.0.iter().copied().for_each(&mut *see);
    match plane {
        geo_types::Geometry::Point(point) => see(point.0),
        geo_types::Geometry::MultiPoint(points) => points.iter().for_each(|point| see(point.0)),
        geo_types::Geometry::LineString(it) => line(it),
        geo_types::Geometry::MultiLineString(lines) => lines.iter().for_each(line),
        geo_types::Geometry::Polygon(polygon) => rings(polygon).for_each(line),
        geo_types::Geometry::MultiPolygon(polygons) => {
            polygons.iter().flat_map(rings).for_each(line);
        }
        geo_types::Geometry::GeometryCollection(members) => {
            members.iter().for_each(|member| visit(member, see));
        }
        geo_types::Geometry::Line(it) => [it.start, it.end].into_iter().for_each(see),
        geo_types::Geometry::Rect(rect) => line(rect.to_polygon().exterior()),
        geo_types::Geometry::Triangle(triangle) => line(triangle.to_polygon().exterior()),
    }
}

fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

fn visit_mut(plane: &mut geo_types::Geometry<f64>, see: &mut dyn FnMut(&mut Coord<f64>)) {
    match plane {
        geo_types::Geometry::Point(point) => see(&mut point.0),
        geo_types::Geometry::MultiPoint(points) => {
            points.iter_mut().for_each(|point| see(&mut point.0));
        }
        geo_types::Geometry::LineString(line) => line.0.iter_mut().for_each(see),
        geo_types::Geometry::MultiLineString(lines) => {
            lines.iter_mut().flat_map(|line| line.0.iter_mut()).for_each(see);
        }
        geo_types::Geometry::Polygon(polygon) => polygon_mut(polygon, see),
        geo_types::Geometry::MultiPolygon(polygons) => {
            polygons.iter_mut().for_each(|polygon| polygon_mut(polygon, see));
        }
        geo_types::Geometry::GeometryCollection(members) => {
            members.iter_mut().for_each(|member| visit_mut(member, see));
        }
        // `simple` leaves none of these.
        geo_types::Geometry::Line(_)
        | geo_types::Geometry::Rect(_)
        | geo_types::Geometry::Triangle(_) => {}
    }
}

fn polygon_mut(polygon: &mut Polygon<f64>, see: &mut dyn FnMut(&mut Coord<f64>)) {
    polygon.exterior_mut(|ring| ring.0.iter_mut().for_each(&mut *see));
    polygon.interiors_mut(|rings| {
        rings.iter_mut().flat_map(|ring| ring.0.iter_mut()).for_each(&mut *see);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{point, polygon};

    #[test]
    fn heights_are_kept_beside_the_plane() {
        let geometry = Geometry::with_heights(point!(x: 1.0, y: 2.0).into(), vec![54.3]).unwrap();
        assert_eq!(geometry.heights(), Some([54.3].as_slice()));
        assert_eq!(geometry.bbox().heights, Some((54.3, 54.3)));
    }

    #[test]
    fn a_coordinate_at_infinity_is_refused() {
        let nowhere = Geometry::new(point!(x: f64::INFINITY, y: 2.0).into());
        assert_eq!(nowhere, Err(GeometryError::NotFinite));
    }

    #[test]
    fn heights_that_do_not_match_the_coordinates_are_refused() {
        let square = polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 1., y: 1.)];
        let error = Geometry::with_heights(square.into(), vec![1.0]).unwrap_err();
        assert_eq!(error, GeometryError::Heights { coordinates: 4, heights: 1 });
    }

    #[test]
    fn a_mapped_polygon_stays_closed() {
        let square = polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 1., y: 1.)];
        let moved = Geometry::new(square.into())
            .unwrap()
            .map_coords(|coord| Coord { x: coord.x + 5.0, ..coord })
            .unwrap();
        let coords = moved.coords();
        assert_eq!(coords.first(), coords.last());
        assert_eq!(coords.len(), 4);
    }
}
