use quartier_model::Bbox;
use sqlx::SqliteConnection;

use super::super::rows::grow_extent;
use crate::Result;

const CONTENTS: &str = "
    insert or ignore into gpkg_contents (table_name, data_type, identifier, description, srs_id)
    values ('sensors', 'features', 'sensors', 'The things that carry sensors, where they are', ?),
           ('observations', 'attributes', 'observations', 'What the sensors observed', null)";

/// Points, as a rule; a thing may be anything. Heights are allowed.
const GEOMETRY_COLUMN: &str = "
    insert or ignore into gpkg_geometry_columns (
        table_name, column_name, geometry_type_name, srs_id, z, m
    ) values ('sensors', 'geometry', 'GEOMETRY', ?, 2, 0)";

/// Shows GIS programs the sensors and their observations.
pub(in super::super) async fn register(
    connection: &mut SqliteConnection,
    srs_id: i32,
) -> Result<()> {
    sqlx::query(CONTENTS).bind(srs_id).execute(&mut *connection).await?;
    sqlx::query(GEOMETRY_COLUMN).bind(srs_id).execute(connection).await?;
    Ok(())
}

/// Tells GIS programs that the sensors reach this far too.
pub(super) async fn grow(connection: &mut SqliteConnection, extent: Option<Bbox>) -> Result<()> {
    match extent {
        Some(extent) => grow_extent(connection, "sensors", Some(extent)).await,
        None => Ok(()),
    }
}
