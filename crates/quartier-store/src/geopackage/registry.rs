use sqlx::SqliteConnection;

use crate::{Result, shapes::Heights};

/// A layer in the GeoPackage's own tables, by which GIS programs find it.
pub(super) struct Registered<'a> {
    pub(super) layer: &'a str,
    pub(super) title: &'a str,
    pub(super) srs_id: i32,
}

const CONTENTS: &str = "
    insert into gpkg_contents (table_name, data_type, identifier, description, srs_id)
    values (?1, 'features', ?1, ?2, ?3)
    on conflict (table_name) do update set description = excluded.description";

const GEOMETRY_COLUMN: &str = "
    insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m)
    values (?, 'geometry', ?, ?, ?, 0)
    on conflict (table_name)
    do update set geometry_type_name = excluded.geometry_type_name, z = excluded.z";

const SPATIAL_INDEX: &str = "
    insert or ignore into gpkg_extensions (
        table_name, column_name, extension_name, definition, scope
    ) values (
        ?, 'geometry', 'gpkg_rtree_index',
        'http://www.geopackage.org/spec120/#extension_rtree', 'write-only'
    )";

impl Registered<'_> {
    pub(super) async fn register(
        &self,
        connection: &mut SqliteConnection,
        geometry_type: &str,
        heights: Heights,
    ) -> Result<()> {
        // No geometry has them, all must, some may.
        let z = match heights {
            Heights::None => 0,
            Heights::All => 1,
            Heights::Some => 2,
        };
        sqlx::query(CONTENTS)
            .bind(self.layer)
            .bind(self.title)
            .bind(self.srs_id)
            .execute(&mut *connection)
            .await?;
        sqlx::query(GEOMETRY_COLUMN)
            .bind(self.layer)
            .bind(geometry_type)
            .bind(self.srs_id)
            .bind(z)
            .execute(&mut *connection)
            .await?;
        sqlx::query(SPATIAL_INDEX).bind(self.layer).execute(connection).await?;
        Ok(())
    }
}
