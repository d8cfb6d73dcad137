use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::EntityId;
use crate::{CollectionId, ObjectId};

/// A condition on readings or movement in a part of the city, and the word to send when it comes true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Geofence {
    pub id: EntityId,
    pub name: String,
    pub area: Fence,
    pub condition: Condition,
    /// Whose movement or readings; everyone's where it says nothing.
    #[serde(default)]
    pub subject: Subject,
}

/// Where a geofence is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fence {
    /// Every object of a collection is a fence of its own; only these where some are named.
    Objects {
        collection: CollectionId,
        #[serde(default)]
        objects: Vec<ObjectId>,
    },
    /// A GeoJSON polygon or multi-polygon in WGS 84 (longitude, latitude).
    Polygon(Value),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// A thing comes in.
    Enter,
    /// A thing leaves.
    Exit,
    /// A reading is over the threshold after one that was not.
    Above(f64),
    /// A reading is under the threshold after one that was not.
    Below(f64),
    /// No reading has come for so many seconds.
    SilentFor(u64),
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Subject {
    /// The name, definition or id of an observed property.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thing: Option<EntityId>,
}
