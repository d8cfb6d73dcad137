use serde::{Deserialize, Serialize};

use super::EntityId;
use crate::{CollectionId, FeatureId, ObjectId, TimeRange};

/// That a thing, and with it each of its datastreams, belonged to a city object for a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    pub thing: EntityId,
    pub collection: CollectionId,
    pub fid: FeatureId,
    pub object: ObjectId,
    pub role: Role,
    pub method: Method,
    /// 1 for what was said or is certain by geometry, less with distance.
    pub confidence: f32,
    /// From the thing to the object, in metres; 0 inside.
    pub distance_m: f64,
    /// While the thing stood there (valid time).
    pub valid: TimeRange,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The one object that the thing's readings are readings of.
    Subject,
    /// An area around it, such as its district.
    Zone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The thing names the object.
    Explicit,
    /// It is in one of the object's storeys, by height.
    Storey,
    /// It is in the object's footprint.
    Within,
    /// The object is the nearest within its collection's tolerance.
    Nearest,
}
