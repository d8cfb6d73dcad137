use geo_types::{Coord, Geometry as Plane, LineString, Polygon};
use quartier_index::{ObjectRef, ValueRef};
use quartier_model::{Geometry, GeometryKind, TimeRange};
use quartier_twin::sensors::ObjectReading;
use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::View;

/// Writes an object as a feature, with members of the caller's before the geometry, and what is measured at it after
/// its own properties.
pub(crate) fn write_feature(
    out: &mut Vec<u8>,
    object: ObjectRef<'_>,
    readings: &[ObjectReading],
    view: &View,
    members: impl FnOnce(&mut Vec<u8>),
) {
    out.extend_from_slice(br#"{"type":"Feature","id":"#);
    write_json(out, object.id());
    if let Some(source_id) = object.source_id() {
        out.extend_from_slice(br#","source_id":"#);
        write_json(out, source_id);
    }
    members(out);
    if let Some(time) = time_member(&object.valid()) {
        out.extend_from_slice(br#","time":"#);
        out.extend_from_slice(time.as_bytes());
    }
    out.extend_from_slice(br#","geometry":"#);
    match object.geometry().and_then(|stored| view.geometry(stored)) {
        Some(geometry) => write_geometry(out, &geometry, view),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(br#","properties":{"#);
    write_properties(out, object, readings);
    out.extend_from_slice(b"}}");
}

/// As JSON-FG writes it; `None` for ever.
fn time_member(valid: &TimeRange) -> Option<String> {
    if *valid == TimeRange::ALWAYS {
        return None;
    }
    let instant = |instant: Option<OffsetDateTime>| {
        instant.and_then(|it| it.format(&Rfc3339).ok()).unwrap_or_else(|| "..".to_owned())
    };
    let (start, end) = (instant(valid.start()), instant(valid.end()));
    Some(format!(r#"{{"interval":["{start}","{end}"]}}"#))
}

fn write_properties(out: &mut Vec<u8>, object: ObjectRef<'_>, readings: &[ObjectReading]) {
    let measured: Vec<_> = readings.iter().flat_map(ObjectReading::properties).collect();
    let is_own = |name: &str| measured.iter().all(|(it, _)| it != name);
    let mut is_first = true;
    for (name, value) in object.properties().filter(|(name, _)| is_own(name)) {
        if !is_first {
            out.push(b',');
        }
        is_first = false;
        write_json(out, name);
        out.push(b':');
        match value {
            ValueRef::Null => out.extend_from_slice(b"null"),
            ValueRef::Boolean(is_true) => write_json(out, &is_true),
            ValueRef::Integer(number) => write_json(out, &number),
            ValueRef::Number(number) => write_json(out, &number),
            ValueRef::Text(text) => write_json(out, text),
            ValueRef::Json(json) => out.extend_from_slice(json.as_bytes()),
        }
    }
    for (name, value) in &measured {
        if !is_first {
            out.push(b',');
        }
        is_first = false;
        write_json(out, name);
        out.push(b':');
        write_json(out, value);
    }
}

pub(crate) fn write_json(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    serde_json::to_writer(out, value).expect("texts and numbers are JSON, and memory takes them");
}

/// Writes a geometry that is in the view's CRS already.
fn write_geometry(out: &mut Vec<u8>, geometry: &Geometry, view: &View) {
    let mut writer = Writer { out, view, heights: geometry.heights().map(<[f64]>::iter) };
    writer.geometry(geometry.plane());
}

struct Writer<'a> {
    out: &'a mut Vec<u8>,
    view: &'a View,
    heights: Option<std::slice::Iter<'a, f64>>,
}

impl Writer<'_> {
    fn geometry(&mut self, plane: &Plane<f64>) {
        match plane {
            Plane::Point(point) => {
                self.open(GeometryKind::Point);
                self.position(point.0);
            }
            Plane::MultiPoint(points) => {
                self.open(GeometryKind::MultiPoint);
                self.list(&points.0, |writer, point| writer.position(point.0));
            }
            Plane::LineString(line) => {
                self.open(GeometryKind::LineString);
                self.line(line);
            }
            Plane::MultiLineString(lines) => {
                self.open(GeometryKind::MultiLineString);
                self.list(&lines.0, Self::line);
            }
            Plane::Polygon(polygon) => {
                self.open(GeometryKind::Polygon);
                self.polygon(polygon);
            }
            Plane::MultiPolygon(polygons) => {
                self.open(GeometryKind::MultiPolygon);
                self.list(&polygons.0, Self::polygon);
            }
            Plane::GeometryCollection(members) => {
                self.open(GeometryKind::GeometryCollection);
                self.list(&members.0, Self::geometry);
            }
            Plane::Line(_) | Plane::Rect(_) | Plane::Triangle(_) => {
                unreachable!("the model's constructor makes lines and polygons of these")
            }
        }
        self.out.push(b'}');
    }

    fn open(&mut self, kind: GeometryKind) {
        let member = match kind {
            GeometryKind::GeometryCollection => "geometries",
            _ => "coordinates",
        };
        self.out.extend_from_slice(br#"{"type":""#);
        self.out.extend_from_slice(kind.name().as_bytes());
        self.out.extend_from_slice(br#"",""#);
        self.out.extend_from_slice(member.as_bytes());
        self.out.extend_from_slice(br#"":"#);
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) {
        self.out.push(b'[');
        self.line(polygon.exterior());
        for ring in polygon.interiors() {
            self.out.push(b',');
            self.line(ring);
        }
        self.out.push(b']');
    }

    fn line(&mut self, line: &LineString<f64>) {
        self.list(&line.0, |writer, coord| writer.position(*coord));
    }

    fn list<T>(&mut self, members: &[T], write: impl Fn(&mut Self, &T)) {
        self.out.push(b'[');
        for (at, member) in members.iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            write(self, member);
        }
        self.out.push(b']');
    }

    fn position(&mut self, coord: Coord<f64>) {
        let [first, second] = self.view.numbers(coord);
        self.out.push(b'[');
        write_json(self.out, &first);
        self.out.push(b',');
        write_json(self.out, &second);
        if let Some(height) = self.heights.as_mut().and_then(Iterator::next) {
            self.out.push(b',');
            write_json(self.out, height);
        }
        self.out.push(b']');
    }
}
