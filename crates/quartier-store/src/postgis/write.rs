use quartier_model::{CityObject, Collection, CollectionId, FeatureId};
use sqlx::{FromRow, PgConnection, types::Json};
use time::OffsetDateTime;

use super::{
    PostgisStore,
    collections::log_change,
    copy::{Common, copy},
    follow,
};
use crate::{
    Batch, Error, Outcome, Receipt, Result,
    change::numbers,
    fingerprint::Fingerprint,
    plan::{ById, Known, Plan, ids, not_current, outcomes},
    prepare::{Prepared, prepare},
    shapes::Shapes,
};

/// Lines up the collection's writers, and takes a time after that of every version before.
const BEGIN: &str = "
    update quartier.collection
    set recorded = greatest(clock_timestamp(), recorded + interval '1 microsecond')
    where id = $1
    returning key, recorded, shapes";

#[derive(FromRow)]
struct Begun {
    key: i32,
    recorded: OffsetDateTime,
    shapes: i32,
}

impl PostgisStore {
    pub(super) async fn write_batch(
        &self,
        collection: &CollectionId,
        batch: Batch,
    ) -> Result<Receipt> {
        let prepared = prepare(batch).await?;
        let mut transaction = self.pool.begin().await?;
        let begun: Option<Begun> = sqlx::query_as(BEGIN)
            .bind(collection.as_str())
            .fetch_optional(&mut *transaction)
            .await?;
        let begun = begun.ok_or_else(|| Error::UnknownCollection(collection.clone()))?;
        self.grow_layer(&mut transaction, &begun, prepared.shapes).await?;
        let plan = plan(&mut transaction, begun.key, &prepared).await?;
        if plan.is_empty() {
            transaction.rollback().await?;
            return Ok(plan.receipt(follow::sequence(&self.pool).await?));
        }
        close(&mut transaction, &begun, &plan.closed).await?;
        let Begun { key, recorded, .. } = begun;
        let common = Common { collection: key, srid: self.srid, recorded };
        copy(&mut transaction, &plan.rows, &common).await?;
        let sequence = log_change(&mut transaction, key, &numbers(&plan.changed())).await?;
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
        let mut connection = self.pool.acquire().await?;
        let current = known(&mut connection, CURRENT, key, &ids(&prepared)).await?;
        Ok(outcomes(&prepared, &current))
    }

    /// Before the first row of a new kind, since the layer's index takes the kinds only that it was made for.
    async fn grow_layer(
        &self,
        connection: &mut PgConnection,
        begun: &Begun,
        seen: Shapes,
    ) -> Result<()> {
        let known = Shapes::from_bits(begun.shapes);
        let shapes = known.union(seen);
        if shapes == known {
            return Ok(());
        }
        let collection: Json<Collection> = sqlx::query_scalar(GROW)
            .bind(begun.key)
            .bind(shapes.bits())
            .fetch_one(&mut *connection)
            .await?;
        self.index_layer(connection, begun.key, shapes).await?;
        self.make_layer(connection, begun.key, &collection, shapes).await
    }
}

const GROW: &str = "
    update quartier.collection set shapes = $2 where key = $1 returning description";

async fn plan<'a>(
    connection: &mut PgConnection,
    key: i32,
    prepared: &'a Prepared,
) -> Result<Plan<'a>> {
    let current = known(connection, CURRENT, key, &ids(prepared)).await?;
    let unknown = not_current(prepared, &current);
    let deleted = match unknown.as_slice() {
        [] => ById::new(),
        unknown => known(connection, DELETED, key, unknown).await?,
    };
    let fids = new_fids(connection, (unknown.len() - deleted.len()) as u64).await?;
    Ok(Plan::new(prepared, &current, &deleted, fids.into_iter()))
}

const CURRENT: &str = "
    select id, fid, version, fingerprint
    from quartier.object
    where collection = $1 and id = any($2)";

const DELETED: &str = "
    select distinct on (id) id, fid, version, fingerprint
    from quartier.object_history
    where collection = $1 and id = any($2)
    order by id, version desc";

async fn known(
    connection: &mut PgConnection,
    statement: &'static str,
    key: i32,
    ids: &[&str],
) -> Result<ById> {
    let rows: Vec<(String, i64, i32, Vec<u8>)> =
        sqlx::query_as(statement).bind(key).bind(ids).fetch_all(connection).await?;
    let known = |(id, fid, version, fingerprint): (String, i64, i32, Vec<u8>)| {
        let fingerprint = fingerprint
            .try_into()
            .map_err(|_bytes| Error::corrupt(&id, "its fingerprint has not 16 bytes"))?;
        let fid = FeatureId(fid as u64);
        let fingerprint = Fingerprint(fingerprint);
        Ok((id, Known { fid, version: version as u32, fingerprint }))
    };
    rows.into_iter().map(known).collect()
}

const NEW_FIDS: &str = "select array(select nextval('quartier.fid') from generate_series(1, $1))";

async fn new_fids(connection: &mut PgConnection, count: u64) -> Result<Vec<FeatureId>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let fids: Vec<i64> =
        sqlx::query_scalar(NEW_FIDS).bind(count.cast_signed()).fetch_one(connection).await?;
    Ok(fids.into_iter().map(|fid| FeatureId(fid as u64)).collect())
}

const CLOSE: &str = "
    with closed as (
        delete from quartier.object where collection = $1 and fid = any($2) returning *
    )
    insert into quartier.object_history (
        fid, recorded_from, recorded_to, valid_from, valid_to, collection, version,
        fingerprint, id, source_id, geometry, properties, structure
    )
    select fid, recorded_from, $3, valid_from, valid_to, collection, version,
           fingerprint, id, source_id, geometry, properties, structure
    from closed";

async fn close(connection: &mut PgConnection, begun: &Begun, fids: &[FeatureId]) -> Result<()> {
    if fids.is_empty() {
        return Ok(());
    }
    sqlx::query(CLOSE)
        .bind(begun.key)
        .bind(numbers(fids))
        .bind(begun.recorded)
        .execute(connection)
        .await?;
    Ok(())
}
