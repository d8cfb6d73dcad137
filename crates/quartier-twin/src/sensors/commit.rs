use std::sync::{Arc, atomic::Ordering};

use quartier_model::{Entity, EntityId, EntityKind, NewObservation, Observation};
use quartier_store::{Appended, SensorBatch, SensorReceipt, Summary};
use tokio::sync::OwnedMutexGuard;

use super::{Catalogue, EntityChange, Happening, Numbers, Sensors};
use crate::{Error, Result};

/// What one writer at a time has.
#[derive(Debug, Default)]
pub(super) struct Writing {
    pub(super) numbers: Numbers,
    /// The store may hold a write that memory does not know: its answer was lost.
    in_doubt: bool,
}

impl Sensors {
    /// Waits for the turn to write. Who comes after a write of unknown end reads the store anew first.
    pub(super) async fn begin(&self) -> Result<OwnedMutexGuard<Writing>> {
        let mut writing = Arc::clone(&self.writing).lock_owned().await;
        if self.catalogue.load().is_none() {
            return Err(Error::Loading);
        }
        if writing.in_doubt {
            self.settle_doubt(&mut writing).await?;
            writing.in_doubt = false;
        }
        Ok(writing)
    }

    /// Writes a batch and shows it.
    pub(super) async fn commit(
        &self,
        writing: &mut Writing,
        batch: SensorBatch,
    ) -> Result<SensorReceipt> {
        if batch == SensorBatch::default() {
            return Ok(SensorReceipt::default());
        }
        let receipt = self.write(writing, &batch).await?;
        self.show(batch, receipt.clone()).await;
        Ok(receipt)
    }

    pub(super) async fn write(
        &self,
        writing: &mut Writing,
        batch: &SensorBatch,
    ) -> Result<SensorReceipt> {
        let receipt = self.certain(writing, self.store.write_sensors(batch)).await?;
        if let Some(last) = receipt.observations.iter().map(|it| it.id).max() {
            writing.numbers.note(EntityKind::Observation, last);
        }
        Ok(receipt)
    }

    /// The end of a write; remembers when it stays unknown.
    pub(super) async fn certain<T>(
        &self,
        writing: &mut Writing,
        write: impl Future<Output = quartier_store::Result<T>>,
    ) -> Result<T> {
        writing.in_doubt = true;
        let end = write.await;
        writing.in_doubt = matches!(end, Err(quartier_store::Error::Unavailable(_)));
        self.counted(end)
    }

    /// Shows what was committed: entities and their links first, then readings, then the word of both.
    pub(super) async fn show(&self, batch: SensorBatch, receipt: SensorReceipt) {
        let mut news = self.show_entities(&batch).await;
        let deleted = batch.deletes.iter().filter(|(kind, _)| is_datastream(*kind));
        let touched = ids(&receipt.summaries);
        self.state.change(receipt.summaries, deleted.map(|&(_, id)| id));
        if receipt.deleted_observations > 0 {
            self.observations_rewritten(&touched);
        }
        news.extend(batch.deleted_observations.iter().map(|&id| {
            let (kind, change) = (EntityKind::Observation, EntityChange::Deleted);
            Happening::Entity { kind, id, change }
        }));
        if receipt.deleted_observations > 0 {
            news.extend(touched.into_iter().map(Happening::Rewritten));
        }
        let taken = taken(batch.observations, &receipt.observations);
        news.extend(taken.iter().map(|it| Happening::Observed(Arc::clone(it))));
        self.ring.push(news);
        if !taken.is_empty() {
            self.observed(&taken);
        }
    }

    async fn show_entities(&self, batch: &SensorBatch) -> Vec<Happening> {
        let Some(before) = self.catalogue() else { return Vec::new() };
        if batch.puts.is_empty() && batch.deletes.is_empty() {
            return Vec::new();
        }
        let mut after = Catalogue::clone(&before);
        batch.puts.iter().for_each(|entity| after.put(entity.clone()));
        batch.deletes.iter().for_each(|&(kind, id)| after.remove(kind, id));
        let after = Arc::new(after);
        self.catalogue.store(Some(Arc::clone(&after)));
        self.entities_changed(&before, &after, batch).await;
        let put = batch.puts.iter().map(|entity| put(&before, entity));
        let deleted = batch.deletes.iter().map(|&(kind, id)| {
            let change = EntityChange::Deleted;
            Happening::Entity { kind, id, change }
        });
        put.chain(deleted).collect()
    }

    /// Shows the summaries of datastreams whose past is not what it was.
    pub(super) fn show_rewritten(&self, summaries: Vec<Summary>) {
        let touched = ids(&summaries);
        self.state.change(summaries, []);
        self.observations_rewritten(&touched);
    }

    pub(super) fn counted<T>(&self, answer: quartier_store::Result<T>) -> Result<T> {
        if answer.is_err() {
            self.store_errors.fetch_add(1, Ordering::Relaxed);
        }
        Ok(answer?)
    }

    /// Itself, for a task that outlives the caller.
    pub(super) fn held(&self) -> Arc<Self> {
        self.me.upgrade().expect("whoever calls a method holds it")
    }
}

fn put(before: &Catalogue, entity: &Entity) -> Happening {
    let (kind, id) = (entity.kind(), entity.id());
    let is_known = before.contains(kind, id);
    let change = if is_known { EntityChange::Changed } else { EntityChange::Created };
    Happening::Entity { kind, id, change }
}

/// The observations that were new, with their numbers.
fn taken(observations: Vec<NewObservation>, appended: &[Appended]) -> Vec<Arc<Observation>> {
    let pairs = observations.into_iter().zip(appended);
    let new = pairs.filter(|(_, appended)| appended.is_new);
    new.filter_map(|(observation, appended)| numbered(observation, appended.id)).collect()
}

/// `None` without a feature of interest, which no store takes.
fn numbered(observation: NewObservation, id: EntityId) -> Option<Arc<Observation>> {
    Some(Arc::new(Observation {
        id,
        datastream: observation.datastream,
        feature: observation.feature?,
        phenomenon_time: observation.phenomenon_time,
        result_time: observation.result_time,
        result: observation.result,
        valid_time: observation.valid_time,
        quality: observation.quality,
        parameters: observation.parameters,
    }))
}

pub(super) fn ids(summaries: &[Summary]) -> Vec<EntityId> {
    summaries.iter().map(|it| it.datastream).collect()
}

fn is_datastream(kind: EntityKind) -> bool {
    matches!(kind, EntityKind::Datastream | EntityKind::MultiDatastream)
}
