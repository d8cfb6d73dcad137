use quartier_model::{CityObject, CollectionId, FeatureId};
use sqlx::{FromRow, SqliteConnection};
use time::OffsetDateTime;

use super::{
    GeoPackageStore,
    collections::{description, log_change},
    follow, layer, rows,
};
use crate::{
    Batch, Error, Outcome, Receipt, Result,
    change::numbers,
    fingerprint::Fingerprint,
    json::to_json,
    plan::{ById, Known, Plan, ids, not_current, outcomes},
    prepare::{Prepared, prepare},
    shapes::Shapes,
};

/// Takes a time after that of every version before.
const BEGIN: &str = "
    update quartier_collection
    set recorded_us = max(?, recorded_us + 1)
    where id = ?
    returning key, recorded_us, shapes";

#[derive(FromRow)]
struct Begun {
    key: i64,
    recorded_us: i64,
    shapes: i32,
}

impl GeoPackageStore {
    pub(super) async fn write_batch(
        &self,
        collection: &CollectionId,
        batch: Batch,
    ) -> Result<Receipt> {
        let prepared = prepare(batch).await?;
        let mut transaction = self.writer.begin_with("begin immediate").await?;
        let now_us = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1000;
        let begun: Option<Begun> = sqlx::query_as(BEGIN)
            .bind(now_us as i64)
            .bind(collection.as_str())
            .fetch_optional(&mut *transaction)
            .await?;
        let begun = begun.ok_or_else(|| Error::UnknownCollection(collection.clone()))?;
        let plan = plan(&mut transaction, begun.key, &prepared).await?;
        if plan.is_empty() {
            transaction.rollback().await?;
            return Ok(plan.receipt(follow::sequence(&self.readers).await?));
        }
        let layer = layer::name(collection);
        self.grow_layer(&mut transaction, collection, &begun, prepared.shapes).await?;
        close(&mut transaction, &layer, begun.recorded_us, &plan.closed).await?;
        let common = rows::Common {
            layer: &layer,
            collection: begun.key,
            srs_id: self.srs_id,
            recorded_us: begun.recorded_us,
        };
        rows::insert(&mut transaction, &plan.rows, &common).await?;
        rows::grow_extent(&mut transaction, &layer, prepared.extent).await?;
        let fids = numbers(&plan.changed());
        let sequence = log_change(&mut transaction, begun.key, &fids).await?;
        transaction.commit().await?;
        self.follower.tell(sequence);
        Ok(plan.receipt(sequence))
    }

    pub(super) async fn compare_objects(
        &self,
        collection: &CollectionId,
        objects: &[CityObject],
    ) -> Result<Vec<Outcome>> {
        let prepared = prepare(Batch { puts: objects.to_vec(), ..Batch::default() }).await?;
        let key = self.key(collection).await?;
        let mut connection = self.readers.acquire().await?;
        let current = known(&mut connection, CURRENT, key, &ids(&prepared)).await?;
        Ok(outcomes(&prepared, &current))
    }

    async fn grow_layer(
        &self,
        connection: &mut SqliteConnection,
        collection: &CollectionId,
        begun: &Begun,
        seen: Shapes,
    ) -> Result<()> {
        let known = Shapes::from_bits(begun.shapes);
        let shapes = known.union(seen);
        if shapes == known {
            return Ok(());
        }
        let text: String = sqlx::query_scalar(GROW)
            .bind(shapes.bits())
            .bind(begun.key)
            .fetch_one(&mut *connection)
            .await?;
        let collection = description(collection.as_str(), &text)?;
        layer::make(connection, begun.key, &collection, shapes, self.srs_id).await
    }
}

const GROW: &str = "update quartier_collection set shapes = ? where key = ? returning description";

async fn plan<'a>(
    connection: &mut SqliteConnection,
    key: i64,
    prepared: &'a Prepared,
) -> Result<Plan<'a>> {
    let current = known(connection, CURRENT, key, &ids(prepared)).await?;
    let unknown = not_current(prepared, &current);
    let deleted = match unknown.as_slice() {
        [] => ById::new(),
        unknown => known(connection, DELETED, key, unknown).await?,
    };
    let first = take_fids(connection, (unknown.len() - deleted.len()) as u64).await?;
    Ok(Plan::new(prepared, &current, &deleted, (first..).map(FeatureId)))
}

const CURRENT: &str = "
    select id, fid, version, fingerprint
    from quartier_object
    where collection = ? and id in (select value from json_each(?))";

/// SQLite takes the other columns from the row that has the maximum.
const DELETED: &str = "
    select id, fid, max(version), fingerprint
    from quartier_object_history
    where collection = ? and id in (select value from json_each(?))
    group by id";

async fn known(
    connection: &mut SqliteConnection,
    statement: &'static str,
    key: i64,
    ids: &[&str],
) -> Result<ById> {
    let rows: Vec<(String, i64, u32, Vec<u8>)> =
        sqlx::query_as(statement).bind(key).bind(to_json(&ids)).fetch_all(connection).await?;
    let known = |(id, fid, version, fingerprint): (String, i64, u32, Vec<u8>)| {
        let fingerprint = fingerprint
            .try_into()
            .map_err(|_bytes| Error::corrupt(&id, "its fingerprint has not 16 bytes"))?;
        let fingerprint = Fingerprint(fingerprint);
        Ok((id, Known { fid: FeatureId(fid as u64), version, fingerprint }))
    };
    rows.into_iter().map(known).collect()
}

const TAKE_FIDS: &str = "
    update quartier_twin set next_fid = next_fid + ?1 returning next_fid - ?1";

/// The first of so many new feature ids.
async fn take_fids(connection: &mut SqliteConnection, count: u64) -> Result<u64> {
    let first: i64 =
        sqlx::query_scalar(TAKE_FIDS).bind(count.cast_signed()).fetch_one(connection).await?;
    Ok(first as u64)
}

const TO_HISTORY: &str = "
    insert into quartier_object_history (
        fid, collection, version, recorded_from_us, recorded_to_us, valid_from_us, valid_to_us,
        id, source_id, fingerprint, geometry, properties, structure
    )
    select fid, collection, version, recorded_from_us, ?, valid_from_us, valid_to_us,
           id, source_id, fingerprint, geometry, properties, structure
    from quartier_object
    where fid in (select value from json_each(?))";

const DELETE: &str = "
    delete from quartier_object where fid in (select value from json_each(?))";

async fn close(
    connection: &mut SqliteConnection,
    layer: &str,
    recorded_us: i64,
    fids: &[FeatureId],
) -> Result<()> {
    if fids.is_empty() {
        return Ok(());
    }
    let fids = to_json(&numbers(fids));
    sqlx::query(TO_HISTORY).bind(recorded_us).bind(&fids).execute(&mut *connection).await?;
    sqlx::query(DELETE).bind(&fids).execute(&mut *connection).await?;
    rows::unindex(connection, layer, fids).await
}
