use geo_types::{
    Coord, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};
use quartier_model::{Geometry, GeometryError};

use super::{ENVELOPE_SHIFT, EWKB_HEIGHTS, EWKB_SRID, ISO_HEIGHTS, LITTLE_ENDIAN, code};

/// Collections within collections; city data nest once, if at all.
const DEPTH_MAX: usize = 32;

/// Byte order and kind.
const HEADER_BYTES: usize = 5;
const COUNT_BYTES: usize = 4;
const NUMBER_BYTES: usize = 8;

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum WkbError {
    #[error("the geometry ends before it is whole")]
    Short,
    #[error("the geometry is not little-endian WKB")]
    ByteOrder,
    #[error("the geometry is not a GeoPackageBinary")]
    Header,
    #[error("{0} is no kind of geometry that a city object has")]
    Kind(u32),
    #[error("some of the geometry's members have heights and some have not")]
    MixedHeights,
    #[error("the geometry nests deeper than {DEPTH_MAX} collections")]
    Deep,
    #[error(transparent)]
    Geometry(#[from] GeometryError),
}

/// Reads little-endian EWKB or ISO WKB.
pub(crate) fn read_ewkb(bytes: &[u8]) -> Result<Geometry, WkbError> {
    let mut reader = Reader { bytes, has_heights: None, heights: Vec::new() };
    let plane = reader.geometry(DEPTH_MAX)?;
    let heights = reader.has_heights.unwrap_or_default().then_some(reader.heights);
    Ok(Geometry::from_parts(plane, heights)?)
}

/// Reads a `GeoPackageBinary`.
pub(crate) fn read_geopackage(bytes: &[u8]) -> Result<Geometry, WkbError> {
    let &[b'G', b'P', _, flags, ..] = bytes else { return Err(WkbError::Header) };
    let envelope_numbers = match (flags >> ENVELOPE_SHIFT) & 0b111 {
        0 => 0,
        1 => 4,
        2 | 3 => 6,
        4 => 8,
        _ => return Err(WkbError::Header),
    };
    let header = NUMBER_BYTES + envelope_numbers * NUMBER_BYTES;
    read_ewkb(bytes.get(header..).ok_or(WkbError::Short)?)
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// Known from the first header on.
    has_heights: Option<bool>,
    heights: Vec<f64>,
}

type Plane = geo_types::Geometry<f64>;

impl<'a> Reader<'a> {
    fn geometry(&mut self, depth: usize) -> Result<Plane, WkbError> {
        match self.header()? {
            code::POINT => Ok(Plane::Point(Point(self.coord()?))),
            code::LINE_STRING => Ok(Plane::LineString(self.line()?)),
            code::POLYGON => Ok(Plane::Polygon(self.polygon()?)),
            code::MULTI_POINT => {
                let read = |reader: &mut Self| reader.coord().map(Point);
                Ok(Plane::MultiPoint(MultiPoint(self.members(code::POINT, read)?)))
            }
            code::MULTI_LINE_STRING => {
                let lines = self.members(code::LINE_STRING, Self::line)?;
                Ok(Plane::MultiLineString(MultiLineString(lines)))
            }
            code::MULTI_POLYGON => {
                let polygons = self.members(code::POLYGON, Self::polygon)?;
                Ok(Plane::MultiPolygon(MultiPolygon(polygons)))
            }
            code::GEOMETRY_COLLECTION => {
                let depth = depth.checked_sub(1).ok_or(WkbError::Deep)?;
                let count = self.count(HEADER_BYTES + COUNT_BYTES)?;
                let members = (0..count).map(|_| self.geometry(depth)).collect::<Result<_, _>>()?;
                Ok(Plane::GeometryCollection(GeometryCollection(members)))
            }
            other => Err(WkbError::Kind(other)),
        }
    }

    fn members<T>(
        &mut self,
        kind: u32,
        read: impl Fn(&mut Self) -> Result<T, WkbError>,
    ) -> Result<Vec<T>, WkbError> {
        let count = self.count(HEADER_BYTES + COUNT_BYTES)?;
        let mut members = Vec::with_capacity(count);
        for _ in 0..count {
            let found = self.header()?;
            if found != kind {
                return Err(WkbError::Kind(found));
            }
            members.push(read(self)?);
        }
        Ok(members)
    }

    fn polygon(&mut self) -> Result<Polygon<f64>, WkbError> {
        let count = self.count(COUNT_BYTES)?;
        let mut rings = Vec::with_capacity(count.saturating_sub(1));
        let exterior = if count == 0 { LineString(Vec::new()) } else { self.line()? };
        for _ in 1..count {
            rings.push(self.line()?);
        }
        Ok(Polygon::new(exterior, rings))
    }

    fn line(&mut self) -> Result<LineString<f64>, WkbError> {
        let size = self.coord_bytes();
        let count = self.count(size)?;
        let bytes = self.take(count * size)?;
        let mut coords = Vec::with_capacity(count);
        for position in bytes.chunks_exact(size) {
            coords.push(Coord { x: number(position, 0), y: number(position, NUMBER_BYTES) });
            if size > 2 * NUMBER_BYTES {
                self.heights.push(number(position, 2 * NUMBER_BYTES));
            }
        }
        Ok(LineString(coords))
    }

    fn coord(&mut self) -> Result<Coord<f64>, WkbError> {
        let size = self.coord_bytes();
        let position = self.take(size)?;
        if size > 2 * NUMBER_BYTES {
            self.heights.push(number(position, 2 * NUMBER_BYTES));
        }
        Ok(Coord { x: number(position, 0), y: number(position, NUMBER_BYTES) })
    }

    fn coord_bytes(&self) -> usize {
        if self.has_heights == Some(true) { 3 * NUMBER_BYTES } else { 2 * NUMBER_BYTES }
    }

    /// The kind, without the marks for heights and SRID.
    fn header(&mut self) -> Result<u32, WkbError> {
        if self.take(1)? != [LITTLE_ENDIAN] {
            return Err(WkbError::ByteOrder);
        }
        let marked = self.u32()?;
        if marked & EWKB_SRID != 0 {
            self.u32()?;
        }
        let code = marked & !(EWKB_HEIGHTS | EWKB_SRID);
        let is_iso = code > ISO_HEIGHTS && code < 2 * ISO_HEIGHTS;
        let has_heights = is_iso || marked & EWKB_HEIGHTS != 0;
        if *self.has_heights.get_or_insert(has_heights) != has_heights {
            return Err(WkbError::MixedHeights);
        }
        Ok(if is_iso { code - ISO_HEIGHTS } else { code })
    }

    /// How many follow; no more than there are bytes for, so that a hostile count allocates nothing.
    fn count(&mut self, bytes_each: usize) -> Result<usize, WkbError> {
        let count = self.u32()? as usize;
        if count > self.bytes.len() / bytes_each {
            return Err(WkbError::Short);
        }
        Ok(count)
    }

    fn u32(&mut self) -> Result<u32, WkbError> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes(bytes.try_into().expect("four bytes were taken")))
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], WkbError> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(WkbError::Short)?;
        self.bytes = rest;
        Ok(taken)
    }
}

fn number(position: &[u8], at: usize) -> f64 {
    let bytes = position[at..at + NUMBER_BYTES].try_into().expect("the chunk holds the number");
    f64::from_le_bytes(bytes)
}
