use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use time::OffsetDateTime;

/// How a feed is, at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedHealth {
    pub name: String,
    /// Without user and password.
    pub url: String,
    /// None while there is no connection.
    pub connected_since: Option<OffsetDateTime>,
    pub last_message: Option<OffsetDateTime>,
    /// Messages whose readings are safe.
    pub accepted: u64,
    /// Messages of another kind, as when a device joins its network.
    pub ignored: u64,
    /// Messages that were not understood, or whose readings nobody wants.
    pub rejected: u64,
    /// Stays after its cause is gone; compare its time with that of the last message.
    pub last_error: Option<String>,
    pub last_error_at: Option<OffsetDateTime>,
}

/// Reasons for rejections that are logged, each once: a device that is not known says so every minute, and the
/// counters tell how often.
const LOGGED_MAX: usize = 100;

#[derive(Debug, Default)]
pub(super) struct Pulse {
    health: Mutex<FeedHealth>,
    logged: Mutex<BTreeSet<String>>,
}

impl Pulse {
    pub(super) fn new(name: String, url: String) -> Self {
        let health = Mutex::new(FeedHealth { name, url, ..FeedHealth::default() });
        Self { health, logged: Mutex::default() }
    }

    pub(super) fn health(&self) -> FeedHealth {
        self.lock().clone()
    }

    pub(super) fn connected(&self) {
        self.lock().connected_since = Some(OffsetDateTime::now_utc());
    }

    pub(super) fn disconnected(&self) {
        self.lock().connected_since = None;
    }

    pub(super) fn heard(&self, at: OffsetDateTime) {
        self.lock().last_message = Some(at);
    }

    pub(super) fn accepted(&self) {
        self.lock().accepted += 1;
    }

    pub(super) fn ignored(&self) {
        self.lock().ignored += 1;
    }

    pub(super) fn rejected(&self, why: String) {
        if self.is_news(&why) {
            tracing::warn!(feed = self.health().name, why, "a broker's message is not taken");
        }
        self.lock().rejected += 1;
        self.failed(why);
    }

    fn is_news(&self, why: &str) -> bool {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        logged.len() < LOGGED_MAX && logged.insert(why.to_owned())
    }

    pub(super) fn failed(&self, why: String) {
        let mut health = self.lock();
        health.last_error = Some(why);
        health.last_error_at = Some(OffsetDateTime::now_utc());
    }

    fn lock(&self) -> MutexGuard<'_, FeedHealth> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
