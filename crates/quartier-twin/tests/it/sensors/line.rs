//! A real store at the end of a line that can be cut, held, or lose an answer.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
};

use quartier_model::{
    CityObject, Collection, CollectionId, Crs, EntityId, FeatureId, Geofence, Link, ObjectId,
    Observation, Rollup, Step,
};
use quartier_store::{
    Batch, Change, Error, ObservationFilter, ObservationQuery, Outcome, Receipt, Result,
    SensorBatch, SensorReceipt, SensorStore, Sequence, Store, StoredEntities, StoredFeature,
    StoredObject, Summary,
};
use time::OffsetDateTime;
use tokio::sync::{RwLock, watch};

/// What the line does.
#[derive(Debug, Default)]
pub(crate) struct Switch {
    /// Answers as a database does that nobody can reach.
    pub(crate) is_cut: AtomicBool,
    /// The next write of sensors is done, and its answer lost.
    pub(crate) loses_answer: AtomicBool,
    /// Writes of sensors wait while somebody holds this.
    pub(crate) gate: RwLock<()>,
    /// Writes of observations so far.
    pub(crate) writes: AtomicUsize,
}

#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) switch: Arc<Switch>,
}

impl Line {
    async fn store(&self) -> Result<&dyn Store> {
        if self.switch.is_cut.load(SeqCst) { Err(unreachable().await) } else { Ok(&*self.store) }
    }
}

/// What a store says whose database is not there.
async fn unreachable() -> Error {
    let nobody = "postgres://nobody@127.0.0.1:1/nothing".parse().unwrap();
    quartier_store::open(&nobody, None).await.unwrap_err()
}

#[async_trait::async_trait]
impl SensorStore for Line {
    async fn entities(&self) -> Result<StoredEntities> {
        self.store().await?.entities().await
    }

    async fn summaries(&self) -> Result<Vec<Summary>> {
        self.store().await?.summaries().await
    }

    async fn write_sensors(&self, batch: &SensorBatch) -> Result<SensorReceipt> {
        let _open = self.switch.gate.read().await;
        let receipt = self.store().await?.write_sensors(batch).await?;
        self.switch.writes.fetch_add(usize::from(!batch.observations.is_empty()), SeqCst);
        if self.switch.loses_answer.swap(false, SeqCst) {
            return Err(unreachable().await);
        }
        Ok(receipt)
    }

    async fn replace_observation(&self, it: &Observation) -> Result<Option<SensorReceipt>> {
        self.store().await?.replace_observation(it).await
    }

    async fn observations(&self, query: &ObservationQuery) -> Result<Vec<Observation>> {
        self.store().await?.observations(query).await
    }

    async fn count_observations(&self, filter: &ObservationFilter) -> Result<u64> {
        self.store().await?.count_observations(filter).await
    }

    async fn rollups(
        &self,
        datastreams: &[EntityId],
        step: Step,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<Vec<Rollup>> {
        self.store().await?.rollups(datastreams, step, from, to).await
    }

    async fn expire(
        &self,
        datastream: EntityId,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<SensorReceipt> {
        self.store().await?.expire(datastream, before, limit).await
    }

    async fn links(&self) -> Result<Vec<Link>> {
        self.store().await?.links().await
    }

    async fn put_links(&self, things: &[EntityId], links: &[Link]) -> Result<()> {
        self.store().await?.put_links(things, links).await
    }

    async fn geofences(&self) -> Result<Vec<Geofence>> {
        self.store().await?.geofences().await
    }

    async fn put_geofence(&self, geofence: &Geofence) -> Result<()> {
        self.store().await?.put_geofence(geofence).await
    }

    async fn delete_geofence(&self, id: EntityId) -> Result<bool> {
        self.store().await?.delete_geofence(id).await
    }
}

#[async_trait::async_trait]
impl Store for Line {
    fn working_crs(&self) -> Crs {
        self.store.working_crs()
    }

    async fn ping(&self) -> Result<()> {
        self.store().await?.ping().await
    }

    async fn collections(&self) -> Result<Vec<Collection>> {
        self.store().await?.collections().await
    }

    async fn put_collection(&self, collection: &Collection) -> Result<()> {
        self.store().await?.put_collection(collection).await
    }

    async fn write(&self, collection: &CollectionId, batch: Batch) -> Result<Receipt> {
        self.store().await?.write(collection, batch).await
    }

    async fn compare(&self, collection: &CollectionId, it: &[CityObject]) -> Result<Vec<Outcome>> {
        self.store().await?.compare(collection, it).await
    }

    async fn scan(
        &self,
        collection: &CollectionId,
        after: Option<FeatureId>,
        limit: u32,
    ) -> Result<Vec<StoredFeature>> {
        self.store().await?.scan(collection, after, limit).await
    }

    async fn feature_id_range(
        &self,
        collection: &CollectionId,
    ) -> Result<Option<(FeatureId, FeatureId)>> {
        self.store().await?.feature_id_range(collection).await
    }

    async fn features(
        &self,
        collection: &CollectionId,
        ids: &[FeatureId],
    ) -> Result<Vec<StoredFeature>> {
        self.store().await?.features(collection, ids).await
    }

    async fn object(
        &self,
        collection: &CollectionId,
        id: &ObjectId,
    ) -> Result<Option<StoredObject>> {
        self.store().await?.object(collection, id).await
    }

    async fn history(&self, collection: &CollectionId, id: &ObjectId) -> Result<Vec<StoredObject>> {
        self.store().await?.history(collection, id).await
    }

    async fn identity(&self) -> Result<String> {
        self.store().await?.identity().await
    }

    async fn sequence(&self) -> Result<Sequence> {
        self.store().await?.sequence().await
    }

    async fn mark(&self, change: Sequence) -> Result<Option<String>> {
        self.store().await?.mark(change).await
    }

    async fn changes(&self, after: Sequence, limit: u32) -> Result<Vec<Change>> {
        self.store().await?.changes(after, limit).await
    }

    fn watch(&self) -> watch::Receiver<Sequence> {
        self.store.watch()
    }
}
