use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{ObjectId, Properties};

/// What stands in space: an object's 3D geometry at each level of detail, and its parts.
/// Coordinates are in the same CRS as the object's footprint, heights in metres.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Structure {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bodies: Vec<Body>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// A part of an object with its own shape and properties; for example a `BuildingPart`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub id: ObjectId,
    #[serde(default, skip_serializing_if = "Properties::is_empty")]
    pub properties: Properties,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bodies: Vec<Body>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// A shape in space at one level of detail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Body {
    pub lod: Lod,
    pub form: Form,
    /// x, y, z.
    pub vertices: Vec<[f64; 3]>,
    pub surfaces: Vec<Surface>,
}

/// One polygon of a body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Surface {
    pub kind: SurfaceKind,
    /// Exterior ring first; indexes into the body's vertices, without a closing point, counter-clockwise from outside.
    pub rings: Vec<Vec<u32>>,
    /// The solid's shell that the surface belongs to: 0 is the outer one.
    #[serde(default, skip_serializing_if = "is_outer")]
    pub shell: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Closed shells.
    Solid,
    /// Surfaces that need not close.
    Surfaces,
}

/// What a surface is to a building.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurfaceKind {
    Roof,
    Wall,
    Ground,
    Closure,
    OuterCeiling,
    OuterFloor,
    Ceiling,
    InteriorWall,
    Floor,
    Window,
    Door,
    /// The source says nothing.
    Unknown,
}

/// A level of detail from 0 to 4, optionally with a refinement (`2.2`) as CityJSON and 3DBAG use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lod {
    level: u8,
    refinement: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no level of detail: write 0 to 4, or one with a refinement, such as 2.2")]
pub struct LodError(String);

impl Structure {
    pub fn is_empty(&self) -> bool {
        self.bodies.is_empty() && self.parts.is_empty()
    }
}

impl Lod {
    pub const fn level(level: u8) -> Self {
        Self { level, refinement: None }
    }
}

impl FromStr for Lod {
    type Err = LodError;

    fn from_str(text: &str) -> Result<Self, LodError> {
        let digit = |text: &str, max: u8| text.parse::<u8>().ok().filter(|number| *number <= max);
        let parsed = match text.split_once('.') {
            None => digit(text, 4).map(Self::level),
            Some((level, refinement)) => digit(level, 4)
                .zip(digit(refinement, 9))
                .map(|(level, refinement)| Self { level, refinement: Some(refinement) }),
        };
        parsed.ok_or_else(|| LodError(text.chars().take(20).collect()))
    }
}

impl fmt::Display for Lod {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.refinement {
            None => write!(formatter, "{}", self.level),
            Some(refinement) => write!(formatter, "{}.{refinement}", self.level),
        }
    }
}

impl TryFrom<String> for Lod {
    type Error = LodError;

    fn try_from(text: String) -> Result<Self, LodError> {
        text.parse()
    }
}

impl From<Lod> for String {
    fn from(lod: Lod) -> Self {
        lod.to_string()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes the field by reference")]
fn is_outer(shell: &u32) -> bool {
    *shell == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_detail_are_ordered_by_their_refinement() {
        let coarse: Lod = "2".parse().unwrap();
        let fine: Lod = "2.2".parse().unwrap();
        assert!(coarse < fine);
        assert_eq!(fine.to_string(), "2.2");
    }

    #[test]
    fn a_level_of_detail_of_nine_is_refused() {
        assert!("9".parse::<Lod>().is_err());
    }
}
