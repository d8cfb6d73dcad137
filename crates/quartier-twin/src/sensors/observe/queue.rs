use std::{sync::Arc, time::Duration};

use quartier_model::NewObservation;
use quartier_store::Appended;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    time::timeout,
};

use super::Patience;
use crate::{
    Error, Result,
    sensors::{Source, weight::free_bytes},
};

/// Observations that wait for the writer, all callers together: a second or two of a full load, some 20 MB.
const QUEUE_ROWS_MAX: usize = 50_000;

/// An observation that says more than this counts as several.
const ROW_BYTES: usize = 1_024;

/// How long a caller that does not wait for the store waits for room: longer than any hiccup of a healthy database,
/// shorter than clients' own patience.
const ROOM_PATIENCE: Duration = Duration::from_secs(2);

/// Where callers wait for the writer.
#[derive(Debug)]
pub(in crate::sensors) struct Queue {
    waiting: mpsc::UnboundedSender<Waiting>,
    /// What bounds it.
    room: Arc<Semaphore>,
}

/// A caller that waits.
#[derive(Debug)]
pub(in crate::sensors) struct Waiting {
    pub(super) rows: Vec<NewObservation>,
    pub(super) source: Source,
    pub(super) patience: Patience,
    answer: oneshot::Sender<Result<Vec<Appended>>>,
    _room: OwnedSemaphorePermit,
}

impl Queue {
    pub(in crate::sensors) fn new() -> (Self, mpsc::UnboundedReceiver<Waiting>) {
        let (waiting, writer) = mpsc::unbounded_channel();
        (Self { waiting, room: Arc::new(Semaphore::new(QUEUE_ROWS_MAX)) }, writer)
    }

    /// Observations that wait now.
    pub(in crate::sensors) fn waiting(&self) -> usize {
        QUEUE_ROWS_MAX - self.room.available_permits()
    }

    /// Waits for room, then for the writer's answer.
    pub(super) async fn enqueue(
        &self,
        rows: Vec<NewObservation>,
        source: &Source,
        patience: Patience,
    ) -> Result<Vec<Appended>> {
        let room = rows.iter().map(places).sum::<usize>().min(QUEUE_ROWS_MAX);
        let room = self.room(room, patience).await?;
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { rows, source: source.clone(), patience, answer, _room: room };
        self.waiting.send(waiting).map_err(|_closed| Error::Interrupted)?;
        answered.await.map_err(|_dropped| Error::Interrupted)?
    }

    async fn room(&self, places: usize, patience: Patience) -> Result<OwnedSemaphorePermit> {
        let room = Arc::clone(&self.room).acquire_many_owned(places as u32);
        let room = match patience {
            Patience::Wait => room.await,
            Patience::Refuse => {
                timeout(ROOM_PATIENCE, room).await.map_err(|_elapsed| Error::Busy)?
            }
        };
        Ok(room.expect("nobody closes the queue's room"))
    }
}

/// How much of the queue an observation takes.
fn places(row: &NewObservation) -> usize {
    1 + free_bytes(&row.result, row.quality.as_ref(), row.parameters.as_ref()) / ROW_BYTES
}

impl Waiting {
    /// A caller that is gone does not mind.
    pub(super) fn answer(self, answer: Result<Vec<Appended>>) {
        drop(self.answer.send(answer));
    }
}
