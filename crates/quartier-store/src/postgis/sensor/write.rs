use std::collections::BTreeSet;

use quartier_model::{EntityId, EntityKind, Observation};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::{
    append::{append, reserve},
    delete::{Gone, delete_entities, delete_observations, expire},
    kept::{self, states},
    micros::Micros,
    put::{put, take_numbers},
    rows,
};
use crate::{
    Error, Result, SensorBatch, SensorReceipt,
    postgis::PostgisStore,
    sensor::{Incoming, Row, as_new, micros, storable, storable_observation},
};

const COPY: &str = "select copy from quartier.observation where id = $1";

impl PostgisStore {
    pub(super) async fn write_sensor_batch(&self, batch: &SensorBatch) -> Result<SensorReceipt> {
        storable(batch)?;
        let mut incoming = Incoming::new(&batch.observations)?;
        self.sensors.months.make(&self.pool, &incoming.rows).await?;
        let mut transaction = self.pool_for(batch).begin().await?;
        let receipt = write(&mut transaction, batch, &mut incoming, self.srid).await;
        let receipt = receipt.map_err(dangling)?;
        transaction.commit().await.map_err(|error| dangling(error.into()))?;
        Ok(receipt)
    }

    /// Observations have a connection of their own.
    fn pool_for(&self, batch: &SensorBatch) -> &PgPool {
        let is_plain = batch.puts.is_empty()
            && batch.deletes.is_empty()
            && batch.deleted_observations.is_empty();
        if is_plain { &self.sensors.writer } else { &self.pool }
    }

    pub(super) async fn replace(&self, observation: &Observation) -> Result<Option<SensorReceipt>> {
        let id = observation.id.0.cast_signed();
        let new = as_new(observation);
        storable_observation(&new)?;
        let mut row = Row { id, ..Row::new(&new)? };
        self.sensors.months.make(&self.pool, std::slice::from_ref(&row)).await?;
        let mut transaction = self.pool.begin().await?;
        reserve(&mut transaction, 0).await?;
        let copy: Option<i64> =
            sqlx::query_scalar(COPY).bind(id).fetch_optional(&mut *transaction).await?;
        let Some(copy) = copy else { return Ok(None) };
        let mut gone = delete_observations(&mut transaction, &[observation.id]).await?;
        gone.touched.insert(row.datastream);
        // What stood for its repeats goes on doing so, unless another does at the new time.
        row.copy = copy;
        if rows::insert(&mut transaction, std::slice::from_ref(&row)).await? == 0 {
            row.copy = id;
            rows::insert(&mut transaction, std::slice::from_ref(&row)).await?;
        }
        kept::add(&mut transaction, &[&row]).await.map_err(dangling)?;
        let summaries =
            states(&mut transaction, &gone.touched.into_iter().collect::<Vec<_>>()).await?;
        transaction.commit().await?;
        Ok(Some(SensorReceipt { summaries, ..SensorReceipt::default() }))
    }

    pub(super) async fn expire_some(
        &self,
        datastream: EntityId,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<SensorReceipt> {
        let mut transaction = self.pool.begin().await?;
        reserve(&mut transaction, 0).await?;
        let gone = expire(&mut transaction, datastream, Micros(micros(before)), limit).await?;
        let summaries =
            states(&mut transaction, &gone.touched.into_iter().collect::<Vec<_>>()).await?;
        transaction.commit().await?;
        Ok(SensorReceipt {
            summaries,
            deleted_observations: gone.count,
            ..SensorReceipt::default()
        })
    }
}

async fn write(
    connection: &mut PgConnection,
    batch: &SensorBatch,
    incoming: &mut Incoming,
    srid: i32,
) -> Result<SensorReceipt> {
    for entity in &batch.puts {
        put(connection, entity, srid).await?;
    }
    if !batch.puts.is_empty() {
        take_numbers(connection, &batch.puts).await?;
    }
    if batch.deletes.is_empty() && batch.deleted_observations.is_empty() && incoming.rows.is_empty()
    {
        return Ok(SensorReceipt::default());
    }
    let first = reserve(connection, incoming.rows.len()).await?;
    let gone = delete(connection, batch).await?;
    let observations = append(connection, incoming, first).await?;
    let touched = touched(batch, incoming, gone.touched);
    let summaries = states(connection, &touched).await?;
    Ok(SensorReceipt { observations, summaries, deleted_observations: gone.count })
}

async fn delete(connection: &mut PgConnection, batch: &SensorBatch) -> Result<Gone> {
    let mut gone = Gone::default();
    if !batch.deleted_observations.is_empty() {
        gone = delete_observations(connection, &batch.deleted_observations).await?;
    }
    if !batch.deletes.is_empty() {
        let along = delete_entities(connection, &batch.deletes).await?;
        gone.count += along.count;
        gone.touched.extend(along.touched);
    }
    Ok(gone)
}

/// The datastreams of which observations came or went, and that are still there.
fn touched(batch: &SensorBatch, incoming: &Incoming, gone: BTreeSet<i64>) -> Vec<i64> {
    let mut touched = gone;
    touched.extend(incoming.rows.iter().map(|row| row.datastream));
    for (kind, id) in &batch.deletes {
        if matches!(kind, EntityKind::Datastream | EntityKind::MultiDatastream) {
            touched.remove(&id.0.cast_signed());
        }
    }
    touched.into_iter().collect::<Vec<_>>()
}

/// A reference to what is not there is the batch's fault.
fn dangling(error: Error) -> Error {
    let Error::Statement(cause) = error else { return error };
    let refusal = cause.as_database_error().filter(|it| it.is_foreign_key_violation());
    let detail = refusal
        .and_then(|it| it.try_downcast_ref::<sqlx::postgres::PgDatabaseError>())
        .map(|it| it.detail().unwrap_or(it.message()).to_owned());
    match detail {
        Some(reason) => Error::Unstorable { id: "a reference".to_owned(), reason },
        None => Error::Statement(cause),
    }
}
