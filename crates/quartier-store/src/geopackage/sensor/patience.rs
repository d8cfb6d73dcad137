use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{Sqlite, SqlitePool, pool::PoolConnection};

use crate::{Error, Result};

/// As long as a reader may keep a connection and a core for one question.
const QUERY_TIME_MAX: Duration = Duration::from_secs(5);

/// Instructions of SQLite between two looks at the clock: some 50 microseconds.
const INSTRUCTIONS_PER_LOOK: i32 = 4000;

/// Ends the statements of a connection when the time is over, or when nobody waits for them any more.
pub(super) struct Patience {
    is_over: Arc<AtomicBool>,
}

impl Patience {
    /// A connection on which statements end when this ends.
    pub(super) async fn connection(readers: &SqlitePool) -> Result<(Self, PoolConnection<Sqlite>)> {
        Self::of(readers, QUERY_TIME_MAX).await
    }

    async fn of(
        readers: &SqlitePool,
        time_max: Duration,
    ) -> Result<(Self, PoolConnection<Sqlite>)> {
        let is_over = Arc::new(AtomicBool::new(false));
        let mut connection = readers.acquire().await?;
        let deadline = Instant::now() + time_max;
        let look = Arc::clone(&is_over);
        connection.lock_handle().await?.set_progress_handler(INSTRUCTIONS_PER_LOOK, move || {
            !look.load(Ordering::Relaxed) && Instant::now() < deadline
        });
        Ok((Self { is_over }, connection))
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

/// What SQLite says when it was interrupted.
pub(super) fn explained(error: Error) -> Error {
    match &error {
        Error::Statement(sqlx::Error::Database(refusal))
            if refusal.code().as_deref() == Some(INTERRUPTED) =>
        {
            Error::TooSlow
        }
        _ => error,
    }
}

const INTERRUPTED: &str = "9";

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::sqlite::SqlitePoolOptions;

    const FOR_EVER: &str = "
        with recursive count (n) as (select 1 union all select n + 1 from count)
        select sum(n) from count";

    const TIME_MAX: Duration = Duration::from_millis(20);

    fn one_connection() -> SqlitePool {
        SqlitePoolOptions::new().max_connections(1).connect_lazy("sqlite::memory:").unwrap()
    }

    async fn ask_for_ever(readers: &SqlitePool, time_max: Duration) -> Error {
        let (_patience, mut connection) = Patience::of(readers, time_max).await.unwrap();
        let asked = sqlx::query(FOR_EVER).fetch_one(&mut *connection).await;
        explained(asked.unwrap_err().into())
    }

    #[tokio::test]
    async fn a_question_without_end_is_too_slow() {
        let readers = one_connection();
        let error = ask_for_ever(&readers, TIME_MAX).await;
        assert!(matches!(error, Error::TooSlow), "{error}");
        let (_patience, mut connection) = Patience::connection(&readers).await.unwrap();
        sqlx::query("select 1").fetch_one(&mut *connection).await.unwrap();
    }

    #[tokio::test]
    async fn a_question_that_nobody_waits_for_ends() {
        let readers = one_connection();
        let asked = readers.clone();
        let asking = tokio::spawn(async move { ask_for_ever(&asked, QUERY_TIME_MAX).await });
        while readers.num_idle() > 0 || readers.size() == 0 {
            tokio::task::yield_now().await;
        }
        asking.abort();
        assert!(asking.await.unwrap_err().is_cancelled());
        // The only connection comes back, long before the question's own end.
        let again = tokio::time::timeout(QUERY_TIME_MAX / 2, ask_for_ever(&readers, TIME_MAX));
        assert!(matches!(again.await.unwrap(), Error::TooSlow));
    }
}
