//! Sensors in memory: what there is, what was measured last, where it belongs, and what happens.
//!
//! One writer at a time: it commits to the store first and shows memory afterwards, so that who was answered also sees
//! it. Readers take what was shown last and never wait.

mod aggregate;
mod catalogue;
mod change;
mod commit;
mod counters;
mod doubt;
mod feature;
mod geofence;
mod join;
mod latest;
mod links;
mod load;
mod numbers;
mod observe;
mod place;
mod readings;
mod recent;
mod retain;
mod ring;
mod settings;
mod span;
mod state;
#[cfg(test)]
mod tests;
mod weight;

use std::sync::{Arc, Weak, atomic::AtomicU64};

use arc_swap::ArcSwapOption;
use quartier_model::{EntityId, Observation, Place};
use quartier_store::{ObservationFilter, ObservationQuery, Store, Summary};
use serde_json::Value;
use time::OffsetDateTime;
use tokio::sync::{Mutex, watch};

pub use aggregate::{
    AggregateError, AggregateQuery, Aggregates, Aggregation, WINDOW_MAX, ZONES_MAX, ZoneAggregate,
};
pub use catalogue::Catalogue;
pub use change::ChangeError;
pub use counters::{Counts, Source, Tally};
pub use feature::{AutoFeature, feature_of_interest};
pub use geofence::{GEOFENCE_OBJECTS_MAX, GEOFENCES_MAX, GeofenceError, NewGeofence};
pub use join::{DEFAULT_TOLERANCE_M, JoinRule, JoinRules, Reason};
pub use latest::{LatestQuery, LatestRow};
pub use links::{LinkFilter, Unlinked};
pub use numbers::Numbers;
pub use observe::Patience;
pub use readings::{ObjectReading, PROPERTY_NAMES_MAX, PropertyNames, PropertyNamesError, Reader};
pub use ring::{EVENTS_KEPT, EntityChange, Event, FenceEvent, Happening, Overrun, Ring};
pub use settings::SensorSettings;
pub use span::{Span, SpanError};
pub use state::Summaries;

use self::{
    commit::Writing, counters::Counters, geofence::Fences, links::Linking, observe::Queue,
    place::Placer, recent::Recent, state::State,
};
use crate::{Overlays, Result, Snapshot, snapshot::Ground};

/// The sensors' half of the twin.
#[derive(Debug)]
pub struct Sensors {
    me: Weak<Self>,
    store: Arc<dyn Store>,
    store_errors: Arc<AtomicU64>,
    /// What the twin shows of the city.
    city: Arc<ArcSwapOption<Snapshot>>,
    settings: SensorSettings,
    placer: Placer,
    catalogue: ArcSwapOption<Catalogue>,
    state: State,
    ring: Ring,
    counters: Counters,
    queue: Queue,
    linking: Linking,
    recent: Recent,
    fences: Fences,
    /// Held by whoever writes, from before the store is asked until memory shows it.
    writing: Arc<Mutex<Writing>>,
    loaded: watch::Sender<bool>,
}

/// What the sensors share with the rest of the twin.
pub(crate) struct Surroundings<'a> {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) store_errors: Arc<AtomicU64>,
    pub(crate) city: Arc<ArcSwapOption<Snapshot>>,
    pub(crate) ground: &'a Ground,
    pub(crate) overlays: &'a Overlays,
    pub(crate) settings: SensorSettings,
}

impl Sensors {
    /// Sensors that load in the background; see [`Sensors::until_loaded`].
    pub(crate) fn open(around: Surroundings<'_>) -> Result<Arc<Self>> {
        let placer = Placer::new(around.ground)?;
        let (queue, waiting) = Queue::new();
        let run = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
        let sensors = Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            store: around.store,
            store_errors: around.store_errors,
            city: around.city,
            settings: around.settings,
            placer,
            catalogue: ArcSwapOption::empty(),
            state: State::default(),
            ring: Ring::new(run as u64),
            counters: Counters::default(),
            queue,
            linking: Linking::new(JoinRules::of(around.overlays)),
            recent: Recent::default(),
            fences: Fences::default(),
            writing: Arc::default(),
            loaded: watch::Sender::new(false),
        });
        tokio::spawn(observe::write_groups(Arc::downgrade(&sensors), waiting));
        tokio::spawn(load::live(Arc::downgrade(&sensors)));
        Ok(sensors)
    }

    /// Waits until the catalogue is there.
    pub async fn until_loaded(&self) {
        // The sender lives as long as `self`, so that waiting cannot fail.
        let _ = self.loaded.subscribe().wait_for(|is_loaded| *is_loaded).await;
    }

    pub fn settings(&self) -> &SensorSettings {
        &self.settings
    }

    /// Every entity but observations as it is now; `None` until it is loaded.
    pub fn catalogue(&self) -> Option<Arc<Catalogue>> {
        self.catalogue.load_full()
    }

    /// What is kept of a datastream's observations; `None` while it has none.
    pub fn summary(&self, datastream: EntityId) -> Option<Arc<Summary>> {
        self.state.of(datastream)
    }

    /// What is kept of every datastream's observations, at one moment: for those who need many.
    pub fn summaries(&self) -> Arc<Summaries> {
        self.state.all()
    }

    /// What happened lately.
    pub fn ring(&self) -> &Ring {
        &self.ring
    }

    /// What became of observations since the start.
    pub fn counts(&self) -> Counts {
        self.counters.counts(self.queue.waiting())
    }

    /// What a client sent as a place, with its geometry in degrees and in the working CRS where it is GeoJSON.
    ///
    /// Fails with [`crate::Error::Place`] where it calls itself GeoJSON and is none.
    pub fn place(&self, sent: Value) -> Result<Place> {
        self.placer.place(sent)
    }

    /// Observations from the store, or from memory where the latest of each datastream are asked for: those that
    /// ended last, and of these the one with the latest result time.
    pub async fn observations(&self, query: &ObservationQuery) -> Result<Vec<Observation>> {
        match self.state.latest(query) {
            Some(latest) => Ok(latest),
            None => self.counted(self.store.observations(query).await),
        }
    }

    /// A filter by datastreams alone is answered from memory.
    pub async fn count_observations(&self, filter: &ObservationFilter) -> Result<u64> {
        match self.state.count(filter) {
            Some(count) => Ok(count),
            None => self.counted(self.store.count_observations(filter).await),
        }
    }
}
