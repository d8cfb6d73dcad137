use quartier_model::{EntityId, Geofence};
use sqlx::SqliteConnection;

use super::put::number;
use crate::{
    Error, Result,
    json::{from_json, to_json},
    sensor::storable_geofence,
};

const ALL: &str = "select id, definition from quartier_geofence order by id";

pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Geofence>> {
    let rows: Vec<(i64, String)> = sqlx::query_as(ALL).fetch_all(connection).await?;
    let geofence = |(id, definition): (i64, String)| {
        from_json(definition.as_bytes())
            .map_err(|error| Error::corrupt(format!("geofence {id}"), error))
    };
    rows.into_iter().map(geofence).collect()
}

const PUT: &str = "
    insert into quartier_geofence (id, name, definition) values (?, ?, ?)
    on conflict (id) do update set name = excluded.name, definition = excluded.definition";

pub(super) async fn put(connection: &mut SqliteConnection, geofence: &Geofence) -> Result<()> {
    storable_geofence(geofence)?;
    sqlx::query(PUT)
        .bind(number(geofence.id))
        .bind(&geofence.name)
        .bind(to_json(geofence))
        .execute(connection)
        .await?;
    Ok(())
}

const DELETE: &str = "delete from quartier_geofence where id = ?";

pub(super) async fn delete(connection: &mut SqliteConnection, id: EntityId) -> Result<bool> {
    let deleted = sqlx::query(DELETE).bind(number(id)).execute(connection).await?;
    Ok(deleted.rows_affected() > 0)
}
