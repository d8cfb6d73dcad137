use std::time::Duration;

use sqlx::{
    Connection as _, SqliteConnection, SqlitePool, sqlite::SqliteConnectOptions, types::Json,
};
use tokio::{sync::watch, time::sleep};

use super::GeoPackageStore;
use crate::{Change, Result, Sequence, follower::raise};

/// SQLite sends no word of other processes' commits; asking costs it microseconds.
const POLL_EVERY: Duration = Duration::from_millis(200);

/// After an error.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Tells of changes that other processes make, until it is aborted.
pub(super) async fn follow(options: SqliteConnectOptions, newest: watch::Sender<Sequence>) {
    loop {
        if let Err(error) = follow_connection(&options, &newest).await {
            tracing::debug!(%error, "following the file's changes is interrupted");
        }
        sleep(RETRY_AFTER).await;
    }
}

async fn follow_connection(
    options: &SqliteConnectOptions,
    newest: &watch::Sender<Sequence>,
) -> Result<()> {
    let mut connection = SqliteConnection::connect_with(options).await?;
    let mut seen = None;
    loop {
        // Changes with every commit of another connection.
        let version: i64 =
            sqlx::query_scalar("pragma data_version").fetch_one(&mut connection).await?;
        if seen != Some(version) {
            let sequence: i64 = sqlx::query_scalar(SEQUENCE).fetch_one(&mut connection).await?;
            raise(newest, sequence as Sequence);
            seen = Some(version);
        }
        sleep(POLL_EVERY).await;
    }
}

const IDENTITY: &str = "select identity from quartier_identity";

pub(super) async fn identity(pool: &SqlitePool) -> Result<String> {
    Ok(sqlx::query_scalar(IDENTITY).fetch_one(pool).await?)
}

const SEQUENCE: &str = "select sequence from quartier_twin";

pub(super) async fn sequence(pool: &SqlitePool) -> Result<Sequence> {
    let sequence: i64 = sqlx::query_scalar(SEQUENCE).fetch_one(pool).await?;
    Ok(sequence as Sequence)
}

const MARK: &str = "select mark from quartier_change where sequence = ?";

const CHANGES: &str = "
    select quartier_change.sequence, quartier_collection.id, quartier_change.objects
    from quartier_change
    join quartier_collection on quartier_collection.key = quartier_change.collection
    where quartier_change.sequence > ?
    order by quartier_change.sequence
    limit ?";

impl GeoPackageStore {
    pub(super) async fn read_mark(&self, change: Sequence) -> Result<Option<String>> {
        let mark: Option<Option<String>> = sqlx::query_scalar(MARK)
            .bind(change.cast_signed())
            .fetch_optional(&self.readers)
            .await?;
        Ok(mark.flatten())
    }

    pub(super) async fn read_changes(&self, after: Sequence, limit: u32) -> Result<Vec<Change>> {
        let rows: Vec<(i64, String, Json<Vec<i64>>)> = sqlx::query_as(CHANGES)
            .bind(after.cast_signed())
            .bind(limit)
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter()
            .map(|(sequence, id, fids)| crate::change::read(sequence, id, fids.0))
            .collect()
    }
}
