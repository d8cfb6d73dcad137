//! Sensors in memory: what there is, what was measured last, where it belongs, and what happens.
//!
//! One writer for entities and one for observations: each commits to the store first and shows memory afterwards, so
//! that who was answered also sees it.

mod aggregate;
mod catalogue;
mod geofence;
mod join;
mod latest;
mod links;
mod readings;
mod ring;

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use quartier_model::{EntityId, EntityKind, NewObservation, Observation, Place};
use quartier_store::{
    Appended, ObservationFilter, ObservationQuery, SensorBatch, SensorReceipt, Store, Summary,
};
use serde_json::Value;

pub use aggregate::{AggregateError, AggregateQuery, Aggregates, Aggregation, WINDOW_MAX, ZoneAggregate};
pub use catalogue::Catalogue;
pub use geofence::{GEOFENCES_MAX, GeofenceError, NewGeofence};
pub use join::{DEFAULT_TOLERANCE_M, JoinRule, JoinRules, Reason};
pub use latest::{LatestQuery, LatestRow};
pub use links::{LinkFilter, Unlinked};
pub use readings::{ObjectReading, PROPERTY_NAMES_MAX, PropertyNames, PropertyNamesError, Reader};
pub use ring::{EVENTS_KEPT, EntityChange, Event, FenceEvent, Happening, Overrun, Ring};

use crate::Result;

/// The sensors' half of the twin.
#[derive(Debug)]
pub struct Sensors {
    store: Arc<dyn Store>,
    catalogue: ArcSwapOption<Catalogue>,
    ring: Ring,
}

/// Gives new entities their numbers.
#[derive(Debug)]
pub struct Numbers {}

/// What a writer does when the observations' queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Answers [`crate::Error::Busy`] soon.
    Refuse,
    /// Waits for its turn.
    Wait,
}

/// Why a change of entities did not happen.
#[derive(Debug)]
pub enum ChangeError<E> {
    /// The plan refused.
    Refused(E),
    Twin(crate::Error),
}

impl Numbers {
    /// The next number of a kind; what is not used is lost.
    pub fn next(&mut self, kind: EntityKind) -> EntityId {
        unimplemented!("{kind:?}")
    }
}

#[expect(clippy::unused_async, unused_variables, reason = "being written")]
impl Sensors {
    /// Every entity but observations as it is now; `None` until it is loaded.
    pub fn catalogue(&self) -> Option<Arc<Catalogue>> {
        self.catalogue.load_full()
    }

    /// What is kept of a datastream's observations; `None` while it has none.
    pub fn summary(&self, datastream: EntityId) -> Option<Arc<Summary>> {
        unimplemented!()
    }

    /// What happened lately.
    pub fn ring(&self) -> &Ring {
        &self.ring
    }

    /// What a client sent as a place, with its geometry in degrees and in the working CRS where it is GeoJSON.
    pub fn place(&self, sent: Value) -> Result<Place> {
        unimplemented!()
    }

    /// Changes entities, one change at a time: the plan sees the newest catalogue and says what to write. When this
    /// returns, the store has committed it and the catalogue shows it.
    pub async fn change<T: Send, E: Send>(
        &self,
        plan: impl FnOnce(&Catalogue, &mut Numbers) -> Result<(SensorBatch, T), E> + Send,
    ) -> Result<(SensorReceipt, T), ChangeError<E>> {
        unimplemented!()
    }

    /// Takes observations of known datastreams; when this returns, the store has committed them. Those of many callers
    /// are written together.
    pub async fn observe(
        &self,
        observations: Vec<NewObservation>,
        patience: Patience,
    ) -> Result<Vec<Appended>> {
        unimplemented!()
    }

    /// Replaces an observation; says whether it was there.
    pub async fn replace_observation(&self, observation: &Observation) -> Result<bool> {
        unimplemented!()
    }

    /// Observations from the store, or from memory where the latest of each datastream are asked for.
    pub async fn observations(&self, query: &ObservationQuery) -> Result<Vec<Observation>> {
        unimplemented!()
    }

    pub async fn count_observations(&self, filter: &ObservationFilter) -> Result<u64> {
        unimplemented!()
    }
}
