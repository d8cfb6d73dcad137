//! Conditions on readings and movement, and the word when one comes true.

use std::sync::Arc;

use quartier_model::{CollectionId, Condition, EntityId, Fence, Geofence, Subject};
use serde::Deserialize;

use super::Sensors;
use crate::Snapshot;

/// Geofences that a twin keeps: each is looked at for every reading of its property.
pub const GEOFENCES_MAX: usize = 1_000;

/// A geofence that nobody has numbered yet.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGeofence {
    pub name: String,
    pub area: Fence,
    pub condition: Condition,
    #[serde(default)]
    pub subject: Subject,
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GeofenceError {
    #[error("there are {GEOFENCES_MAX} geofences already: delete one first")]
    Full,
    #[error("a geofence's name has 1 to 255 characters")]
    Name,
    #[error("there is no collection `{0}`")]
    UnknownCollection(CollectionId),
    #[error("the polygon cannot be read: {0}; send a GeoJSON Polygon or MultiPolygon in WGS 84")]
    Polygon(String),
    #[error("the threshold must be a finite number")]
    Threshold,
    #[error("a silence is 1 second to 366 days long")]
    Silence,
    #[error(transparent)]
    Twin(#[from] crate::Error),
}

#[expect(clippy::unused_async, reason = "being written")]
impl Sensors {
    /// Every geofence, by id.
    pub fn geofences(&self) -> Vec<Arc<Geofence>> {
        unimplemented!()
    }

    /// Makes a geofence. What is true already is no event: the first comes when something changes.
    pub async fn put_geofence(
        &self,
        city: &Snapshot,
        geofence: NewGeofence,
    ) -> Result<Arc<Geofence>, GeofenceError> {
        unimplemented!("{city:?} {geofence:?}")
    }

    /// Says whether it was there.
    pub async fn delete_geofence(&self, id: EntityId) -> crate::Result<bool> {
        unimplemented!("{id}")
    }
}
