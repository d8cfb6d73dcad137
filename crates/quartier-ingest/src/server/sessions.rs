use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use mqtt_protocol_core::mqtt::result_code::DisconnectReasonCode;
use tokio::{task::AbortHandle, time::timeout};

use super::{outbox::Outbox, session::Session};

/// All sessions by the name of their client: those with a connection and those that wait for the next one.
#[derive(Default)]
pub(super) struct Sessions {
    book: Mutex<Book>,
    last_key: AtomicU64,
}

#[derive(Default)]
struct Book {
    slots: HashMap<Arc<str>, Slot>,
    sleeping: usize,
}

enum Slot {
    Awake(Arc<Outbox>),
    Asleep { session: Box<Session>, end: Option<AbortHandle> },
}

/// The session that a connection works on, and whether it is one that the client has had before.
pub(super) struct Claimed {
    pub(super) session: Session,
    pub(super) present: bool,
    /// A session that the client does not want any more; its subscriptions have to go.
    pub(super) discarded: Option<Session>,
}

/// The connection that has the session does not let go of it.
pub(super) struct Busy;

impl Sessions {
    /// Gives a connection its session. One that already has it is told to end, and waited for.
    pub(super) async fn claim(
        &self,
        client: &Arc<str>,
        clean: bool,
        patience: Duration,
    ) -> Result<Claimed, Busy> {
        loop {
            let outbox = match self.try_claim(client, clean) {
                Ok(claimed) => return Ok(claimed),
                Err(outbox) => outbox,
            };
            let released = outbox.released.notified();
            outbox.end(DisconnectReasonCode::SessionTakenOver);
            if self.holds(client, &outbox) && timeout(patience, released).await.is_err() {
                return Err(Busy);
            }
        }
    }

    fn try_claim(&self, client: &Arc<str>, clean: bool) -> Result<Claimed, Arc<Outbox>> {
        let mut book = self.book();
        let kept = match book.slots.remove(client) {
            Some(Slot::Awake(outbox)) => {
                book.slots.insert(Arc::clone(client), Slot::Awake(Arc::clone(&outbox)));
                return Err(outbox);
            }
            Some(Slot::Asleep { session, end }) => {
                book.sleeping -= 1;
                end.inspect(AbortHandle::abort);
                Some(*session)
            }
            None => None,
        };
        let fresh = || Session::new(self.last_key.fetch_add(1, Relaxed));
        let claimed = match kept {
            Some(session) if !clean => Claimed { session, present: true, discarded: None },
            discarded => Claimed { session: fresh(), present: false, discarded },
        };
        claimed.session.outbox.awake();
        book.slots.insert(Arc::clone(client), Slot::Awake(Arc::clone(&claimed.session.outbox)));
        Ok(claimed)
    }

    fn holds(&self, client: &str, outbox: &Arc<Outbox>) -> bool {
        matches!(self.book().slots.get(client), Some(Slot::Awake(held)) if Arc::ptr_eq(held, outbox))
    }

    /// Takes a session back to keep it. Gives it back if there is no room.
    pub(super) fn keep(&self, client: &Arc<str>, session: Session, most: usize) -> Option<Session> {
        let outbox = Arc::clone(&session.outbox);
        let mut book = self.book();
        let left = if book.sleeping < most {
            outbox.asleep();
            book.sleeping += 1;
            book.slots
                .insert(Arc::clone(client), Slot::Asleep { session: Box::new(session), end: None });
            None
        } else {
            book.slots.remove(client);
            Some(session)
        };
        drop(book);
        outbox.released.notify_waiters();
        left
    }

    /// Says what has to be aborted when the client comes back to a kept session.
    pub(super) fn ends_by(&self, client: &str, key: u64, task: AbortHandle) {
        match self.book().slots.get_mut(client) {
            Some(Slot::Asleep { session, end }) if session.outbox.key == key => *end = Some(task),
            _ => task.abort(),
        }
    }

    /// Forgets the session of a connection that ends.
    pub(super) fn forget(&self, client: &str, session: &Session) {
        self.book().slots.remove(client);
        session.outbox.released.notify_waiters();
    }

    /// Forgets a kept session whose time is over.
    pub(super) fn expire(&self, client: &str, key: u64) -> Option<Session> {
        let mut book = self.book();
        match book.slots.get(client) {
            Some(Slot::Asleep { session, .. }) if session.outbox.key == key => {}
            _ => return None,
        }
        let Some(Slot::Asleep { session, .. }) = book.slots.remove(client) else { return None };
        book.sleeping -= 1;
        Some(*session)
    }

    /// Tells all connections to end.
    pub(super) fn end_all(&self, reason: DisconnectReasonCode) {
        for slot in self.book().slots.values() {
            if let Slot::Awake(outbox) = slot {
                outbox.end(reason);
            }
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
