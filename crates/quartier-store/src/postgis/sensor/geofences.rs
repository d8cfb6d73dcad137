use quartier_model::{EntityId, Geofence};
use sqlx::PgPool;

use crate::{
    Error, Result,
    json::{from_json, to_json},
};

const GEOFENCES: &str = "select id, body::text from quartier.geofence order by id";

pub(super) async fn geofences(pool: &PgPool) -> Result<Vec<Geofence>> {
    let rows: Vec<(i64, String)> = sqlx::query_as(GEOFENCES).fetch_all(pool).await?;
    let geofence = |(id, body): (i64, String)| {
        from_json(body.as_bytes()).map_err(|error| Error::corrupt(format!("geofence {id}"), error))
    };
    rows.into_iter().map(geofence).collect()
}

const PUT: &str = "
    insert into quartier.geofence (id, name, body) values ($1, $2, $3::text::json)
    on conflict (id) do update set name = excluded.name, body = excluded.body";

pub(super) async fn put(pool: &PgPool, geofence: &Geofence) -> Result<()> {
    sqlx::query(PUT)
        .bind(geofence.id.0.cast_signed())
        .bind(&geofence.name)
        .bind(to_json(geofence))
        .execute(pool)
        .await?;
    Ok(())
}

const DELETE: &str = "delete from quartier.geofence where id = $1";

pub(super) async fn delete(pool: &PgPool, id: EntityId) -> Result<bool> {
    let deleted = sqlx::query(DELETE).bind(id.0.cast_signed()).execute(pool).await?;
    Ok(deleted.rows_affected() > 0)
}
