//! The newest numbers of each datastream in memory, so that a window that ends now needs no store.

mod fill;
mod series;
mod stream;
mod sums;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use quartier_model::{EntityId, Observation};
use time::{Duration, OffsetDateTime};

pub(crate) use stream::Sample;
pub(crate) use sums::{Sums, micros};

use self::stream::Stream;

/// How far back memory reaches: the usual window of an hour, and as much again for data that come late.
const REACH: Duration = Duration::hours(2);

/// Numbers in memory, 16 bytes each: an hour of 2,000 a second. When there are more, memory reaches less far back.
const NUMBERS_MAX: usize = 8_000_000;

/// How far ahead of this program's clock a sensor's may be; what is farther ahead is left to the store.
const AHEAD: Duration = Duration::minutes(10);

/// Every datastream's newest numbers.
///
/// What is not here is in the store: a datastream that was not read yet, times before `REACH`, times far ahead.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    streams: RwLock<HashMap<EntityId, Arc<Mutex<Stream>>>>,
    numbers: AtomicUsize,
    /// Held by whoever fills: two at once would take each other's streams.
    filling: tokio::sync::Mutex<()>,
}

impl Recent {
    /// Takes new observations in; those of datastreams that nobody has read yet are left to the store.
    pub(crate) fn take(&self, observations: &[Arc<Observation>]) {
        let future_us = micros(OffsetDateTime::now_utc() + AHEAD);
        let streams = self.streams.read().unwrap_or_else(PoisonError::into_inner);
        let mut added = 0;
        for observation in observations {
            if let Some(stream) = streams.get(&observation.datastream) {
                added += lock(stream).take(Sample::of(observation), future_us);
            }
        }
        self.numbers.fetch_add(added, Relaxed);
    }

    /// A look at all datastreams that does not hold up who writes.
    pub(crate) fn view(&self) -> View {
        let streams = self.streams.read().unwrap_or_else(PoisonError::into_inner);
        View { streams: streams.clone() }
    }

    pub(crate) fn clear(&self) {
        self.streams.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Forgets datastreams that are gone.
    pub(crate) fn forget(&self, datastreams: impl IntoIterator<Item = EntityId>) {
        let mut gone = datastreams.into_iter().peekable();
        if gone.peek().is_none() {
            return;
        }
        let mut streams = self.streams.write().unwrap_or_else(PoisonError::into_inner);
        gone.for_each(|id| drop(streams.remove(&id)));
    }

    /// Reads these datastreams anew before they are answered for.
    pub(crate) fn doubt(&self, datastreams: &[EntityId]) {
        let streams = self.streams.read().unwrap_or_else(PoisonError::into_inner);
        datastreams.iter().filter_map(|id| streams.get(id)).for_each(|it| lock(it).doubt());
    }

    /// Whether everything from before an instant has been forgotten at another one.
    pub(crate) fn is_beyond(before: OffsetDateTime, now: OffsetDateTime) -> bool {
        now - before > REACH + Duration::MINUTE
    }

    fn stream(&self, datastream: EntityId) -> Option<Arc<Mutex<Stream>>> {
        let streams = self.streams.read().unwrap_or_else(PoisonError::into_inner);
        streams.get(&datastream).cloned()
    }

    /// From now on, what comes is kept for the end of the filling.
    fn begin_filling(&self, datastream: EntityId) {
        let mut streams = self.streams.write().unwrap_or_else(PoisonError::into_inner);
        streams.insert(datastream, Arc::new(Mutex::new(Stream::filling())));
    }

    fn needs_filling(&self, datastream: EntityId, now: OffsetDateTime) -> bool {
        let Some(stream) = self.stream(datastream) else { return true };
        let stream = lock(&stream);
        !stream.is_whole() || stream.is_overtaken(micros(now + AHEAD))
    }

    /// Forgets what is older than memory reaches, and counts what is left.
    pub(crate) fn prune(&self, now: OffsetDateTime) {
        let mut oldest = series::minute_of(micros(now - REACH));
        let view = self.view();
        if self.numbers.load(Relaxed) > NUMBERS_MAX {
            oldest = oldest.max(view.oldest_that_fits());
        }
        let mut left = 0;
        for stream in view.streams.values() {
            let mut stream = lock(stream);
            stream.forget_before(oldest);
            left += stream.len();
        }
        self.numbers.store(left, Relaxed);
    }
}

/// Datastreams as they stood at one moment; their numbers go on.
#[derive(Debug)]
pub(crate) struct View {
    streams: HashMap<EntityId, Arc<Mutex<Stream>>>,
}

impl View {
    /// The sums of `from_us..to_us` as far as memory has them, and up to when it does not.
    pub(crate) fn sums(
        &self,
        datastream: EntityId,
        channel: usize,
        from_us: i64,
        to_us: i64,
    ) -> (Sums, i64) {
        let stream = self.streams.get(&datastream);
        stream.map_or((Sums::NONE, to_us), |it| lock(it).sums(channel, from_us, to_us))
    }

    /// The first minute that can stay, were as many numbers kept as there is room for.
    fn oldest_that_fits(&self) -> i64 {
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        for stream in self.streams.values() {
            for (minute, count) in lock(stream).counts() {
                *counts.entry(minute).or_default() += count;
            }
        }
        let mut kept = 0;
        let full = counts.iter().rev().find(|(_, count)| {
            kept += **count;
            kept > NUMBERS_MAX
        });
        full.map_or(i64::MIN, |(minute, _)| minute + 1)
    }
}

fn lock(stream: &Mutex<Stream>) -> MutexGuard<'_, Stream> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}
