//! Well-known binary as GDAL writes it (ISO, little-endian), read within bounds.

use geo::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use crate::geometry::Shape;

/// Collections in collections.
const DEPTH_MAX: usize = 16;

struct Cursor<'a> {
    bytes: &'a [u8],
    heights: Vec<f64>,
    closed: usize,
}

/// What a coordinate has beyond x and y.
#[derive(Clone, Copy)]
struct Ordinates {
    has_z: bool,
    has_m: bool,
}

/// Reads a geometry; measures are left out.
pub(super) fn read(bytes: &[u8]) -> Result<Shape, String> {
    let mut cursor = Cursor { bytes, heights: Vec::new(), closed: 0 };
    let plane = cursor.geometry(0)?;
    let Cursor { heights, closed, .. } = cursor;
    let heights = (!heights.is_empty()).then_some(heights);
    Ok(Shape { plane, heights, closed })
}

impl Cursor<'_> {
    fn geometry(&mut self, depth: usize) -> Result<Geometry<f64>, String> {
        if depth > DEPTH_MAX {
            return Err("the geometry nests too deep".to_owned());
        }
        if self.take::<1>()? != [1] {
            return Err("the geometry has an unknown byte order".to_owned());
        }
        let code = u32::from_le_bytes(self.take()?);
        let of =
            Ordinates { has_z: matches!(code / 1000, 1 | 3), has_m: matches!(code / 1000, 2 | 3) };
        Ok(match code % 1000 {
            1 => Point(self.coord(of)?).into(),
            2 => self.line(of)?.into(),
            3 | 17 => self.polygon(of)?.into(),
            4 => MultiPoint::new(self.members(depth, |it| match it {
                Geometry::Point(point) => Some(point),
                _ => None,
            })?)
            .into(),
            5 => MultiLineString::new(self.members(depth, |it| match it {
                Geometry::LineString(line) => Some(line),
                _ => None,
            })?)
            .into(),
            6 | 15 | 16 => MultiPolygon::new(self.members(depth, |it| match it {
                Geometry::Polygon(polygon) => Some(polygon),
                _ => None,
            })?)
            .into(),
            7 => Geometry::GeometryCollection(GeometryCollection::new_from(
                self.members(depth, Some)?,
            )),
            other => return Err(format!("the geometry has the type {other}, which is not known")),
        })
    }

    fn members<T>(
        &mut self,
        depth: usize,
        take: impl Fn(Geometry<f64>) -> Option<T>,
    ) -> Result<Vec<T>, String> {
        const MEMBER_BYTES_MIN: usize = 9;
        let count = self.count(MEMBER_BYTES_MIN)?;
        let mut members = Vec::with_capacity(count);
        for _ in 0..count {
            let member = self.geometry(depth + 1)?;
            members.push(take(member).ok_or("the geometry has a member of a wrong type")?);
        }
        Ok(members)
    }

    fn polygon(&mut self, of: Ordinates) -> Result<Polygon<f64>, String> {
        const RING_BYTES_MIN: usize = 4;
        let count = self.count(RING_BYTES_MIN)?;
        let mut exterior = LineString::new(Vec::new());
        let mut interiors = Vec::with_capacity(count.saturating_sub(1));
        for ring in 0..count {
            let line = self.ring(of)?;
            if ring == 0 { exterior = line } else { interiors.push(line) }
        }
        Ok(Polygon::new(exterior, interiors))
    }

    fn ring(&mut self, of: Ordinates) -> Result<LineString<f64>, String> {
        let first_height = self.heights.len();
        let mut line = self.line(of)?;
        if line.0.first() != line.0.last() {
            line.close();
            self.closed += 1;
            self.heights.extend(self.heights.get(first_height).copied());
        }
        Ok(line)
    }

    fn line(&mut self, of: Ordinates) -> Result<LineString<f64>, String> {
        let count = self.count(of.bytes())?;
        let mut coords = Vec::with_capacity(count + 1);
        for _ in 0..count {
            coords.push(self.coord(of)?);
        }
        Ok(LineString::new(coords))
    }

    fn coord(&mut self, of: Ordinates) -> Result<Coord<f64>, String> {
        let coord = Coord { x: self.number()?, y: self.number()? };
        if of.has_z {
            let height = self.number()?;
            self.heights.push(height);
        }
        if of.has_m {
            self.number()?;
        }
        Ok(coord)
    }

    fn number(&mut self) -> Result<f64, String> {
        self.take().map(f64::from_le_bytes)
    }

    /// A count of things that take at least so many bytes each: it cannot promise more than is there.
    fn count(&mut self, bytes_each: usize) -> Result<usize, String> {
        let count = u32::from_le_bytes(self.take()?) as usize;
        let is_there = count.checked_mul(bytes_each).is_some_and(|bytes| bytes <= self.bytes.len());
        if is_there { Ok(count) } else { Err("the geometry is cut off".to_owned()) }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>().ok_or("the geometry is cut off")?;
        self.bytes = rest;
        Ok(*taken)
    }
}

impl Ordinates {
    fn bytes(self) -> usize {
        8 * (2 + usize::from(self.has_z) + usize::from(self.has_m))
    }
}
