//! The sensors' half of the store.

mod append;
mod blocks;
mod delete;
mod entities;
mod find;
mod geofences;
mod kept;
mod links;
mod micros;
mod months;
mod near;
mod put;
mod read;
mod reader;
mod rows;
mod subtract;
mod write;

use std::time::Duration;

use async_trait::async_trait;
use quartier_model::{EntityId, Geofence, Link, Observation, Rollup, Step};
use sqlx::PgPool;
use time::OffsetDateTime;

use self::months::Months;
use super::{PostgisStore, STATEMENT_TIMEOUT, within};
use crate::{
    ObservationFilter, ObservationQuery, Result, SensorBatch, SensorReceipt, SensorStore,
    StoredEntities, Summary,
};

/// What a person waits for; past that, a filter scans too much.
pub(super) const READING_TIMEOUT: Duration = Duration::from_secs(5);

/// Few, since a statement over all months takes a lock for each table and index of them, of 6,400 that there are.
pub(super) const READERS_MAX: u32 = 6;

/// What the sensors' half has of its own.
#[derive(Debug)]
pub(super) struct Sensors {
    /// One connection, for observations that arrive.
    writer: PgPool,
    /// Connections on which statements end at [`READING_TIMEOUT`].
    reader: PgPool,
    months: Months,
}

impl Sensors {
    pub(super) fn new(writer: PgPool, reader: PgPool) -> Self {
        Self { writer, reader, months: Months::default() }
    }
}

#[async_trait]
impl SensorStore for PostgisStore {
    async fn entities(&self) -> Result<StoredEntities> {
        within(STATEMENT_TIMEOUT, entities::entities(&self.pool)).await
    }

    async fn summaries(&self) -> Result<Vec<Summary>> {
        within(STATEMENT_TIMEOUT, self.read_summaries()).await
    }

    async fn write_sensors(&self, batch: &SensorBatch) -> Result<SensorReceipt> {
        within(STATEMENT_TIMEOUT, self.write_sensor_batch(batch)).await
    }

    async fn replace_observation(
        &self,
        observation: &Observation,
    ) -> Result<Option<SensorReceipt>> {
        within(STATEMENT_TIMEOUT, self.replace(observation)).await
    }

    async fn observations(&self, query: &ObservationQuery) -> Result<Vec<Observation>> {
        within(STATEMENT_TIMEOUT, self.find(query)).await
    }

    async fn count_observations(&self, filter: &ObservationFilter) -> Result<u64> {
        within(STATEMENT_TIMEOUT, self.count(filter)).await
    }

    async fn rollups(
        &self,
        datastreams: &[EntityId],
        step: Step,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<Vec<Rollup>> {
        within(STATEMENT_TIMEOUT, self.read_rollups(datastreams, step, from, to)).await
    }

    async fn expire(
        &self,
        datastream: EntityId,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<SensorReceipt> {
        within(STATEMENT_TIMEOUT, self.expire_some(datastream, before, limit)).await
    }

    async fn links(&self) -> Result<Vec<Link>> {
        within(STATEMENT_TIMEOUT, links::links(&self.pool)).await
    }

    async fn put_links(&self, things: &[EntityId], links: &[Link]) -> Result<()> {
        within(STATEMENT_TIMEOUT, links::put(&self.pool, things, links)).await
    }

    async fn geofences(&self) -> Result<Vec<Geofence>> {
        within(STATEMENT_TIMEOUT, geofences::geofences(&self.pool)).await
    }

    async fn put_geofence(&self, geofence: &Geofence) -> Result<()> {
        within(STATEMENT_TIMEOUT, geofences::put(&self.pool, geofence)).await
    }

    async fn delete_geofence(&self, id: EntityId) -> Result<bool> {
        within(STATEMENT_TIMEOUT, geofences::delete(&self.pool, id)).await
    }
}

/// One value of every row, as the parameter of a statement that unnests it.
fn column<'a, T, R>(rows: &'a [T], value: impl FnMut(&'a T) -> R) -> Vec<R> {
    rows.iter().map(value).collect()
}
