use std::collections::{BTreeSet, HashMap};

use quartier_model::{EntityId, Observation};
use sqlx::{Sqlite, SqliteConnection, Transaction};
use time::OffsetDateTime;

use super::{blocks, delete::Deleted, keep, links::now_us, observe, put, read, recount, summary};
use crate::{
    Error, Result, SensorBatch, SensorReceipt,
    geopackage::GeoPackageStore,
    sensor::{Deltas, Incoming, Row, as_new, micros, storable, storable_observation},
};

impl GeoPackageStore {
    pub(super) async fn write_sensor_batch(&self, batch: &SensorBatch) -> Result<SensorReceipt> {
        storable(batch)?;
        let mut incoming = Incoming::new(&batch.observations)?;
        let mut transaction = self.writer.begin_with("begin immediate").await?;
        put::put(&mut transaction, &batch.puts, self.srs_id).await?;
        let mut deleted = Deleted::default();
        deleted.observations(&mut transaction, &batch.deleted_observations).await?;
        deleted.entities(&mut transaction, &batch.deletes, now_us()).await?;
        let taken = observe::append(&mut transaction, &mut incoming).await?;
        let new = new_rows(&incoming, &taken);
        let deltas = Deltas::of(new.iter().copied());
        keep::add(&mut transaction, &deltas).await?;
        blocks::add(&mut transaction, new.iter().copied()).await?;
        let mut touched = deleted.touched;
        touched.extend(deltas.summaries.iter().map(|delta| delta.datastream));
        let touched: Vec<i64> = touched.into_iter().collect();
        let summaries = summary::some(&mut transaction, &touched, &incoming.rows).await?;
        commit(transaction).await?;
        Ok(SensorReceipt {
            observations: incoming.appended(&taken),
            summaries,
            deleted_observations: deleted.observations,
        })
    }

    pub(super) async fn replace(&self, with: &Observation) -> Result<Option<SensorReceipt>> {
        let new = as_new(with);
        storable_observation(&new)?;
        let mut row = Row::new(&new)?;
        row.id = put::number(with.id);
        let mut transaction = self.writer.begin_with("begin immediate").await?;
        let old = read::by_ids(&mut transaction, &[row.id]).await?;
        let [before] = old.as_slice() else { return Ok(None) };
        row.copy = before.copy;
        let mut deleted = Deleted::default();
        deleted.rows(&mut transaction, &old).await?;
        put_back(&mut transaction, &mut row).await?;
        let rows = [row];
        keep::add(&mut transaction, &Deltas::of(&rows)).await?;
        blocks::add(&mut transaction, &rows).await?;
        let touched: BTreeSet<i64> = old.iter().chain(&rows).map(|row| row.datastream).collect();
        let touched: Vec<i64> = touched.into_iter().collect();
        let summaries = summary::some(&mut transaction, &touched, &rows).await?;
        commit(transaction).await?;
        Ok(Some(SensorReceipt { summaries, ..SensorReceipt::default() }))
    }

    pub(super) async fn expire_some(
        &self,
        datastream: EntityId,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<SensorReceipt> {
        let datastream = put::number(datastream);
        let mut transaction = self.writer.begin_with("begin immediate").await?;
        let rows = sqlx::query(EXPIRED).bind(datastream).bind(micros(before)).bind(limit);
        let rows = read::rows_of(&rows.fetch_all(&mut *transaction).await?)?;
        super::delete::delete(&mut transaction, &rows).await?;
        recount::summaries(&mut transaction, &Deltas::of(&rows)).await?;
        let summaries = summary::some(&mut transaction, &[datastream], &[]).await?;
        commit(transaction).await?;
        let deleted_observations = rows.len() as u64;
        Ok(SensorReceipt { summaries, deleted_observations, ..SensorReceipt::default() })
    }
}

const EXPIRED: &str = "
    select datastream, id, feature, phenomenon_start_us, phenomenon_end_us, result_time_us, copy,
           result, result_json, detail
    from quartier_observation indexed by quartier_observation_key
    where datastream = ?1 and phenomenon_start_us < ?2 and phenomenon_end_us < ?2
      and id <> (select latest from quartier_summary where datastream = ?1)
    order by phenomenon_start_us
    limit ?3";

/// Back under its number; beside another of the same times, it is one of its own.
async fn put_back(connection: &mut SqliteConnection, row: &mut Row) -> Result<()> {
    if observe::insert(connection, std::slice::from_ref(row)).await? == 0 {
        row.copy = row.id;
        observe::insert(connection, std::slice::from_ref(row)).await?;
    }
    Ok(())
}

fn new_rows<'a>(incoming: &'a Incoming, taken: &HashMap<i64, i64>) -> Vec<&'a Row> {
    incoming.rows.iter().filter(|row| !taken.contains_key(&row.id)).collect()
}

pub(super) async fn commit(transaction: Transaction<'_, Sqlite>) -> Result<()> {
    transaction.commit().await.map_err(|error| match &error {
        sqlx::Error::Database(refusal) if refusal.is_foreign_key_violation() => Error::Unstorable {
            id: "the batch".to_owned(),
            reason: "it refers to an entity that is not there, or deletes one that is referred to"
                .to_owned(),
        },
        _ => error.into(),
    })
}
