//! The city in a PostgreSQL database with PostGIS.

mod binary;
mod collections;
mod copy;
mod follow;
mod open;
mod read;
mod sensor;
mod write;

use std::{collections::HashMap, sync::RwLock, time::Duration};

use async_trait::async_trait;
use quartier_model::{CityObject, Collection, CollectionId, Crs, FeatureId, ObjectId};
use sqlx::PgPool;
use tokio::{sync::watch, time::timeout};

use crate::{
    Batch, Change, Error, Outcome, Receipt, Result, Sequence, Store, StoredFeature, StoredObject,
    follower::Follower,
};

pub(crate) use open::inspect;

/// Long enough for a batch of 20,000 objects on a busy server, and for a layer's index to be built anew.
const STATEMENT_TIMEOUT: Duration = Duration::from_mins(2);

/// A sign of life takes milliseconds.
const PING_TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Debug)]
pub(crate) struct PostgisStore {
    pool: PgPool,
    working_crs: Crs,
    srid: i32,
    /// Collections are never deleted, so what stands here stays true.
    keys: RwLock<HashMap<CollectionId, i32>>,
    follower: Follower,
    sensors: sensor::Sensors,
}

#[async_trait]
impl Store for PostgisStore {
    fn working_crs(&self) -> Crs {
        self.working_crs
    }

    async fn ping(&self) -> Result<()> {
        within(PING_TIMEOUT, follow::sequence(&self.pool)).await.map(|_| ())
    }

    async fn collections(&self) -> Result<Vec<Collection>> {
        within(STATEMENT_TIMEOUT, self.read_collections()).await
    }

    async fn put_collection(&self, collection: &Collection) -> Result<()> {
        within(STATEMENT_TIMEOUT, self.write_collection(collection)).await
    }

    async fn write(&self, collection: &CollectionId, batch: Batch) -> Result<Receipt> {
        within(STATEMENT_TIMEOUT, self.write_batch(collection, batch)).await
    }

    async fn compare(
        &self,
        collection: &CollectionId,
        objects: &[CityObject],
    ) -> Result<Vec<Outcome>> {
        within(STATEMENT_TIMEOUT, self.compare_objects(collection, objects)).await
    }

    async fn scan(
        &self,
        collection: &CollectionId,
        after: Option<FeatureId>,
        limit: u32,
    ) -> Result<Vec<StoredFeature>> {
        within(STATEMENT_TIMEOUT, self.read_scan(collection, after, limit)).await
    }

    async fn feature_id_range(
        &self,
        collection: &CollectionId,
    ) -> Result<Option<(FeatureId, FeatureId)>> {
        within(STATEMENT_TIMEOUT, self.read_range(collection)).await
    }

    async fn features(
        &self,
        collection: &CollectionId,
        ids: &[FeatureId],
    ) -> Result<Vec<StoredFeature>> {
        within(STATEMENT_TIMEOUT, self.read_features(collection, ids)).await
    }

    async fn object(
        &self,
        collection: &CollectionId,
        id: &ObjectId,
    ) -> Result<Option<StoredObject>> {
        within(STATEMENT_TIMEOUT, self.read_object(collection, id)).await
    }

    async fn history(&self, collection: &CollectionId, id: &ObjectId) -> Result<Vec<StoredObject>> {
        within(STATEMENT_TIMEOUT, self.read_history(collection, id)).await
    }

    async fn identity(&self) -> Result<String> {
        within(STATEMENT_TIMEOUT, follow::identity(&self.pool)).await
    }

    async fn sequence(&self) -> Result<Sequence> {
        within(STATEMENT_TIMEOUT, follow::sequence(&self.pool)).await
    }

    async fn mark(&self, change: Sequence) -> Result<Option<String>> {
        within(STATEMENT_TIMEOUT, self.read_mark(change)).await
    }

    async fn changes(&self, after: Sequence, limit: u32) -> Result<Vec<Change>> {
        within(STATEMENT_TIMEOUT, self.read_changes(after, limit)).await
    }

    fn watch(&self) -> watch::Receiver<Sequence> {
        self.follower.watch()
    }
}

/// A server that vanished in the middle of an answer is noticed here; TCP alone takes hours.
async fn within<T>(limit: Duration, answer: impl Future<Output = Result<T>>) -> Result<T> {
    timeout(limit, answer).await.unwrap_or(Err(Error::Unavailable(sqlx::Error::PoolTimedOut)))
}
