use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc, Mutex as StdMutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use arc_swap::ArcSwap;
use imbl::OrdMap;
use quartier_model::{EntityId, ObservedProperty};
use time::OffsetDateTime;
use tokio::sync::Mutex;

use super::prepared::Prepared;
use crate::sensors::Catalogue;

/// The geofences, and what they remember.
#[derive(Debug, Default)]
pub(crate) struct Fences {
    /// By id.
    all: ArcSwap<Vec<Arc<Prepared>>>,
    /// Held by whoever makes or deletes one.
    pub(super) making: Mutex<()>,
    memory: StdMutex<Memory>,
    last_id: AtomicU64,
    looked: StdMutex<Option<Looked>>,
}

/// A datastream's channel, for one geofence.
pub(super) type Watched = (EntityId, EntityId, usize);

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// When each datastream's newest reading was measured that a threshold has seen.
    pub(super) newest: HashMap<EntityId, OffsetDateTime>,
    /// Whose newest reading is beyond its threshold.
    pub(super) beyond: BTreeSet<Watched>,
    /// Whose silence has been told.
    pub(super) silent: BTreeSet<(EntityId, EntityId)>,
}

impl Fences {
    pub(super) fn all(&self) -> Arc<Vec<Arc<Prepared>>> {
        self.all.load_full()
    }

    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more than any that is or was.
    pub(super) fn next_id(&self) -> EntityId {
        EntityId(self.last_id.fetch_add(1, Relaxed) + 1)
    }

    pub(super) fn add(&self, fence: Arc<Prepared>) {
        self.last_id.fetch_max(fence.geofence.id.0, Relaxed);
        self.all.store(Arc::new(self.all().iter().cloned().chain([fence]).collect()));
    }

    pub(super) fn remove(&self, id: EntityId) {
        let others = self.all().iter().filter(|fence| fence.geofence.id != id).cloned().collect();
        self.all.store(Arc::new(others));
        let mut memory = self.memory();
        memory.beyond.retain(|(fence, _, _)| *fence != id);
        memory.silent.retain(|(fence, _)| *fence != id);
    }

    pub(super) fn clear(&self) {
        self.all.store(Arc::default());
        *self.memory() = Memory::default();
    }

    /// Forgets datastreams that are gone.
    pub(crate) fn forget(&self, datastreams: &BTreeSet<EntityId>) {
        if datastreams.is_empty() {
            return;
        }
        let mut memory = self.memory();
        memory.newest.retain(|datastream, _| !datastreams.contains(datastream));
        memory.beyond.retain(|(_, datastream, _)| !datastreams.contains(datastream));
        memory.silent.retain(|(_, datastream)| !datastreams.contains(datastream));
    }
}

/// Geofences with the observed properties that each of them means; `None` for all.
pub(super) type Meant = BTreeMap<EntityId, Option<BTreeSet<EntityId>>>;

/// What geofences mean, for as long as these are the geofences and the observed properties.
#[derive(Debug)]
struct Looked {
    fences: Arc<Vec<Arc<Prepared>>>,
    properties: OrdMap<EntityId, Arc<ObservedProperty>>,
    meant: Arc<Meant>,
}

impl Fences {
    /// Looked up once for as long as nothing changes, since it is asked for with every group of readings.
    pub(super) fn meant(
        &self,
        fences: &Arc<Vec<Arc<Prepared>>>,
        catalogue: &Catalogue,
    ) -> Arc<Meant> {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let properties = &catalogue.observed_properties;
        let is_same =
            |it: &&Looked| Arc::ptr_eq(&it.fences, fences) && it.properties.ptr_eq(properties);
        if let Some(known) = looked.as_ref().filter(is_same) {
            return Arc::clone(&known.meant);
        }
        let meant = fences.iter().map(|it| (it.geofence.id, it.properties(catalogue)));
        let meant: Arc<Meant> = Arc::new(meant.collect());
        let (fences, properties) = (Arc::clone(fences), properties.clone());
        *looked = Some(Looked { fences, properties, meant: Arc::clone(&meant) });
        meant
    }
}
