use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What the server has done since its start; read with [`Counters::counts`].
#[derive(Debug, Default)]
pub struct Counters {
    pub(super) connections: AtomicU64,
    pub(super) accepted: AtomicU64,
    pub(super) turned_away: AtomicU64,
    pub(super) received: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) delivered: AtomicU64,
    pub(super) dropped: AtomicU64,
    pub(super) slow: AtomicU64,
    pub(super) malformed: AtomicU64,
}

/// The counters at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Open now.
    pub connections: u64,
    /// Connections that were let in.
    pub accepted: u64,
    /// Connections that were not: too many, wrong credentials, no CONNECT in time.
    pub turned_away: u64,
    /// Messages that clients published and the caller took.
    pub received: u64,
    /// Messages that the caller did not take.
    pub refused: u64,
    /// Messages written to clients.
    pub delivered: u64,
    /// Messages at `QoS` 0, or to clients that are away, beyond what may wait for one client.
    pub dropped: u64,
    /// Clients that were disconnected because they did not read.
    pub slow: u64,
    /// Connections that ended because of what the client sent.
    pub malformed: u64,
}

impl Counters {
    pub fn counts(&self) -> Counts {
        Counts {
            connections: self.connections.load(Relaxed),
            accepted: self.accepted.load(Relaxed),
            turned_away: self.turned_away.load(Relaxed),
            received: self.received.load(Relaxed),
            refused: self.refused.load(Relaxed),
            delivered: self.delivered.load(Relaxed),
            dropped: self.dropped.load(Relaxed),
            slow: self.slow.load(Relaxed),
            malformed: self.malformed.load(Relaxed),
        }
    }
}

pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
