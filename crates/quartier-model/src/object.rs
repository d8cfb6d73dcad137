use serde_json::{Map, Value};

use crate::{Geometry, ObjectId, Structure, TimeRange};

/// What is known of an object, by name; the collection's [`crate::Schema`] says what each value is.
pub type Properties = Map<String, Value>;

/// One thing in the city: a building, a tree, a district.
#[derive(Debug, Clone, PartialEq)]
pub struct CityObject {
    pub feature: Feature,
    /// Empty for objects without 3D geometry.
    pub structure: Structure,
}

/// An object as a map sees it: all of it but its 3D geometry.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    pub id: ObjectId,
    /// The id in the source (for example `gml:id`) where that is not the object's id.
    pub source_id: Option<ObjectId>,
    pub geometry: Option<Geometry>,
    pub properties: Properties,
    /// When the object is (was, will be) in the real world.
    pub valid: TimeRange,
}

impl From<Feature> for CityObject {
    fn from(feature: Feature) -> Self {
        Self { feature, structure: Structure::default() }
    }
}
