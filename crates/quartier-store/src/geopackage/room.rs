use quartier_model::Collection;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{
    collections::description,
    layer::{self, Identifier, VIEWS},
};
use crate::{Result, shapes::Shapes};

/// A collection whose layer had a name that is now another view's.
#[derive(Debug)]
pub(super) struct Moved {
    key: i64,
    collection: Collection,
    shapes: Shapes,
}

const IS_BEFORE_SENSORS: &str = "
    select count(*) = 1 from sqlite_master
    where name in ('quartier_collection', 'quartier_datastream')";

const NAMED: &str = "select key, id, description, shapes from quartier_collection where id = ?";

/// Frees the names of the sensors' views, in a store from before there were sensors.
pub(super) async fn make(connection: &mut SqliteConnection) -> Result<Vec<Moved>> {
    let mut moved = Vec::new();
    if !sqlx::query_scalar::<_, bool>(IS_BEFORE_SENSORS).fetch_one(&mut *connection).await? {
        return Ok(moved);
    }
    for name in VIEWS {
        let row: Option<(i64, String, String, i32)> =
            sqlx::query_as(NAMED).bind(name).fetch_optional(&mut *connection).await?;
        let Some((key, id, text, shapes)) = row else { continue };
        let collection = description(&id, &text)?;
        rename(connection, name, &layer::name(&collection.id)).await?;
        moved.push(Moved { key, collection, shapes: Shapes::from_bits(shapes) });
    }
    Ok(moved)
}

/// Makes the layers anew, under their new names.
pub(super) async fn settle(
    connection: &mut SqliteConnection,
    moved: &[Moved],
    srs_id: i32,
) -> Result<()> {
    for Moved { key, collection, shapes } in moved {
        layer::make(connection, *key, collection, *shapes, srs_id).await?;
    }
    Ok(())
}

const DEFER: &str = "pragma defer_foreign_keys = on";

const REGISTERED: [&str; 3] = [
    "update gpkg_contents set table_name = ?1, identifier = ?1 where table_name = ?2",
    "update gpkg_geometry_columns set table_name = ?1 where table_name = ?2",
    "update gpkg_extensions set table_name = ?1 where table_name = ?2",
];

async fn rename(connection: &mut SqliteConnection, from: &str, to: &str) -> Result<()> {
    let mut drop: QueryBuilder<Sqlite> = QueryBuilder::new("drop view if exists ");
    drop.push(Identifier(from)).build().execute(&mut *connection).await?;
    let mut index: QueryBuilder<Sqlite> = QueryBuilder::new("alter table ");
    index.push(Identifier(&layer::rtree(from))).push(" rename to ");
    index.push(Identifier(&layer::rtree(to))).build().execute(&mut *connection).await?;
    sqlx::query(DEFER).execute(&mut *connection).await?;
    for statement in REGISTERED {
        let statement = sqlx::query(statement);
        statement.bind(to).bind(from).execute(&mut *connection).await?;
    }
    Ok(())
}
