//! The city in one GeoPackage: a SQLite file that GIS programs open as it is.

mod collections;
mod file;
mod follow;
mod layer;
mod open;
mod read;
mod registry;
mod room;
mod rows;
mod sensor;
mod write;

use std::{collections::HashMap, sync::RwLock};

use async_trait::async_trait;
use quartier_model::{CityObject, Collection, CollectionId, Crs, FeatureId, ObjectId};
use sqlx::SqlitePool;
use tokio::sync::watch;

use crate::{
    Batch, Change, Outcome, Receipt, Result, Sequence, Store, StoredFeature, StoredObject,
    follower::Follower,
};

pub(crate) use open::inspect;

#[derive(Debug)]
pub(crate) struct GeoPackageStore {
    /// One connection: SQLite has one writer.
    writer: SqlitePool,
    readers: SqlitePool,
    /// Apart from the others, since what these read may take long.
    sensor_readers: SqlitePool,
    working_crs: Crs,
    srs_id: i32,
    /// Collections are never deleted, so what stands here stays true.
    keys: RwLock<HashMap<CollectionId, i64>>,
    follower: Follower,
}

#[async_trait]
impl Store for GeoPackageStore {
    fn working_crs(&self) -> Crs {
        self.working_crs
    }

    async fn ping(&self) -> Result<()> {
        follow::sequence(&self.readers).await.map(|_| ())
    }

    async fn flush(&self) -> Result<()> {
        open::empty_log(&mut *self.writer.acquire().await?).await
    }

    async fn collections(&self) -> Result<Vec<Collection>> {
        self.read_collections().await
    }

    async fn put_collection(&self, collection: &Collection) -> Result<()> {
        self.write_collection(collection).await
    }

    async fn write(&self, collection: &CollectionId, batch: Batch) -> Result<Receipt> {
        self.write_batch(collection, batch).await
    }

    async fn compare(
        &self,
        collection: &CollectionId,
        objects: &[CityObject],
    ) -> Result<Vec<Outcome>> {
        self.compare_objects(collection, objects).await
    }

    async fn scan(
        &self,
        collection: &CollectionId,
        after: Option<FeatureId>,
        limit: u32,
    ) -> Result<Vec<StoredFeature>> {
        self.read_scan(collection, after, limit).await
    }

    async fn feature_id_range(
        &self,
        collection: &CollectionId,
    ) -> Result<Option<(FeatureId, FeatureId)>> {
        self.read_range(collection).await
    }

    async fn features(
        &self,
        collection: &CollectionId,
        ids: &[FeatureId],
    ) -> Result<Vec<StoredFeature>> {
        self.read_features(collection, ids).await
    }

    async fn object(
        &self,
        collection: &CollectionId,
        id: &ObjectId,
    ) -> Result<Option<StoredObject>> {
        self.read_object(collection, id).await
    }

    async fn history(&self, collection: &CollectionId, id: &ObjectId) -> Result<Vec<StoredObject>> {
        self.read_history(collection, id).await
    }

    async fn identity(&self) -> Result<String> {
        follow::identity(&self.readers).await
    }

    async fn sequence(&self) -> Result<Sequence> {
        follow::sequence(&self.readers).await
    }

    async fn mark(&self, change: Sequence) -> Result<Option<String>> {
        self.read_mark(change).await
    }

    async fn changes(&self, after: Sequence, limit: u32) -> Result<Vec<Change>> {
        self.read_changes(after, limit).await
    }

    fn watch(&self) -> watch::Receiver<Sequence> {
        self.follower.watch()
    }
}
