use geo::CoordsIter as _;
use geo_types::{Coord, Geometry as Plane, LineString, Point, Polygon};
use quartier_model::{Geometry, GeometryKind};

use super::read::Reader;

/// The geometry seen from above, every coordinate mapped as it is read.
pub(crate) fn plane_mapped(
    bytes: &[u8],
    map: impl Fn(Coord<f64>) -> Coord<f64>,
) -> Option<Plane<f64>> {
    let (head, mut reader) = Reader::new(bytes)?;
    Some(body(head.kind, &mut reader, &map))
}

/// The geometry with its heights.
pub(crate) fn geometry(bytes: &[u8]) -> Option<Geometry> {
    let (head, mut reader) = Reader::new(bytes)?;
    let plane = body(head.kind, &mut reader, &|coord| coord);
    let heights = head.has_heights.then(|| reader.heights(plane.coords_count()));
    Geometry::from_parts(plane, heights).ok()
}

fn body<M: Fn(Coord<f64>) -> Coord<f64>>(
    kind: GeometryKind,
    reader: &mut Reader<'_>,
    map: &M,
) -> Plane<f64> {
    match kind {
        GeometryKind::Point => Plane::Point(Point(map(reader.coord()))),
        GeometryKind::LineString => Plane::LineString(line(reader, map)),
        GeometryKind::Polygon => Plane::Polygon(polygon(reader, map)),
        GeometryKind::MultiPoint => {
            Plane::MultiPoint(each(reader, |reader| Point(map(reader.coord()))).into())
        }
        GeometryKind::MultiLineString => {
            Plane::MultiLineString(geo_types::MultiLineString(each(reader, |reader| {
                line(reader, map)
            })))
        }
        GeometryKind::MultiPolygon => {
            Plane::MultiPolygon(geo_types::MultiPolygon(each(reader, |reader| {
                polygon(reader, map)
            })))
        }
        GeometryKind::GeometryCollection => {
            let member = |reader: &mut Reader<'_>| body(reader.member_kind(), reader, map);
            Plane::GeometryCollection(geo_types::GeometryCollection(each(reader, member)))
        }
    }
}

fn each<T>(reader: &mut Reader<'_>, read: impl Fn(&mut Reader<'_>) -> T) -> Vec<T> {
    (0..reader.count()).map(|_| read(reader)).collect()
}

fn line(reader: &mut Reader<'_>, map: &impl Fn(Coord<f64>) -> Coord<f64>) -> LineString<f64> {
    LineString(each(reader, |reader| map(reader.coord())))
}

fn polygon(reader: &mut Reader<'_>, map: &impl Fn(Coord<f64>) -> Coord<f64>) -> Polygon<f64> {
    let interiors = reader.count();
    let exterior = ring(reader, map);
    Polygon::new(exterior, (0..interiors).map(|_| ring(reader, map)).collect())
}

fn ring(reader: &mut Reader<'_>, map: &impl Fn(Coord<f64>) -> Coord<f64>) -> LineString<f64> {
    let size = reader.ring_size();
    let mut coords = Vec::with_capacity(size.kept + usize::from(size.is_closed));
    coords.extend((0..size.kept).map(|_| map(reader.coord())));
    if size.is_closed {
        coords.extend(coords.first().copied());
    }
    LineString(coords)
}
