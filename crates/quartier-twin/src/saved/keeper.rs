use std::{
    path::PathBuf,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use super::{SavedCity, city};
use crate::{Error, Result, Snapshot, Twin};

/// Objects whose changes are taken from the log within a tenth of a second or two, when the saved city is next used.
const BEHIND_MAX: u64 = 10_000;

/// How often a running twin looks whether it is to be saved.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// What keeps a file from being written is seldom gone in a minute.
const AFTER_FAILURE: Duration = Duration::from_hours(1);

/// A twin that changes all the time spends no more than a twentieth of its time on saving.
const PAUSES: u32 = 20;

/// Saves the city where what is saved is far behind.
#[derive(Debug)]
pub(crate) struct Keeper {
    pub(crate) path: PathBuf,
    /// Objects that have changed since the city was saved.
    behind: AtomicU64,
    /// Held by whoever saves.
    saving: Mutex<()>,
}

impl Keeper {
    pub(crate) fn new(saved: SavedCity) -> Self {
        Self { path: saved.path, behind: AtomicU64::default(), saving: Mutex::default() }
    }

    /// Notes that so many objects are not as they were saved.
    pub(crate) fn fall_behind(&self, objects: usize) {
        self.behind.fetch_add(objects as u64, Ordering::Relaxed);
    }

    /// Notes that nothing is saved of the city.
    pub(crate) fn start_anew(&self) {
        self.behind.store(u64::MAX / 2, Ordering::Relaxed);
    }

    /// Notes that what is saved is what there is.
    pub(crate) fn catch_up(&self) {
        self.behind.store(0, Ordering::Relaxed);
    }

    fn behind(&self) -> u64 {
        self.behind.load(Ordering::Relaxed)
    }

    /// Saves the city if that spares the next start some work. Tells how long to leave it alone then.
    pub(crate) async fn save(&self, twin: &Twin) -> Duration {
        let _saving = self.saving.lock().await;
        let behind = self.behind();
        let Some(snapshot) = twin.snapshot().filter(|_| behind > BEHIND_MAX) else {
            return LOOK_EVERY;
        };
        let started = Instant::now();
        if let Err(error) = self.write(twin, snapshot).await {
            let (error, path): (&dyn std::error::Error, _) = (&error, self.path.display());
            tracing::warn!(error, %path, "the city is not saved; the next start reads the store");
            return AFTER_FAILURE;
        }
        self.behind.fetch_sub(behind, Ordering::Relaxed);
        let took = started.elapsed();
        tracing::info!(seconds = took.as_secs_f32(), path = %self.path.display(), "the city is saved");
        LOOK_EVERY.max(took * PAUSES)
    }

    async fn write(&self, twin: &Twin, snapshot: Arc<Snapshot>) -> Result<()> {
        let mark = twin.counted(twin.store.mark(snapshot.sequence).await)?;
        // A store without a change is empty.
        let Some(mark) = mark else { return Ok(()) };
        let path = self.path.clone();
        let saving = move || city::save(&snapshot, mark, &path);
        tokio::task::spawn_blocking(saving).await?.map_err(Error::Saving)
    }
}

/// Keeps the saved city near the one in memory for as long as somebody holds the twin.
pub(crate) async fn keep(twin: Weak<Twin>) {
    loop {
        let pause = match twin.upgrade() {
            Some(held) => match &held.keeper {
                Some(keeper) => keeper.save(&held).await,
                None => return,
            },
            None => return,
        };
        tokio::time::sleep(pause).await;
    }
}
