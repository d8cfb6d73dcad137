use sqlx::{PgPool, Postgres, QueryBuilder, pool::PoolConnection, postgres::PgRow};
use tokio::runtime::Handle;

use crate::{Error, Result};

const PROCESS: &str = "select pg_backend_pid()";

const CANCEL: &str = "select pg_cancel_backend($1)";

/// A statement that is being read. Dropped before its end, it is ended in the database too.
struct Reading {
    connection: Option<PoolConnection<Postgres>>,
    process: i32,
    /// Where the end is called for.
    other: PgPool,
}

/// Reads all rows of a statement; `other` are connections beside those for reading.
pub(super) async fn read(
    reader: &PgPool,
    other: &PgPool,
    mut sql: QueryBuilder<Postgres>,
) -> Result<Vec<PgRow>> {
    let mut connection = reader.acquire().await?;
    let process = sqlx::query_scalar(PROCESS).fetch_one(&mut *connection).await?;
    let mut reading = Reading { connection: Some(connection), process, other: other.clone() };
    let connection = reading.connection.as_mut().expect("it was put there");
    let rows = sql.build().fetch_all(&mut **connection).await;
    let connection = reading.connection.take();
    drop(connection);
    rows.map_err(too_slow)
}

/// What the readers' statement timeout cancels is too much to ask for.
fn too_slow(error: sqlx::Error) -> Error {
    let state = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    if state.as_deref() == Some("57014") { Error::TooSlow } else { error.into() }
}

impl Drop for Reading {
    fn drop(&mut self) {
        let (Some(connection), Ok(runtime)) = (self.connection.take(), Handle::try_current())
        else {
            return;
        };
        // Never used again: a cancellation that comes late must not meet another statement.
        let connection = connection.detach();
        let (other, process) = (self.other.clone(), self.process);
        runtime.spawn(async move {
            if let Err(error) = sqlx::query(CANCEL).bind(process).execute(&other).await {
                tracing::debug!(%error, "a statement goes on until its timeout");
            }
            drop(connection);
        });
    }
}
