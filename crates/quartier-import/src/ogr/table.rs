use gdal::vector::{Feature, Geometry, LayerAccess as _, OwnedLayer};
use quartier_model::{Properties, PropertyKind};
use serde_json::Value;

use super::{columns::Column, shape_of};
use crate::{Error, Input, Result, geometry::Shape};

const WKT: &[&str] =
    &["wkt", "geom", "geometry", "the_geom", "wkt_geom", "geometrie", "shape", "_wkt"];
const LONGITUDE: &[&str] =
    &["lon", "lng", "long", "longitude", "laengengrad", "längengrad", "laenge", "länge"];
const LATITUDE: &[&str] = &["lat", "latitude", "breitengrad", "breite"];
const EASTING: &[&str] = &[
    "x",
    "easting",
    "east",
    "rechtswert",
    "ostwert",
    "e",
    "xcoord",
    "x_coord",
    "koord_x",
    "utm_x",
    "utm_e",
    "rw",
];
const NORTHING: &[&str] = &[
    "y", "northing", "north", "hochwert", "nordwert", "n", "ycoord", "y_coord", "koord_y", "utm_y",
    "utm_n", "hw",
];

/// Doubles keep this many digits of every decimal number.
const DIGITS_MAX: usize = 15;

/// A CSV file: where its geometry is, and what its columns turn out to hold. GDAL types columns by the file's first
/// megabyte only; here a column is numbers only if every value is one, so that `00105` stays what it is.
#[derive(Debug)]
pub(super) struct Table {
    place: Place,
}

#[derive(Debug)]
enum Place {
    Wkt(Column),
    Degrees { x: Column, y: Column },
    Plane { x: Column, y: Column },
}

impl Table {
    /// Reads the whole file once; the columns get their kinds, and those with coordinates are taken out.
    pub(super) fn read(
        input: &Input,
        layer: &mut OwnedLayer,
        columns: &mut Vec<Column>,
    ) -> Result<Self> {
        let place = place(columns).ok_or_else(|| {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            let detail = format!(
                ": no columns for coordinates, such as `lon` and `lat`, `x` and `y`, or `wkt`, among {}",
                names.join(", ")
            );
            Error::Format { name: input.name.clone(), detail }
        })?;
        let taken = match &place {
            Place::Wkt(column) => vec![column.at],
            Place::Degrees { x, y } | Place::Plane { x, y } => vec![x.at, y.at],
        };
        columns.retain(|column| !taken.contains(&column.at));
        let mut shown = vec![Shown::default(); columns.len()];
        for feature in layer.features() {
            for (column, shown) in columns.iter().zip(&mut shown) {
                shown.see(&text(column, &feature));
            }
        }
        for (column, shown) in columns.iter_mut().zip(shown) {
            column.kind = shown.kind();
        }
        Ok(Self { place })
    }

    pub(super) fn is_geographic(&self) -> bool {
        matches!(self.place, Place::Degrees { .. })
    }

    pub(super) fn shape(&self, feature: &Feature<'_>) -> Result<Option<Shape>, String> {
        match &self.place {
            Place::Wkt(column) => match text(column, feature).trim() {
                "" => Ok(None),
                wkt => {
                    let name = &column.name;
                    let geometry = super::quietly(|| Geometry::from_wkt(wkt)).ok();
                    shape_of(&geometry.ok_or_else(|| format!("`{name}` is no geometry in WKT"))?)
                }
            },
            Place::Degrees { x, y } | Place::Plane { x, y } => {
                Ok(match (coordinate(x, feature)?, coordinate(y, feature)?) {
                    (Some(x), Some(y)) => Some(Shape::new(geo::Point::new(x, y).into(), None)),
                    (None, None) => None,
                    _ => return Err(format!("`{}` or `{}` is missing", x.name, y.name)),
                })
            }
        }
    }
}

/// The values of a row; empty ones are left out.
pub(super) fn properties(columns: &[Column], feature: &Feature<'_>) -> Properties {
    let mut properties = Properties::with_capacity(columns.len());
    for column in columns {
        let text = text(column, feature);
        if !text.is_empty() {
            properties.insert(column.name.clone(), typed(column.kind, text));
        }
    }
    properties
}

fn place(columns: &[Column]) -> Option<Place> {
    let find = |names: &[&str]| {
        columns
            .iter()
            .find(|column| names.contains(&column.name.trim().to_lowercase().as_str()))
            .cloned()
    };
    let degrees = || Some(Place::Degrees { x: find(LONGITUDE)?, y: find(LATITUDE)? });
    let plane = || Some(Place::Plane { x: find(EASTING)?, y: find(NORTHING)? });
    find(WKT).map(Place::Wkt).or_else(degrees).or_else(plane)
}

fn text(column: &Column, feature: &Feature<'_>) -> String {
    feature.field_as_string(column.at).ok().flatten().unwrap_or_default()
}

/// With a point or, as German spreadsheets write it, a comma.
fn coordinate(column: &Column, feature: &Feature<'_>) -> Result<Option<f64>, String> {
    let text = text(column, feature);
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.replace(',', ".").parse().ok();
    number.map(Some).ok_or_else(|| format!("`{}` is `{text}`, which is no number", column.name))
}

fn typed(kind: PropertyKind, text: String) -> Value {
    match kind {
        PropertyKind::Integer => text.parse::<i64>().map_or(Value::String(text), Value::from),
        PropertyKind::Number => match text.parse::<f64>() {
            Ok(number) => number.into(),
            Err(_) => text.into(),
        },
        _ => text.into(),
    }
}

/// What the values of a column have in common so far; nothing before the first.
#[derive(Debug, Clone, Copy, Default)]
struct Shown(Option<PropertyKind>);

impl Shown {
    fn see(&mut self, text: &str) {
        let kind = match text {
            "" => return,
            _ if text.parse::<i64>().is_ok_and(|it| it.to_string() == text) => {
                PropertyKind::Integer
            }
            _ if is_plain_number(text) => PropertyKind::Number,
            _ if is_date(text) => PropertyKind::Date,
            _ => PropertyKind::Text,
        };
        self.0 = Some(match (self.0, kind) {
            (None, kind) => kind,
            (Some(known), kind) if known == kind => kind,
            (Some(PropertyKind::Integer), PropertyKind::Number)
            | (Some(PropertyKind::Number), PropertyKind::Integer) => PropertyKind::Number,
            _ => PropertyKind::Text,
        });
    }

    fn kind(self) -> PropertyKind {
        self.0.unwrap_or(PropertyKind::Text)
    }
}

/// Whether a double says the same: no leading zero, no plus, no more digits than it keeps.
fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let has_leading_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.starts_with(|first: char| first.is_ascii_digit())
        && !has_leading_zero
        && count <= DIGITS_MAX
        && text.parse::<f64>().is_ok()
}

fn is_date(text: &str) -> bool {
    let is_part = |part: Option<&str>, length: usize, max: u32| {
        part.is_some_and(|part| {
            part.len() == length
                && part.parse::<u32>().is_ok_and(|number| (1..=max).contains(&number))
        })
    };
    let mut parts = text.split('-');
    is_part(parts.next(), 4, 9999)
        && is_part(parts.next(), 2, 12)
        && is_part(parts.next(), 2, 31)
        && parts.next().is_none()
}
