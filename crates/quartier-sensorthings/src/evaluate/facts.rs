use std::{borrow::Cow, ops::ControlFlow};

use geo_types::Geometry;
use serde::Deserialize as _;
use serde_json::Value as Json;

use super::Value;
use crate::path::{JsonKey, Navigation, Property};

/// What is known of an entity.
pub trait Facts: Sized {
    /// A property, or the part of it at the keys: [`Value::part`], [`Value::member`] and [`Value::result`] find parts.
    fn value<'v>(&'v self, property: Property, keys: &[JsonKey]) -> Value<'v>;

    /// A property that is a geometry, in WGS 84 degrees, longitude first. Made of GeoJSON where nobody has one ready.
    fn shape<'v>(&'v self, property: Property, keys: &[JsonKey]) -> Shape<'v> {
        Shape::of(&self.value(property, keys))
    }

    /// Where a link to one leads.
    fn one(&self, link: Navigation) -> Linked<Self>;

    /// Shows where a link to many leads, one after the other until it is told to stop. `Unknown` where more may be.
    fn each(&self, link: Navigation, see: &mut dyn FnMut(Self) -> ControlFlow<()>) -> Linked<()>;
}

/// The other end of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linked<T> {
    Known(T),
    /// It leads nowhere.
    Nothing,
    /// Nobody has looked yet.
    Unknown,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Shape<'v> {
    Known(Cow<'v, Geometry<f64>>),
    /// There is none, or in an encoding that is not understood.
    Nothing,
    Unknown,
}

impl Shape<'_> {
    pub fn of(value: &Value<'_>) -> Self {
        match value {
            Value::Unknown => Self::Unknown,
            Value::Json(json) => {
                geometry(json).map_or(Self::Nothing, |geometry| Self::Known(Cow::Owned(geometry)))
            }
            _ => Self::Nothing,
        }
    }
}

/// The geometry of GeoJSON: a geometry itself, or a feature's.
fn geometry(json: &Json) -> Option<Geometry<f64>> {
    let json = if json.get("type")? == "Feature" { json.get("geometry")? } else { json };
    let geometry = geojson::Geometry::deserialize(json).ok()?;
    let plane = Geometry::try_from(geometry).ok()?;
    // The model refuses what the algorithms cannot take: no coordinates, or some at infinity.
    Some(quartier_model::Geometry::new(plane).ok()?.into_parts().0)
}
