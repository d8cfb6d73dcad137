use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use quartier_store::StoredEntities;

use super::{Catalogue, Numbers, Sensors};
use crate::Result;

/// How long the sensors wait between attempts to reach a store that is away.
const RETRY: Duration = Duration::from_secs(1);

/// Loads the sensors, then looks after them for as long as somebody holds them.
pub(super) async fn live(sensors: Weak<Sensors>) {
    loop {
        let Some(held) = sensors.upgrade() else { return };
        match held.load().await {
            Ok(()) => {
                held.meet_city().await;
                break;
            }
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "the sensors cannot be loaded yet");
            }
        }
        drop(held);
        tokio::time::sleep(RETRY).await;
    }
    tokio::join!(super::retain::keep(Weak::clone(&sensors)), tend(sensors));
}

/// How often silence is looked for.
const TEND_EVERY: Duration = Duration::from_secs(1);

async fn tend(sensors: Weak<Sensors>) {
    loop {
        tokio::time::sleep(TEND_EVERY).await;
        let Some(held) = sensors.upgrade() else { return };
        held.upkeep().await;
    }
}

impl Sensors {
    async fn load(&self) -> Result<()> {
        let mut writing = Arc::clone(&self.writing).lock_owned().await;
        let started = Instant::now();
        let catalogue = self.read(&mut writing.numbers).await?;
        let (things, datastreams) = (catalogue.things.len(), catalogue.datastreams.len());
        self.catalogue.store(Some(Arc::new(catalogue)));
        if let Err(error) = self.load_join().await {
            self.catalogue.store(None);
            return Err(error);
        }
        let seconds = started.elapsed().as_secs_f32();
        tracing::info!(things, datastreams, seconds, "the sensors are loaded");
        self.loaded.send_replace(true);
        Ok(())
    }

    /// Links all things anew, once there is a city and a catalogue. Whichever comes last calls it.
    pub(crate) async fn meet_city(&self) {
        if self.city.load().is_some() && self.catalogue.load().is_some() {
            self.relink().await;
        }
    }

    /// Entities and summaries as the store has them; the summaries are shown at once.
    pub(super) async fn read(&self, numbers: &mut Numbers) -> Result<Catalogue> {
        let StoredEntities { entities, next } = self.counted(self.store.entities().await)?;
        let summaries = self.counted(self.store.summaries().await)?;
        let built = tokio::task::spawn_blocking(move || {
            let mut catalogue = Catalogue::default();
            for entity in entities {
                catalogue.put(entity);
            }
            catalogue
        });
        let catalogue = built.await?;
        numbers.catch_up(Numbers::new(next));
        self.state.replace(summaries);
        Ok(catalogue)
    }
}
