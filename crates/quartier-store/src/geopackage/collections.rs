use quartier_model::{Collection, CollectionId};
use sqlx::SqliteConnection;

use super::{GeoPackageStore, layer};
use crate::{
    Error, Result, Sequence,
    json::{from_json, to_json},
    shapes::Shapes,
};

const COLLECTIONS: &str = "select id, description from quartier_collection order by id";

const KEY: &str = "select key from quartier_collection where id = ?";

const DESCRIPTION: &str = "select description from quartier_collection where id = ?";

const PUT: &str = "
    insert into quartier_collection (id, description) values (?, ?)
    on conflict (id) do update set description = excluded.description
    returning key, shapes";

impl GeoPackageStore {
    pub(super) async fn read_collections(&self) -> Result<Vec<Collection>> {
        let rows: Vec<(String, String)> =
            sqlx::query_as(COLLECTIONS).fetch_all(&self.readers).await?;
        rows.iter().map(|(id, text)| description(id, text)).collect()
    }

    pub(super) async fn write_collection(&self, collection: &Collection) -> Result<()> {
        crate::collection::check(collection, self.working_crs)?;
        let id = collection.id.as_str();
        let mut transaction = self.writer.begin_with("begin immediate").await?;
        let known: Option<String> =
            sqlx::query_scalar(DESCRIPTION).bind(id).fetch_optional(&mut *transaction).await?;
        if known.is_some_and(|text| description(id, &text).is_ok_and(|it| it == *collection)) {
            return Ok(());
        }
        let (key, shapes): (i64, i32) = sqlx::query_as(PUT)
            .bind(id)
            .bind(to_json(collection))
            .fetch_one(&mut *transaction)
            .await?;
        let shapes = Shapes::from_bits(shapes);
        layer::make(&mut transaction, key, collection, shapes, self.srs_id).await?;
        let sequence = log_change(&mut transaction, key, &[]).await?;
        transaction.commit().await?;
        self.follower.tell(sequence);
        Ok(())
    }

    pub(super) async fn key(&self, collection: &CollectionId) -> Result<i64> {
        let known = self.keys.read().expect("no writer panics").get(collection).copied();
        if let Some(key) = known {
            return Ok(key);
        }
        let found: Option<i64> =
            sqlx::query_scalar(KEY).bind(collection.as_str()).fetch_optional(&self.readers).await?;
        let key = found.ok_or_else(|| Error::UnknownCollection(collection.clone()))?;
        self.keys.write().expect("no writer panics").insert(collection.clone(), key);
        Ok(key)
    }
}

pub(super) fn description(id: &str, text: &str) -> Result<Collection> {
    from_json(text.as_bytes()).map_err(|error| Error::corrupt(id, error))
}

const NEXT_SEQUENCE: &str = "update quartier_twin set sequence = sequence + 1 returning sequence";

const LOG_CHANGE: &str = "
    insert into quartier_change (sequence, collection, objects, mark)
    values (?, ?, ?, lower(hex(randomblob(16))))";

pub(super) async fn log_change(
    connection: &mut SqliteConnection,
    key: i64,
    fids: &[i64],
) -> Result<Sequence> {
    let sequence: i64 = sqlx::query_scalar(NEXT_SEQUENCE).fetch_one(&mut *connection).await?;
    sqlx::query(LOG_CHANGE)
        .bind(sequence)
        .bind(key)
        .bind(to_json(&fids))
        .execute(connection)
        .await?;
    Ok(sequence as Sequence)
}
