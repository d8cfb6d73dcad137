use geojson::{GeometryValue, Position};
use quartier_crs::Transform;
use quartier_model::{Bbox, Crs, Geometry, Place};
use serde::Deserialize as _;
use serde_json::Value;

use crate::{Error, Result, snapshot::Ground};

/// How far outside the working CRS's area of use a place may lie and still have coordinates in it, in degrees: beyond,
/// projections go wild.
const AREA_MARGIN_DEGREES: f64 = 6.0;

/// Vertices of a place: a district has some thousands.
const VERTICES_MAX: usize = 100_000;

/// Understands places that clients send.
#[derive(Debug)]
pub(super) struct Placer {
    working: Transform,
    /// In degrees; `None` for anywhere.
    area: Option<Bbox>,
}

impl Placer {
    pub(super) fn new(ground: &Ground) -> Result<Self> {
        Ok(Self {
            working: Transform::between(Crs::Crs84, ground.crs)?,
            area: ground.description.area.map(|area| area.grown(AREA_MARGIN_DEGREES)),
        })
    }

    pub(super) fn place(&self, sent: Value) -> Result<Place> {
        let degrees = read(&sent).map_err(Error::Place)?;
        let working = degrees.as_ref().and_then(|degrees| self.in_working_crs(degrees));
        Ok(Place { sent, degrees, working })
    }

    /// `None` where the CRS does not reach.
    fn in_working_crs(&self, degrees: &Geometry) -> Option<Geometry> {
        let is_near = self.area.is_none_or(|area| area.contains(&degrees.bbox()));
        self.working.geometry(degrees).ok().filter(|_| is_near)
    }
}

/// The geometry of a GeoJSON geometry or feature; `None` for what does not call itself one.
fn read(sent: &Value) -> Result<Option<Geometry>, String> {
    match sent.get("type").and_then(Value::as_str) {
        Some("Feature") => match sent.get("geometry") {
            None | Some(Value::Null) => Ok(None),
            Some(geometry) => geometry_of(geometry).map(Some),
        },
        Some(
            "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon"
            | "GeometryCollection",
        ) => geometry_of(sent).map(Some),
        _ => Ok(None),
    }
}

fn geometry_of(sent: &Value) -> Result<Geometry, String> {
    let read = GeometryValue::deserialize(sent).map_err(|error| error.to_string())?;
    let mut positions = Vec::new();
    gather(&read, &mut positions);
    if positions.len() > VERTICES_MAX {
        return Err(format!("it has more than {VERTICES_MAX} positions: simplify it"));
    }
    if positions.iter().any(|it| it.len() < 2) {
        return Err("a position has two or three numbers".to_owned());
    }
    let heights: Vec<f64> =
        positions.iter().filter_map(|it| it.as_slice().get(2).copied()).collect();
    let heights = match heights.len() {
        0 => None,
        all if all == positions.len() => Some(heights),
        _ => return Err("some positions have a height and others none".to_owned()),
    };
    let plane = geo_types::Geometry::try_from(read).map_err(|error| error.to_string())?;
    Geometry::from_parts(plane, heights).map_err(|error| error.to_string())
}

fn gather<'a>(geometry: &'a GeometryValue, positions: &mut Vec<&'a Position>) {
    match geometry {
        GeometryValue::Point { coordinates } => positions.push(coordinates),
        GeometryValue::MultiPoint { coordinates } | GeometryValue::LineString { coordinates } => {
            positions.extend(coordinates);
        }
        GeometryValue::MultiLineString { coordinates } | GeometryValue::Polygon { coordinates } => {
            positions.extend(coordinates.iter().flatten());
        }
        GeometryValue::MultiPolygon { coordinates } => {
            positions.extend(coordinates.iter().flatten().flatten());
        }
        GeometryValue::GeometryCollection { geometries } => {
            for geometry in geometries {
                gather(&geometry.value, positions);
            }
        }
    }
}
