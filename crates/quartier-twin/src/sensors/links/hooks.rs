//! What the join, the geofences and the recent readings have to be told, and when.

use std::sync::{Arc, atomic::Ordering::Relaxed};

use quartier_model::{CollectionId, EntityId, EntityKind, FeatureId, Observation};
use quartier_store::SensorBatch;
use time::OffsetDateTime;

use super::{
    super::{Catalogue, Sensors},
    affected,
    linking::Places,
};
use crate::{Error, Result};

/// Changed objects beyond which every thing is resolved anew, which then is less work than finding those that are near.
const OBJECTS_MAX: usize = 2_000;

impl Sensors {
    /// At the start, when the catalogue and the latest values are there: reads links and geofences from the store.
    pub(crate) async fn load_join(&self) -> Result<()> {
        let links = self.counted(self.store.links().await)?;
        self.linking.start_with(links).await;
        self.load_geofences().await?;
        self.recent.clear();
        Ok(())
    }

    /// When city and catalogue are both loaded, and after each import of a whole collection: links every thing anew.
    pub(crate) async fn relink(&self) {
        let Some(catalogue) = self.catalogue() else { return };
        let table = self.link_table();
        let gone = table.things().map(|(id, _)| id).filter(|id| !catalogue.things.contains_key(id));
        let things: Vec<EntityId> = gone.chain(catalogue.things.keys().copied()).collect();
        drop((table, catalogue));
        self.link_or_log(&things, Places::Anew).await;
    }

    /// After entities were committed and the catalogue shows them, before `change` returns. Without a city nothing is
    /// linked yet: [`Sensors::relink`] does it later.
    pub(crate) async fn entities_changed(
        &self,
        before: &Catalogue,
        after: &Catalogue,
        batch: &SensorBatch,
    ) {
        let gone = batch.deletes.iter().filter(|(kind, _)| {
            matches!(kind, EntityKind::Datastream | EntityKind::MultiDatastream)
        });
        let gone = gone.map(|&(_, id)| id).collect();
        self.fences.forget(&gone);
        self.recent.forget(gone);
        let things = affected::by_entities(before, after, batch);
        if !things.is_empty() {
            let was = self.link_table();
            self.link_or_log(&things, Places::Known).await;
            self.moved(&was, &things);
        }
    }

    /// After a snapshot with changed objects is shown; of a whole collection where none are named. What an import
    /// changes is followed within a second, many batches at once.
    pub(crate) async fn objects_changed(&self, collection: &CollectionId, objects: &[FeatureId]) {
        if objects.is_empty() || objects.len() > OBJECTS_MAX {
            return self.linking.is_outdated.store(true, Relaxed);
        }
        let Some(city) = self.city.load_full() else { return };
        let (table, rules) = (self.link_table(), self.linking.rules.clone());
        let (collection, objects) = (collection.clone(), objects.to_vec());
        let things = tokio::task::spawn_blocking(move || {
            affected::by_objects(&table, &city, &rules, &collection, &objects)
        });
        match things.await {
            Ok(things) => self.link_or_log(&things, Places::Anew).await,
            Err(error) => log(&error.into()),
        }
    }

    /// After observations that were not known before are committed and their summaries are shown; in commit order.
    /// Quick, and never waits.
    pub(crate) fn observed(&self, observations: &[Arc<Observation>]) {
        self.recent.take(observations);
        self.judge(observations);
    }

    /// After observations of these datastreams were deleted or replaced.
    pub(crate) fn observations_rewritten(&self, datastreams: &[EntityId]) {
        self.recent.doubt(datastreams);
    }

    /// Every second: follows imports, looks for silence, forgets old readings, writes links that the store does not
    /// have yet.
    pub(crate) async fn upkeep(&self) {
        let now = OffsetDateTime::now_utc();
        if self.linking.is_outdated.swap(false, Relaxed) {
            self.relink().await;
        }
        let me = self.held();
        let swept = tokio::task::spawn_blocking(move || {
            me.recent.prune(now);
            me.look_for_silence(now);
        });
        let done = match swept.await {
            Ok(()) => self.fill_recent(now).await,
            Err(error) => Err(error.into()),
        };
        if let Err(error) = done.and(self.save_links().await) {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(error, "the sensors' upkeep goes on later");
        }
    }

    async fn link_or_log(&self, things: &[EntityId], places: Places) {
        if let Err(error) = self.link(things, places).await {
            log(&error);
        }
    }
}

fn log(error: &Error) {
    let error: &dyn std::error::Error = error;
    tracing::error!(error, "things could not be linked to objects");
}
