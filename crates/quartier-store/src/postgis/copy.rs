use sqlx::PgConnection;
use time::OffsetDateTime;

use super::binary::{copy_rows, field, optional, sized, timestamp};
use crate::{Error, Result, plan::Row, prepare::Put, wkb::write_ewkb};

const COPY: &str = "
    copy quartier.object (
        fid, recorded_from, valid_from, valid_to, collection, version,
        fingerprint, id, source_id, geometry, properties, structure
    ) from stdin (format binary)";
const COLUMNS: i16 = 12;

const JSONB_VERSION: u8 = 1;

/// What the rows of one batch have in common.
pub(super) struct Common {
    pub(super) collection: i32,
    pub(super) srid: i32,
    pub(super) recorded: OffsetDateTime,
}

/// Appends current versions to the table.
pub(super) async fn copy(
    connection: &mut PgConnection,
    rows: &[Row<'_>],
    common: &Common,
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    copy_rows(connection, COPY, rows, |row, out| write_row(row, common, out))
        .await
        .map_err(|error| blame(error, rows))
}

fn write_row(row: &Row<'_>, common: &Common, out: &mut Vec<u8>) {
    let Put { object, properties, structure, valid_us, fingerprint, .. } = row.put;
    let feature = &object.feature;
    out.extend(COLUMNS.to_be_bytes());
    field(out, &row.fid.0.cast_signed().to_be_bytes());
    field(out, &timestamp((common.recorded.unix_timestamp_nanos() / 1000) as i64));
    optional(out, valid_us.0.map(timestamp).as_ref().map(<[u8; 8]>::as_slice));
    optional(out, valid_us.1.map(timestamp).as_ref().map(<[u8; 8]>::as_slice));
    field(out, &common.collection.to_be_bytes());
    field(out, &row.version.to_be_bytes());
    field(out, &fingerprint.0);
    field(out, feature.id.as_str().as_bytes());
    optional(out, feature.source_id.as_ref().map(|id| id.as_str().as_bytes()));
    match &feature.geometry {
        Some(geometry) => sized(out, |out| write_ewkb(geometry, common.srid, out)),
        None => optional(out, None),
    }
    sized(out, |out| {
        out.push(JSONB_VERSION);
        out.extend(properties.as_bytes());
    });
    optional(out, structure.as_deref().map(str::as_bytes));
}

/// PostgreSQL names the line of the row that it could not take.
fn blame(error: sqlx::Error, rows: &[Row<'_>]) -> Error {
    match (line(&error).and_then(|line| rows.get(line.checked_sub(1)?)), Error::from(error)) {
        (Some(row), Error::Statement(error)) => {
            let refusal = error.as_database_error().map(|it| it.message().to_owned());
            let id = row.put.object.feature.id.to_string();
            Error::Unstorable { id, reason: refusal.unwrap_or_default() }
        }
        (_, error) => error,
    }
}

fn line(error: &sqlx::Error) -> Option<usize> {
    let error = error.as_database_error()?;
    let context = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>()?.r#where()?;
    let (_, rest) = context.split_once("line ")?;
    let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..digits)?.parse().ok()
}
