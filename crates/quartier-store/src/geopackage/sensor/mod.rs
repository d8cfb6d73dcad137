//! The sensors' half of the store.

mod blocks;
mod bulk;
mod condition;
mod delete;
mod entities;
mod first_rows;
mod geofences;
mod keep;
mod layer;
mod links;
mod numbers;
mod observe;
mod patience;
mod put;
mod query;
mod read;
mod recount;
mod rollups;
mod scope;
mod summary;
mod write;

use async_trait::async_trait;
use quartier_model::{EntityId, Geofence, Link, Observation, Rollup, Step};
use time::OffsetDateTime;

use self::patience::{Patience, explained};
use super::GeoPackageStore;
use crate::{
    ObservationFilter, ObservationQuery, Result, SensorBatch, SensorReceipt, SensorStore,
    StoredEntities, Summary,
};

pub(super) use layer::register;

#[async_trait]
impl SensorStore for GeoPackageStore {
    async fn entities(&self) -> Result<StoredEntities> {
        let mut snapshot = self.readers.begin().await?;
        let entities = entities::all(&mut snapshot).await?;
        Ok(StoredEntities { entities, next: numbers::next(&mut snapshot).await? })
    }

    async fn summaries(&self) -> Result<Vec<Summary>> {
        summary::all(&mut *self.readers.begin().await?).await
    }

    async fn write_sensors(&self, batch: &SensorBatch) -> Result<SensorReceipt> {
        self.write_sensor_batch(batch).await
    }

    async fn replace_observation(
        &self,
        observation: &Observation,
    ) -> Result<Option<SensorReceipt>> {
        self.replace(observation).await
    }

    async fn observations(&self, query: &ObservationQuery) -> Result<Vec<Observation>> {
        let (_patience, mut connection) = Patience::connection(&self.sensor_readers).await?;
        query::observations(&mut connection, query).await.map_err(explained)
    }

    async fn count_observations(&self, filter: &ObservationFilter) -> Result<u64> {
        let (_patience, mut connection) = Patience::connection(&self.sensor_readers).await?;
        query::count(&mut connection, filter).await.map_err(explained)
    }

    async fn rollups(
        &self,
        datastreams: &[EntityId],
        step: Step,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<Vec<Rollup>> {
        let (_patience, mut connection) = Patience::connection(&self.sensor_readers).await?;
        rollups::rollups(&mut connection, datastreams, step, from, to).await.map_err(explained)
    }

    async fn expire(
        &self,
        datastream: EntityId,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<SensorReceipt> {
        self.expire_some(datastream, before, limit).await
    }

    async fn links(&self) -> Result<Vec<Link>> {
        links::all(&mut *self.readers.acquire().await?).await
    }

    async fn put_links(&self, things: &[EntityId], links: &[Link]) -> Result<()> {
        let mut transaction = self.writer.begin_with("begin immediate").await?;
        links::put(&mut transaction, things, links, links::now_us()).await?;
        Ok(transaction.commit().await?)
    }

    async fn geofences(&self) -> Result<Vec<Geofence>> {
        geofences::all(&mut *self.readers.acquire().await?).await
    }

    async fn put_geofence(&self, geofence: &Geofence) -> Result<()> {
        geofences::put(&mut *self.writer.acquire().await?, geofence).await
    }

    async fn delete_geofence(&self, id: EntityId) -> Result<bool> {
        geofences::delete(&mut *self.writer.acquire().await?, id).await
    }
}
