use std::time::Duration;

use sqlx::{PgPool, postgres::PgListener};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use super::PostgisStore;
use crate::{Change, Result, Sequence, follower::raise};

/// A notification can be lost with its connection; what it told is found this much later.
const POLL_EVERY: Duration = Duration::from_secs(5);

const RETRY_FIRST: Duration = Duration::from_millis(250);
const RETRY_LAST: Duration = Duration::from_secs(10);

/// Tells of every change until it is aborted, through any number of lost connections.
pub(super) async fn follow(listening: PgPool, reading: PgPool, newest: watch::Sender<Sequence>) {
    let mut pause = RETRY_FIRST;
    loop {
        if let Err(error) = follow_connection(&listening, &reading, &newest, &mut pause).await {
            tracing::debug!(%error, "following the database's changes is interrupted");
        }
        sleep(pause).await;
        pause = (pause * 2).min(RETRY_LAST);
    }
}

async fn follow_connection(
    listening: &PgPool,
    reading: &PgPool,
    newest: &watch::Sender<Sequence>,
    pause: &mut Duration,
) -> Result<()> {
    let mut listener = PgListener::connect_with(listening).await?;
    listener.listen("quartier_change").await?;
    loop {
        raise(newest, sequence(reading).await?);
        *pause = RETRY_FIRST;
        match timeout(POLL_EVERY, listener.recv()).await {
            Ok(notification) => {
                notification?;
            }
            Err(_elapsed) => {}
        }
    }
}

const IDENTITY: &str = "select identity from quartier.identity";

pub(super) async fn identity(pool: &PgPool) -> Result<String> {
    Ok(sqlx::query_scalar(IDENTITY).fetch_one(pool).await?)
}

const SEQUENCE: &str = "select sequence from quartier.twin";

pub(super) async fn sequence(pool: &PgPool) -> Result<Sequence> {
    let sequence: i64 = sqlx::query_scalar(SEQUENCE).fetch_one(pool).await?;
    Ok(sequence as Sequence)
}

const MARK: &str = "select mark::text from quartier.change where sequence = $1";

const CHANGES: &str = "
    select change.sequence, collection.id, change.objects
    from quartier.change
    join quartier.collection on collection.key = change.collection
    where change.sequence > $1
    order by change.sequence
    limit $2";

impl PostgisStore {
    pub(super) async fn read_mark(&self, change: Sequence) -> Result<Option<String>> {
        let mark = sqlx::query_scalar(MARK).bind(change.cast_signed());
        Ok(mark.fetch_optional(&self.pool).await?)
    }

    pub(super) async fn read_changes(&self, after: Sequence, limit: u32) -> Result<Vec<Change>> {
        let rows: Vec<(i64, String, Vec<i64>)> = sqlx::query_as(CHANGES)
            .bind(after.cast_signed())
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter()
            .map(|(sequence, id, fids)| crate::change::read(sequence, id, fids))
            .collect()
    }
}
