use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use arc_swap::ArcSwapOption;
use quartier_model::{Collection, CollectionId, Crs, ObjectId};
use quartier_store::{Batch, Receipt, Sequence, Store, StoredObject};
use tokio::sync::{Mutex, watch};

use crate::{
    Overlays, Result, SavedCity, Snapshot, follow, load, saved,
    sensors::{SensorSettings, Sensors, Surroundings},
    snapshot::Ground,
};

/// How long the twin waits between attempts to reach a store that is away.
const RETRY: Duration = Duration::from_secs(1);

/// A city in memory, kept in step with its store.
#[derive(Debug)]
pub struct Twin {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) ground: Arc<Ground>,
    pub(crate) overlays: Overlays,
    pub(crate) current: Arc<ArcSwapOption<Snapshot>>,
    /// Held by whoever makes the next snapshot.
    pub(crate) making: Mutex<()>,
    pub(crate) store_errors: Arc<AtomicU64>,
    pub(crate) sensors: Arc<Sensors>,
    /// Of the file beside the store, where there is to be one.
    pub(crate) keeper: Option<saved::Keeper>,
    is_mapped: AtomicBool,
    ready: watch::Sender<bool>,
}

/// How the twin and its store are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    pub store_answers: bool,
    /// Failed requests to the store since the start.
    pub store_errors: u64,
}

impl Twin {
    /// A twin of the store's city that loads in the background; see [`Twin::until_ready`].
    ///
    /// Fails where the working CRS is neither metric nor in degrees.
    pub fn open(
        store: Arc<dyn Store>,
        overlays: Overlays,
        sensors: SensorSettings,
    ) -> Result<Arc<Self>> {
        Self::open_saved(store, overlays, sensors, None)
    }

    /// The same; the city is mapped from a file where it was saved before, and saved there.
    pub fn open_saved(
        store: Arc<dyn Store>,
        overlays: Overlays,
        sensors: SensorSettings,
        saved: Option<SavedCity>,
    ) -> Result<Arc<Self>> {
        let ground = Arc::new(Ground::new(store.working_crs())?);
        let (current, store_errors) = <(Arc<ArcSwapOption<Snapshot>>, Arc<AtomicU64>)>::default();
        let sensors = Sensors::open(Surroundings {
            store: Arc::clone(&store),
            store_errors: Arc::clone(&store_errors),
            city: Arc::clone(&current),
            ground: &ground,
            overlays: &overlays,
            settings: sensors,
        })?;
        let twin = Arc::new(Self {
            store,
            ground,
            overlays,
            current,
            making: Mutex::default(),
            store_errors,
            sensors,
            keeper: saved.map(saved::Keeper::new),
            is_mapped: AtomicBool::default(),
            ready: watch::Sender::new(false),
        });
        tokio::spawn(live(Arc::downgrade(&twin)));
        Ok(twin)
    }

    pub fn working_crs(&self) -> Crs {
        self.ground.crs
    }

    /// The city as it is now; `None` until it is loaded.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.current.load_full()
    }

    /// The change up to which the city is shown; `None` until it is loaded.
    pub fn sequence(&self) -> Option<Sequence> {
        self.current.load().as_ref().map(|snapshot| snapshot.sequence)
    }

    /// Things, what they measure, and where they belong.
    pub fn sensors(&self) -> &Arc<Sensors> {
        &self.sensors
    }

    /// Waits until the city and its sensors are loaded.
    pub async fn until_ready(&self) {
        // The sender lives as long as `self`, so that waiting cannot fail.
        let _ = self.ready.subscribe().wait_for(|is_ready| *is_ready).await;
        self.sensors.until_loaded().await;
    }

    /// Writes a batch; when this returns, the store has committed it and the snapshot shows it.
    pub async fn write(&self, collection: &CollectionId, batch: Batch) -> Result<Receipt> {
        let receipt = self.counted(self.store.write(collection, batch).await)?;
        self.show(receipt.sequence).await;
        Ok(receipt)
    }

    /// Makes a collection, or changes what is said of it.
    pub async fn put_collection(&self, collection: &Collection) -> Result<()> {
        self.counted(self.store.put_collection(collection).await)?;
        let sequence = self.counted(self.store.sequence().await)?;
        self.show(sequence).await;
        Ok(())
    }

    /// One object with its 3D geometry, from the store.
    pub async fn object(
        &self,
        collection: &CollectionId,
        id: &ObjectId,
    ) -> Result<Option<StoredObject>> {
        self.counted(self.store.object(collection, id).await)
    }

    /// Every version of an object, oldest first, from the store.
    pub async fn history(
        &self,
        collection: &CollectionId,
        id: &ObjectId,
    ) -> Result<Vec<StoredObject>> {
        self.counted(self.store.history(collection, id).await)
    }

    /// Asks the store for a sign of life.
    pub async fn health(&self) -> Health {
        let store_answers = self.counted(self.store.ping().await).is_ok();
        Health { store_answers, store_errors: self.store_errors() }
    }

    /// Makes the store's file whole, where it is one, and saves the city: for the end of the program.
    pub async fn flush(&self) -> Result<()> {
        if let Some(keeper) = &self.keeper {
            keeper.save(self).await;
        }
        self.counted(self.store.flush().await)
    }

    /// Whether the city was mapped from its file when the twin started, and not read from the store.
    pub fn is_mapped(&self) -> bool {
        self.is_mapped.load(Ordering::Relaxed)
    }

    /// Failed requests to the store since the start.
    pub fn store_errors(&self) -> u64 {
        self.store_errors.load(Ordering::Relaxed)
    }

    /// The write is safe already: should the store be away now, the follower shows it later.
    async fn show(&self, sequence: Sequence) {
        if let Err(error) = follow::catch_up(self, sequence).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a write is not visible yet");
        }
    }

    pub(crate) fn counted<T>(&self, answer: quartier_store::Result<T>) -> Result<T> {
        if answer.is_err() {
            self.store_errors.fetch_add(1, Ordering::Relaxed);
        }
        Ok(answer?)
    }

    /// The city as it was saved, with what has changed since.
    async fn saved(&self) -> Result<Option<Snapshot>> {
        let Some(keeper) = &self.keeper else { return Ok(None) };
        keeper.start_anew();
        let Some(saved) = saved::open(self, &keeper.path).await? else { return Ok(None) };
        let newest = self.counted(self.store.sequence().await)?;
        let forward = follow::brought_forward(self, saved, newest).await?;
        if forward.is_some() {
            keeper.catch_up();
            self.is_mapped.store(true, Ordering::Relaxed);
        }
        Ok(forward)
    }

    async fn load(&self) -> Result<()> {
        let _making = self.making.lock().await;
        let started = Instant::now();
        let snapshot = match self.saved().await? {
            Some(snapshot) => snapshot,
            None => load::load(&self.store, &self.ground, &self.overlays).await?,
        };
        let snapshot = Arc::new(snapshot);
        let prepared = Arc::clone(&snapshot);
        // Who asks first would wait for all of it, and others behind it.
        tokio::task::spawn_blocking(move || prepared.prepare_tiles()).await?;
        let objects: usize = snapshot.collections().map(|loaded| loaded.index.len()).sum();
        tracing::info!(objects, seconds = started.elapsed().as_secs_f32(), "the city is loaded");
        self.current.store(Some(snapshot));
        self.ready.send_replace(true);
        Ok(())
    }
}

/// Loads the city, then follows the store for as long as somebody holds the twin.
async fn live(twin: Weak<Twin>) {
    loop {
        let Some(held) = twin.upgrade() else { return };
        match held.load().await {
            Ok(()) => {
                held.sensors.meet_city().await;
                break;
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the city cannot be loaded yet"
                );
            }
        }
        drop(held);
        tokio::time::sleep(RETRY).await;
    }
    tokio::spawn(saved::keep(Weak::clone(&twin)));
    follow::follow(twin, RETRY).await;
}
