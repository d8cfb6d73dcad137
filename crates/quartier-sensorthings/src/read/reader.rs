use std::{
    cell::{Cell, RefCell},
    future::Future,
    time::{Duration, Instant},
};

use quartier_store::Error as StoreError;
use quartier_twin::Error as TwinError;
use time::OffsetDateTime;
use tokio::runtime::Handle;

use super::observations::Glimpses;
use crate::{
    Error, Result, Version,
    entities::{Manner, View},
};

/// Longer than any answer that a client waits for, shorter than its patience and a proxy's (30 s or more).
pub(crate) const READING_MAX: Duration = Duration::from_secs(10);

/// How many entities an answer holds, expanded ones included: some 100 MB of JSON.
pub(crate) const ROWS_MAX: usize = 250_000;

/// Reads for one request, on a thread that may wait: what is in memory at once, observations from the store.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) view: View<'a>,
    pub(crate) manner: Manner<'a>,
    pub(crate) version: Version,
    /// The same instant wherever the request says `now()`.
    pub(crate) now: OffsetDateTime,
    started: Instant,
    runtime: Handle,
    rows_left: Cell<usize>,
    /// What went wrong where an expression could not say so.
    failure: RefCell<Option<Error>>,
    pub(super) glimpses: Glimpses,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        view: View<'a>,
        manner: Manner<'a>,
        version: Version,
        runtime: Handle,
    ) -> Self {
        Self {
            view,
            manner,
            version,
            now: OffsetDateTime::now_utc(),
            started: Instant::now(),
            runtime,
            rows_left: Cell::new(ROWS_MAX),
            failure: RefCell::default(),
            glimpses: Glimpses::default(),
        }
    }

    /// Waits for the store, but not longer than the request may take.
    pub(crate) fn wait<T>(&self, answer: impl Future<Output = Result<T, TwinError>>) -> Result<T> {
        self.check_time()?;
        let left = READING_MAX.saturating_sub(self.started.elapsed());
        let bounded = async { tokio::time::timeout(left, answer).await };
        match self.runtime.block_on(bounded) {
            Ok(Err(TwinError::Store(StoreError::TooSlow))) => Err(Error::TooSlow),
            Ok(answer) => Ok(answer?),
            Err(_elapsed) => Err(Error::TooSlow),
        }
    }

    pub(crate) fn check_time(&self) -> Result<()> {
        if self.started.elapsed() > READING_MAX {
            return Err(Error::TooSlow);
        }
        Ok(())
    }

    pub(super) fn fail(&self, error: Error) {
        self.failure.borrow_mut().get_or_insert(error);
    }

    pub(super) fn check_failure(&self) -> Result<()> {
        self.failure.borrow_mut().take().map_or(Ok(()), Err)
    }

    /// Counts entities that will be in the answer.
    pub(crate) fn take(&self, rows: usize) -> Result<()> {
        let left = self.rows_left.get().checked_sub(rows).ok_or_else(|| {
            Error::bad(format!(
                "the answer would hold more than {ROWS_MAX} entities: ask for fewer with `$top`, \
                 in `$expand` too"
            ))
        })?;
        self.rows_left.set(left);
        Ok(())
    }
}
