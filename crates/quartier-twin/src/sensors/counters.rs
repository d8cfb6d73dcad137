use std::{
    collections::BTreeMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use time::OffsetDateTime;

/// Where observations come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// SensorThings over HTTP.
    Http,
    /// The MQTT server of this program.
    Mqtt,
    /// An outside broker, by the name that the configuration gives it.
    Broker(Arc<str>),
    /// Files, and the demonstration's past.
    Import,
}

/// What became of observations since the start, by where they came from.
///
/// None is ever dropped: what is not in the store has not been acknowledged, and who sent it was told or still waits.
#[derive(Debug, Default)]
pub(super) struct Counters {
    sources: RwLock<BTreeMap<Source, Arc<SourceCounters>>>,
    commits: AtomicU64,
    rows: AtomicU64,
    group_max: AtomicU64,
}

#[derive(Debug, Default)]
pub(super) struct SourceCounters {
    accepted: AtomicU64,
    duplicate: AtomicU64,
    late: AtomicU64,
    rejected: AtomicU64,
    turned_away: AtomicU64,
    /// Unix time in microseconds; 0 before the first.
    last_us: AtomicU64,
}

/// What became of observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// New, and in the store.
    pub accepted: u64,
    /// In the store before: acknowledged, not kept twice.
    pub duplicate: u64,
    /// Of the accepted: older than one that was known of their datastream.
    pub late: u64,
    /// Refused for what they say; sending them again does not help.
    pub rejected: u64,
    /// Refused because the store could not take them just then; their senders were told to come back.
    pub turned_away: u64,
    /// When the last one was taken.
    pub last: Option<OffsetDateTime>,
}

/// What the writer of observations did since the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    pub sources: BTreeMap<Source, Tally>,
    /// Transactions that wrote observations.
    pub commits: u64,
    /// Observations in them; with the commits, how large groups are.
    pub rows: u64,
    pub group_max: u64,
    /// Observations that wait for the writer now.
    pub waiting: u64,
}

impl Counters {
    pub(super) fn of(&self, source: &Source) -> Arc<SourceCounters> {
        let known = self.sources.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(counters) = known.get(source) {
            return Arc::clone(counters);
        }
        drop(known);
        let mut sources = self.sources.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sources.entry(source.clone()).or_default())
    }

    pub(super) fn committed(&self, rows: usize) {
        self.commits.fetch_add(1, Relaxed);
        self.rows.fetch_add(rows as u64, Relaxed);
        self.group_max.fetch_max(rows as u64, Relaxed);
    }

    pub(super) fn counts(&self, waiting: usize) -> Counts {
        let sources = self.sources.read().unwrap_or_else(PoisonError::into_inner);
        Counts {
            sources: sources.iter().map(|(source, it)| (source.clone(), it.tally())).collect(),
            commits: self.commits.load(Relaxed),
            rows: self.rows.load(Relaxed),
            group_max: self.group_max.load(Relaxed),
            waiting: waiting as u64,
        }
    }
}

impl SourceCounters {
    pub(super) fn add(&self, tally: &Tally) {
        self.accepted.fetch_add(tally.accepted, Relaxed);
        self.duplicate.fetch_add(tally.duplicate, Relaxed);
        self.late.fetch_add(tally.late, Relaxed);
        self.rejected.fetch_add(tally.rejected, Relaxed);
        self.turned_away.fetch_add(tally.turned_away, Relaxed);
        if let Some(last) = tally.last {
            let last_us = (last.unix_timestamp_nanos() / 1_000) as u64;
            self.last_us.fetch_max(last_us, Relaxed);
        }
    }

    fn tally(&self) -> Tally {
        let last_us = self.last_us.load(Relaxed);
        let last = OffsetDateTime::from_unix_timestamp_nanos(i128::from(last_us) * 1_000).ok();
        Tally {
            accepted: self.accepted.load(Relaxed),
            duplicate: self.duplicate.load(Relaxed),
            late: self.late.load(Relaxed),
            rejected: self.rejected.load(Relaxed),
            turned_away: self.turned_away.load(Relaxed),
            last: last.filter(|_| last_us > 0),
        }
    }
}

impl Counts {
    /// Of all sources together.
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for tally in self.sources.values() {
            total.accepted += tally.accepted;
            total.duplicate += tally.duplicate;
            total.late += tally.late;
            total.rejected += tally.rejected;
            total.turned_away += tally.turned_away;
            total.last = total.last.max(tally.last);
        }
        total
    }
}
