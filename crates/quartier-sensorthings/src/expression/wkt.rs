use geo_types::{Coord, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use quartier_model::Geometry;

type Plane = geo_types::Geometry<f64>;

/// How deep collections may stand in one another.
const NESTING_MAX: usize = 8;

/// A geometry in well-known text, with or without heights. A polygon's ring that is open gets closed.
pub fn parse_wkt(text: &str) -> Result<Geometry, String> {
    let mut reader =
        Reader { rest: without_srid(text.trim())?, heights: Vec::new(), has_heights: None };
    let plane = reader.geometry(0)?;
    reader.skip_space();
    if !reader.rest.is_empty() {
        return Err("there is something behind the geometry's end".to_owned());
    }
    let heights = (reader.has_heights == Some(true)).then_some(reader.heights);
    Geometry::from_parts(plane, heights).map_err(|error| error.to_string())
}

fn without_srid(text: &str) -> Result<&str, String> {
    match text.split_once(';') {
        None => Ok(text),
        Some((srid, rest)) if srid.eq_ignore_ascii_case("SRID=4326") => Ok(rest),
        Some(_) => Err("geometries are in WGS 84 (SRID 4326) only".to_owned()),
    }
}

struct Reader<'a> {
    rest: &'a str,
    heights: Vec<f64>,
    has_heights: Option<bool>,
}

impl<'a> Reader<'a> {
    fn geometry(&mut self, nesting: usize) -> Result<Plane, String> {
        if nesting > NESTING_MAX {
            return Err(format!("collections stand deeper than {NESTING_MAX} in one another"));
        }
        let kind = self.kind()?;
        Ok(match kind.as_str() {
            "POINT" => Point(self.in_parentheses(Self::point)?).into(),
            "LINESTRING" => self.line()?.into(),
            "POLYGON" => self.polygon()?.into(),
            "MULTIPOINT" => MultiPoint(self.list(Self::loose_point)?).into(),
            "MULTILINESTRING" => MultiLineString(self.list(Self::line)?).into(),
            "MULTIPOLYGON" => MultiPolygon(self.list(Self::polygon)?).into(),
            "GEOMETRYCOLLECTION" => {
                let members = self.list(|reader| reader.geometry(nesting + 1))?;
                Plane::GeometryCollection(members.into())
            }
            _ => return Err("it starts with no geometry such as POINT or POLYGON".to_owned()),
        })
    }

    /// The geometry's name in capitals, without a Z that stands behind it.
    fn kind(&mut self) -> Result<String, String> {
        let kind = self.letters();
        let mark = self.letters();
        let (kind, mark) = match kind.strip_suffix('Z') {
            Some(kind) if mark.is_empty() => (kind.to_owned(), "Z".to_owned()),
            _ => (kind, mark),
        };
        match mark.as_str() {
            "" | "Z" => Ok(kind),
            "EMPTY" => Err("the geometry is empty".to_owned()),
            _ => Err(format!("`{}` is not understood", super::error::shown(&mark))),
        }
    }

    fn letters(&mut self) -> String {
        self.skip_space();
        let end = self.rest.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        self.take(end).to_ascii_uppercase()
    }

    /// The standard itself writes `POINT(-122, 43)` in an example, and so do clients.
    fn point(&mut self) -> Result<Coord<f64>, String> {
        let x = self.number()?;
        self.accept(',');
        self.rest_of_coord(x)
    }

    fn line(&mut self) -> Result<LineString<f64>, String> {
        self.list(Self::coord).map(LineString)
    }

    fn polygon(&mut self) -> Result<Polygon<f64>, String> {
        let mut rings = self.list(Self::ring)?;
        let exterior = rings.remove(0);
        Ok(Polygon::new(exterior, rings))
    }

    fn ring(&mut self) -> Result<LineString<f64>, String> {
        let first = self.heights.len();
        let mut line = self.line()?;
        if !line.is_closed() {
            line.close();
            self.heights.extend(self.heights.get(first).copied());
        }
        Ok(line)
    }

    /// A member of a multi-point, which may go without parentheses.
    fn loose_point(&mut self) -> Result<Point<f64>, String> {
        self.skip_space();
        let coord = if self.rest.starts_with('(') {
            self.in_parentheses(Self::coord)?
        } else {
            self.coord()?
        };
        Ok(Point(coord))
    }

    fn coord(&mut self) -> Result<Coord<f64>, String> {
        let x = self.number()?;
        self.rest_of_coord(x)
    }

    fn rest_of_coord(&mut self, x: f64) -> Result<Coord<f64>, String> {
        let coord = Coord { x, y: self.number()? };
        self.skip_space();
        let has_height = !self.rest.starts_with([',', ')']);
        if *self.has_heights.get_or_insert(has_height) != has_height {
            return Err("some positions have a height and some have none".to_owned());
        }
        if has_height {
            let height = self.number()?;
            self.heights.push(height);
        }
        Ok(coord)
    }

    fn number(&mut self) -> Result<f64, String> {
        self.skip_space();
        let is_part = |it: char| it.is_ascii_digit() || "+-.eE".contains(it);
        let end = self.rest.find(|it| !is_part(it)).unwrap_or(self.rest.len());
        let text = self.take(end);
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| {
            format!("a coordinate is missing before `{}`", super::error::shown(self.rest))
        })
    }

    /// One or more, in parentheses, between commas.
    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Result<T, String>) -> Result<Vec<T>, String> {
        self.in_parentheses(|reader| {
            let mut items = vec![read(reader)?];
            while reader.accept(',') {
                items.push(read(reader)?);
            }
            Ok(items)
        })
    }

    fn in_parentheses<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, String>,
    ) -> Result<T, String> {
        let missing = |sign: char| format!("the geometry lacks a `{sign}`");
        if !self.accept('(') {
            return Err(missing('('));
        }
        let inside = read(self)?;
        if self.accept(')') { Ok(inside) } else { Err(missing(')')) }
    }

    fn accept(&mut self, sign: char) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quartier_model::GeometryKind;

    #[test]
    fn every_kind_is_read() {
        use GeometryKind as K;
        for (text, kind) in [
            ("POINT(7.6 51.9)", K::Point),
            ("point (7.6 51.9)", K::Point),
            ("POINT(7.6, 51.9)", K::Point),
            ("SRID=4326;POINT (7.6 51.9)", K::Point),
            ("LINESTRING (30 10, 10 30, 40 40)", K::LineString),
            ("POLYGON ((30 10, 10 20, 20 40, 30 10), (29 12, 12 20, 20 38, 29 12))", K::Polygon),
            ("MULTIPOINT ((1 2), (3 4))", K::MultiPoint),
            ("MULTIPOINT (1 2, 3 4)", K::MultiPoint),
            ("MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))", K::MultiLineString),
            ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", K::MultiPolygon),
            ("GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))", K::GeometryCollection),
        ] {
            assert_eq!(parse_wkt(text).unwrap().kind(), kind, "{text}");
        }
    }

    #[test]
    fn heights_are_kept_however_they_are_marked() {
        for text in ["POINT Z (1 2 3)", "POINTZ(1 2 3)", "POINT (1 2 3)"] {
            assert_eq!(parse_wkt(text).unwrap().heights(), Some([3.0].as_slice()), "{text}");
        }
        let open = parse_wkt("POLYGON Z ((0 0 7, 1 0 8, 1 1 9))").unwrap();
        assert_eq!(open.heights(), Some([7.0, 8.0, 9.0, 7.0].as_slice()));
    }

    #[test]
    fn what_is_no_geometry_is_refused() {
        for text in [
            "",
            "POINT",
            "POINT EMPTY",
            "POINT M (1 2 3)",
            "POINT (1)",
            "POINT (1 2 3 4)",
            "POINT (x y)",
            "POINT (1 2) POINT (1 2)",
            "POINT (1e999 2)",
            "CIRCLE (1 2)",
            "POLYGON ((0 0, 1 1))",
            "LINESTRING (1 2, 3 4 5)",
            "SRID=25832;POINT (1 2)",
            "POLYGON ()",
            "LINESTRING (1 2)",
        ] {
            assert!(parse_wkt(text).is_err(), "{text}");
        }
        assert!(parse_wkt(&"GEOMETRYCOLLECTION(".repeat(5000)).is_err());
    }
}
