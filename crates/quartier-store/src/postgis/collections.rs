use quartier_model::{Collection, CollectionId, PropertyKind};
use sqlx::{PgConnection, types::Json};

use super::PostgisStore;
use crate::{
    Error, Result, Sequence,
    columns::{Column, columns},
    shapes::{Heights, Shapes},
};

const COLLECTIONS: &str = "select description from quartier.collection order by id";

const KEY: &str = "select key from quartier.collection where id = $1";

const DESCRIPTION: &str = "select description from quartier.collection where id = $1 for update";

const PUT: &str = "
    insert into quartier.collection (id, description) values ($1, $2)
    on conflict (id) do update set description = excluded.description
    returning key, shapes";

/// The columns that every layer has.
const RESERVED: [&str; 5] = ["fid", "id", "geometry", "valid_from", "valid_to"];

impl PostgisStore {
    pub(super) async fn read_collections(&self) -> Result<Vec<Collection>> {
        let rows: Vec<Json<Collection>> =
            sqlx::query_scalar(COLLECTIONS).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    pub(super) async fn write_collection(&self, collection: &Collection) -> Result<()> {
        crate::collection::check(collection, self.working_crs)?;
        let id = collection.id.as_str();
        let mut transaction = self.pool.begin().await?;
        let known: Option<Json<Collection>> =
            sqlx::query_scalar(DESCRIPTION).bind(id).fetch_optional(&mut *transaction).await?;
        if known.is_some_and(|known| known.0 == *collection) {
            return Ok(());
        }
        let (key, shapes): (i32, i32) = sqlx::query_as(PUT)
            .bind(id)
            .bind(Json(collection))
            .fetch_one(&mut *transaction)
            .await?;
        self.make_layer(&mut transaction, key, collection, Shapes::from_bits(shapes)).await?;
        let sequence = log_change(&mut transaction, key, &[]).await?;
        transaction.commit().await?;
        self.follower.tell(sequence);
        Ok(())
    }

    pub(super) async fn key(&self, collection: &CollectionId) -> Result<i32> {
        let known = self.keys.read().expect("no writer panics").get(collection).copied();
        if let Some(key) = known {
            return Ok(key);
        }
        let found: Option<i32> =
            sqlx::query_scalar(KEY).bind(collection.as_str()).fetch_optional(&self.pool).await?;
        let key = found.ok_or_else(|| Error::UnknownCollection(collection.clone()))?;
        self.keys.write().expect("no writer panics").insert(collection.clone(), key);
        Ok(key)
    }

    pub(super) async fn make_layer(
        &self,
        connection: &mut PgConnection,
        key: i32,
        collection: &Collection,
        shapes: Shapes,
    ) -> Result<()> {
        let columns = columns(&collection.schema, &RESERVED);
        let texts = |text: fn(&Column<'_>) -> String| columns.iter().map(text).collect::<Vec<_>>();
        sqlx::query("select quartier.make_layer($1, $2, $3, $4, $5)")
            .bind(key)
            .bind(shape(shapes, self.srid))
            .bind(texts(|column| column.name.clone()))
            .bind(texts(|column| column.property.to_owned()))
            .bind(texts(|column| kind(column.kind).to_owned()))
            .execute(connection)
            .await?;
        Ok(())
    }

    pub(super) async fn index_layer(
        &self,
        connection: &mut PgConnection,
        key: i32,
        shapes: Shapes,
    ) -> Result<()> {
        sqlx::query("select quartier.index_layer($1, $2)")
            .bind(key)
            .bind(shape(shapes, self.srid))
            .execute(connection)
            .await?;
        Ok(())
    }
}

pub(super) async fn log_change(
    connection: &mut PgConnection,
    key: i32,
    fids: &[i64],
) -> Result<Sequence> {
    let sequence: i64 = sqlx::query_scalar("select quartier.log_change($1, $2)")
        .bind(key)
        .bind(fids)
        .fetch_one(connection)
        .await?;
    Ok(sequence as Sequence)
}

/// The expression of a layer's geometry column: typed as narrowly as all that the collection has had.
/// Where only some have heights, none can be shown, since a typed column has them or has them not.
fn shape(shapes: Shapes, srid: i32) -> String {
    let (one, kind) = match (shapes.kind(), shapes.multi_kind()) {
        (Some(kind), _) => ("geometry", kind.name()),
        (None, Some(kind)) => ("st_multi(geometry)", kind.name()),
        (None, None) => ("geometry", "Geometry"),
    };
    match shapes.heights() {
        Heights::None => format!("{one}::geometry({kind},{srid})"),
        Heights::All => format!("{one}::geometry({kind}Z,{srid})"),
        Heights::Some => format!("st_force2d({one})::geometry({kind},{srid})"),
    }
}

/// The end of the name of the SQL function that reads a property.
fn kind(kind: PropertyKind) -> &'static str {
    match kind {
        PropertyKind::Boolean => "boolean",
        PropertyKind::Integer => "integer",
        PropertyKind::Number => "number",
        PropertyKind::Text => "text",
        PropertyKind::Date => "date",
        PropertyKind::DateTime => "date_time",
        PropertyKind::Json => "json",
    }
}
