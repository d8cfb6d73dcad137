use geo::Validation as _;
use quartier_crs::Transform;
use quartier_model::{Crs, Geometry, ObjectId, Properties, TimeRange};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use super::{
    depth::is_too_deep,
    shape::{Shape, geometry_of},
};
use crate::{
    error::{ApiError, Result, shown},
    limits::DEPTH_MAX,
    params::{crs::OfferedCrs, datetime::read_instant},
};

/// A feature that a client wrote, with its geometry in the working CRS.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) id: Option<ObjectId>,
    pub(crate) source_id: Option<ObjectId>,
    pub(crate) geometry: Option<Geometry>,
    pub(crate) properties: Properties,
    pub(crate) valid: TimeRange,
}

/// What a client wants to be different; what is `None` stays.
#[derive(Debug)]
#[expect(clippy::option_option, reason = "a merge patch has three cases")]
pub(crate) struct Patch {
    pub(crate) geometry: Option<Option<Geometry>>,
    /// With null for what is to go (RFC 7396).
    pub(crate) properties: Properties,
    pub(crate) valid: Option<TimeRange>,
}

#[derive(Deserialize)]
struct RawFeature {
    #[serde(rename = "type")]
    kind: String,
    id: Option<Value>,
    source_id: Option<String>,
    geometry: Option<Shape>,
    properties: Option<Properties>,
    time: Option<RawTime>,
}

#[derive(Deserialize)]
#[expect(clippy::option_option, reason = "a merge patch has three cases")]
struct RawPatch {
    #[serde(default, deserialize_with = "present")]
    geometry: Option<Option<Shape>>,
    properties: Option<Properties>,
    #[serde(default, deserialize_with = "present")]
    time: Option<Option<RawTime>>,
}

#[derive(Deserialize)]
struct RawTime {
    interval: [String; 2],
}

/// Reads a feature whose coordinates are in the given CRS. Checks its geometry: takes time for large ones.
pub(crate) fn read_feature(body: &[u8], crs: OfferedCrs, working: Crs) -> Result<Draft> {
    let raw: RawFeature = parse(body)?;
    if raw.kind != "Feature" {
        return Err(unprocessable(format!(
            "the body is a `{}`, not a `Feature`",
            shown(&raw.kind)
        )));
    }
    Ok(Draft {
        id: raw.id.map(|id| id_of(&id)).transpose()?,
        source_id: raw.source_id.map(ObjectId::try_from).transpose().map_err(unprocessable)?,
        geometry: raw.geometry.map(|shape| sound(&shape, crs, working)).transpose()?,
        properties: raw.properties.unwrap_or_default(),
        valid: raw.time.map_or(Ok(TimeRange::ALWAYS), |time| time.range())?,
    })
}

/// Reads a merge patch of a feature.
pub(crate) fn read_patch(body: &[u8], crs: OfferedCrs, working: Crs) -> Result<Patch> {
    let raw: RawPatch = parse(body)?;
    let geometry = raw.geometry.map(|shape| shape.map(|it| sound(&it, crs, working)).transpose());
    let valid = raw.time.map(|time| time.map_or(Ok(TimeRange::ALWAYS), |time| time.range()));
    Ok(Patch {
        geometry: geometry.transpose()?,
        properties: raw.properties.unwrap_or_default(),
        valid: valid.transpose()?,
    })
}

/// Makes a geometry in the working CRS of a GeoJSON geometry; invalid ones are refused with the reason.
pub(crate) fn read_geometry(geometry: &Value, crs: OfferedCrs, working: Crs) -> Result<Geometry> {
    let shape = Shape::deserialize(geometry);
    let shape = shape.map_err(|error| unprocessable(format!("the geometry is none: {error}")))?;
    sound(&shape, crs, working)
}

pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    if is_too_deep(body) {
        let said = format!("the body is nested deeper than {DEPTH_MAX} levels");
        return Err(ApiError::BadRequest(said));
    }
    serde_json::from_slice(body).map_err(|error| {
        let said = format!("the body cannot be read: {error}");
        match error.classify() {
            serde_json::error::Category::Data => ApiError::Unprocessable(said),
            _ => ApiError::BadRequest(said),
        }
    })
}

fn sound(shape: &Shape, crs: OfferedCrs, working: Crs) -> Result<Geometry> {
    let given = geometry_of(shape, crs.is_north_first)
        .map_err(|reason| unprocessable(format!("the geometry is refused: {reason}")))?;
    let transform = Transform::between(crs.crs, working).map_err(ApiError::internal)?;
    let geometry = transform.geometry(&given).map_err(unprocessable)?;
    let checked = geometry.plane().check_validation();
    checked.map_err(|reason| unprocessable(format!("the geometry is not valid: {reason}")))?;
    Ok(geometry)
}

fn id_of(id: &Value) -> Result<ObjectId> {
    let text = match id {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(unprocessable("an `id` is a text or a number")),
    };
    text.parse().map_err(unprocessable)
}

impl RawTime {
    fn range(&self) -> Result<TimeRange> {
        let [start, end] = &self.interval;
        let instant = |text: &str| match text {
            ".." | "" => Ok(None),
            text => read_instant(text).map(Some).map_err(unprocessable),
        };
        TimeRange::new(instant(start)?, instant(end)?).map_err(unprocessable)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "errors and texts, taken as they come")]
fn unprocessable(reason: impl ToString) -> ApiError {
    ApiError::Unprocessable(reason.to_string())
}

/// Tells `null` from what is not there.
#[expect(clippy::option_option, reason = "a merge patch has three cases")]
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
