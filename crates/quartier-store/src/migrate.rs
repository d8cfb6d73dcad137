use sqlx::migrate::{Migrate, MigrateError, Migrator};

use crate::{Error, Result};

/// The schema that this version of Quartier writes.
pub(crate) fn newest(migrator: &Migrator) -> i64 {
    migrator.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Brings a database of the found version forward; the caller's transaction makes it one step.
pub(crate) async fn forward<C: Migrate>(
    migrator: &Migrator,
    found: Option<i64>,
    connection: &mut C,
) -> Result<()> {
    not_newer(migrator, found)?;
    migrator.run_direct(None, connection, false).await.map_err(refused)
}

pub(crate) fn not_newer(migrator: &Migrator, found: Option<i64>) -> Result<()> {
    let known = newest(migrator);
    match found {
        Some(found) if found > known => Err(Error::Newer { found, known }),
        _ => Ok(()),
    }
}

/// What the database said, as it would be said of any other statement; else the migration is to blame.
fn refused(error: MigrateError) -> Error {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            match Error::from(error) {
                Error::Statement(error) => Error::Migration(error.into()),
                known => known,
            }
        }
        other => Error::Migration(other.into()),
    }
}
