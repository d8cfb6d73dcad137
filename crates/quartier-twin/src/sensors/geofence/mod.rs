//! Conditions on readings and movement, and the word when one comes true.
//!
//! A thing is in an object's fence while it is linked to the object, and in a polygon while it stands in it. What is
//! true already when a fence is made, or when the program starts, is no event.

mod area;
mod movement;
mod prepared;
mod silence;
mod state;
mod threshold;

use std::sync::Arc;

use quartier_model::{CollectionId, Condition, EntityId, Fence, Geofence, Subject};
use serde::Deserialize;

use self::prepared::Prepared;
pub(crate) use self::state::Fences;
use super::Sensors;
use crate::Snapshot;

/// Geofences that a twin keeps: each is looked at for every reading of its property.
pub const GEOFENCES_MAX: usize = 256;

/// Objects that one geofence names; more are a collection of their own.
pub const GEOFENCE_OBJECTS_MAX: usize = 1_000;

const NAME_CHARACTERS_MAX: usize = 255;

/// A year and a day.
const SILENCE_MAX_S: u64 = 366 * 86_400;

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
    #[error("a geofence's name has 1 to {NAME_CHARACTERS_MAX} characters")]
    Name,
    #[error("there is no collection `{0}`")]
    UnknownCollection(CollectionId),
    #[error(
        "a geofence names at most {GEOFENCE_OBJECTS_MAX} objects, this one {0}: leave them out to mean all"
    )]
    Objects(usize),
    #[error("the polygon cannot be read: {0}; send a GeoJSON Polygon or MultiPolygon in WGS 84")]
    Polygon(String),
    #[error("the threshold must be a finite number")]
    Threshold,
    #[error("a silence is 1 second to 366 days long")]
    Silence,
    #[error(transparent)]
    Twin(#[from] crate::Error),
}

impl Sensors {
    /// Every geofence, by id.
    pub fn geofences(&self) -> Vec<Arc<Geofence>> {
        self.fences.all().iter().map(|fence| Arc::clone(&fence.geofence)).collect()
    }

    /// Makes a geofence. What is true already is no event: the first comes when something changes.
    pub async fn put_geofence(
        &self,
        city: &Snapshot,
        geofence: NewGeofence,
    ) -> Result<Arc<Geofence>, GeofenceError> {
        check(city, &geofence)?;
        let _making = self.fences.making.lock().await;
        if self.fences.all().len() >= GEOFENCES_MAX {
            return Err(GeofenceError::Full);
        }
        let NewGeofence { name, area, condition, subject } = geofence;
        let id = self.fences.next_id();
        let geofence = Arc::new(Geofence { id, name, area, condition, subject });
        let prepared = Arc::new(self.prepared(Arc::clone(&geofence))?);
        self.counted(self.store.put_geofence(&geofence).await)?;
        self.take_as_it_is(&prepared);
        self.fences.add(prepared);
        Ok(geofence)
    }

    /// Says whether it was there.
    pub async fn delete_geofence(&self, id: EntityId) -> crate::Result<bool> {
        let _making = self.fences.making.lock().await;
        let was_there = self.counted(self.store.delete_geofence(id).await)?;
        self.fences.remove(id);
        Ok(was_there)
    }

    /// At the start. One that cannot be read any more is passed over, and said.
    pub(super) async fn load_geofences(&self) -> crate::Result<()> {
        let _making = self.fences.making.lock().await;
        let mut stored = self.counted(self.store.geofences().await)?;
        stored.sort_by_key(|geofence| geofence.id);
        self.fences.clear();
        for geofence in stored {
            let id = geofence.id;
            match self.prepared(Arc::new(geofence)) {
                Ok(prepared) => {
                    let prepared = Arc::new(prepared);
                    self.take_as_it_is(&prepared);
                    self.fences.add(prepared);
                }
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(geofence = id.0, error, "a geofence is not watched");
                }
            }
        }
        Ok(())
    }

    /// Remembers what is true now, so that it is no event.
    fn take_as_it_is(&self, fence: &Prepared) {
        match fence.geofence.condition {
            Condition::Enter | Condition::Exit => {}
            Condition::Above(_) | Condition::Below(_) => self.remember_thresholds(fence),
            Condition::SilentFor(_) => self.remember_silence(fence),
        }
    }
}

fn check(city: &Snapshot, geofence: &NewGeofence) -> Result<(), GeofenceError> {
    if !(1..=NAME_CHARACTERS_MAX).contains(&geofence.name.chars().count()) {
        return Err(GeofenceError::Name);
    }
    if let Fence::Objects { collection, objects } = &geofence.area {
        if city.collection(collection.as_str()).is_none() {
            return Err(GeofenceError::UnknownCollection(collection.clone()));
        }
        if objects.len() > GEOFENCE_OBJECTS_MAX {
            return Err(GeofenceError::Objects(objects.len()));
        }
    }
    match geofence.condition {
        Condition::Above(number) | Condition::Below(number) if !number.is_finite() => {
            Err(GeofenceError::Threshold)
        }
        Condition::SilentFor(seconds) if !(1..=SILENCE_MAX_S).contains(&seconds) => {
            Err(GeofenceError::Silence)
        }
        _ => Ok(()),
    }
}
