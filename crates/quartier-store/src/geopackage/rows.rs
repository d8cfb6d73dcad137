use quartier_model::Bbox;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, query_builder::Separated};

use super::layer::{Identifier, rtree};
use crate::{Result, plan::Row, prepare::Put, wkb::write_geopackage};

/// One statement for so many rows: each statement is a round trip to SQLite's thread. 12 values a row stay below the
/// 32,766 that SQLite takes.
const ROWS_PER_STATEMENT: usize = 512;

/// What the rows of one batch have in common.
pub(super) struct Common<'a> {
    pub(super) layer: &'a str,
    pub(super) collection: i64,
    pub(super) srs_id: i32,
    pub(super) recorded_us: i64,
}

const INSERT: &str = "
    insert into quartier_object (
        fid, collection, version, recorded_from_us, valid_from_us, valid_to_us,
        id, source_id, fingerprint, geometry, properties, structure
    ) ";

/// Appends current versions to the table and to its layer's spatial index.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    rows: &[Row<'_>],
    common: &Common<'_>,
) -> Result<()> {
    for rows in rows.chunks(ROWS_PER_STATEMENT) {
        let mut sql = QueryBuilder::new(INSERT);
        sql.push_values(rows, |values, row| push_row(values, row, common));
        sql.build().execute(&mut *connection).await?;
        index(connection, rows, common.layer).await?;
    }
    Ok(())
}

fn push_row(mut values: Separated<'_, Sqlite, &'static str>, row: &Row<'_>, common: &Common<'_>) {
    let Put { object, properties, structure, valid_us, fingerprint, .. } = row.put;
    let feature = &object.feature;
    let geometry = feature.geometry.as_ref().map(|geometry| {
        let mut bytes = Vec::new();
        write_geopackage(geometry, common.srs_id, &mut bytes);
        bytes
    });
    values
        .push_bind(row.fid.0.cast_signed())
        .push_bind(common.collection)
        .push_bind(row.version)
        .push_bind(common.recorded_us)
        .push_bind(valid_us.0)
        .push_bind(valid_us.1)
        .push_bind(feature.id.as_str().to_owned())
        .push_bind(feature.source_id.as_ref().map(|id| id.as_str().to_owned()))
        .push_bind(fingerprint.0.to_vec())
        .push_bind(geometry)
        .push_bind(properties.clone())
        .push_bind(structure.clone());
}

async fn index(connection: &mut SqliteConnection, rows: &[Row<'_>], layer: &str) -> Result<()> {
    let boxes: Vec<_> = rows.iter().filter_map(|row| Some((row.fid, row.put.bbox?))).collect();
    if boxes.is_empty() {
        return Ok(());
    }
    let mut sql = QueryBuilder::new("insert into ");
    sql.push(Identifier(&rtree(layer))).push(" (id, minx, maxx, miny, maxy) ");
    sql.push_values(boxes, |mut values, (fid, bbox)| {
        values
            .push_bind(fid.0.cast_signed())
            .push_bind(bbox.min_x)
            .push_bind(bbox.max_x)
            .push_bind(bbox.min_y)
            .push_bind(bbox.max_y);
    });
    sql.build().execute(connection).await?;
    Ok(())
}

/// Takes objects out of their layer's spatial index; `fids` is a JSON list.
pub(super) async fn unindex(
    connection: &mut SqliteConnection,
    layer: &str,
    fids: String,
) -> Result<()> {
    let mut sql = QueryBuilder::new("delete from ");
    sql.push(Identifier(&rtree(layer))).push(" where id in (select value from json_each(");
    sql.push_bind(fids).push("))");
    sql.build().execute(connection).await?;
    Ok(())
}

const GROW_EXTENT: &str = "
    update gpkg_contents
    set last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
        min_x = coalesce(min(min_x, ?1), min_x, ?1),
        min_y = coalesce(min(min_y, ?2), min_y, ?2),
        max_x = coalesce(max(max_x, ?3), max_x, ?3),
        max_y = coalesce(max(max_y, ?4), max_y, ?4)
    where table_name = ?5";

/// Tells GIS programs when the layer changed, and how far it reaches: it may have reached farther than it does.
pub(super) async fn grow_extent(
    connection: &mut SqliteConnection,
    layer: &str,
    extent: Option<Bbox>,
) -> Result<()> {
    sqlx::query(GROW_EXTENT)
        .bind(extent.map(|bbox| bbox.min_x))
        .bind(extent.map(|bbox| bbox.min_y))
        .bind(extent.map(|bbox| bbox.max_x))
        .bind(extent.map(|bbox| bbox.max_y))
        .bind(layer)
        .execute(connection)
        .await?;
    Ok(())
}
