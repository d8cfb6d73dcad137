//! The sensors' half of the store.

use async_trait::async_trait;
use quartier_model::{EntityId, Geofence, Link, Observation, Rollup, Step};
use time::OffsetDateTime;

use super::PostgisStore;
use crate::{
    ObservationFilter, ObservationQuery, Result, SensorBatch, SensorReceipt, SensorStore,
    StoredEntities, Summary,
};

#[async_trait]
#[expect(unused_variables, reason = "being written")]
impl SensorStore for PostgisStore {
    async fn entities(&self) -> Result<StoredEntities> {
        unimplemented!()
    }

    async fn summaries(&self) -> Result<Vec<Summary>> {
        unimplemented!()
    }

    async fn write_sensors(&self, batch: &SensorBatch) -> Result<SensorReceipt> {
        unimplemented!()
    }

    async fn replace_observation(
        &self,
        observation: &Observation,
    ) -> Result<Option<SensorReceipt>> {
        unimplemented!()
    }

    async fn observations(&self, query: &ObservationQuery) -> Result<Vec<Observation>> {
        unimplemented!()
    }

    async fn count_observations(&self, filter: &ObservationFilter) -> Result<u64> {
        unimplemented!()
    }

    async fn rollups(
        &self,
        datastreams: &[EntityId],
        step: Step,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<Vec<Rollup>> {
        unimplemented!()
    }

    async fn expire(
        &self,
        datastream: EntityId,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<SensorReceipt> {
        unimplemented!()
    }

    async fn links(&self) -> Result<Vec<Link>> {
        unimplemented!()
    }

    async fn put_links(&self, things: &[EntityId], links: &[Link]) -> Result<()> {
        unimplemented!()
    }

    async fn geofences(&self) -> Result<Vec<Geofence>> {
        unimplemented!()
    }

    async fn put_geofence(&self, geofence: &Geofence) -> Result<()> {
        unimplemented!()
    }

    async fn delete_geofence(&self, id: EntityId) -> Result<bool> {
        unimplemented!()
    }
}
