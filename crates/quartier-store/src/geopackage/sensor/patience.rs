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
        let is_over = Arc::new(AtomicBool::new(false));
        let mut connection = readers.acquire().await?;
        let deadline = Instant::now() + QUERY_TIME_MAX;
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
