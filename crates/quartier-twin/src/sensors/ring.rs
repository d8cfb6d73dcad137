use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use quartier_model::{Bbox, CollectionId, EntityId, EntityKind, FeatureId, Observation};
use time::OffsetDateTime;
use tokio::sync::watch;

use super::weight::free_bytes;

/// Events that are kept for those who come back: half a minute at 2,000 readings a second, some 30 MB.
pub const EVENTS_KEPT: usize = 65_536;

/// Memory that events may take where readings are more than numbers: pictures, long texts.
const EVENTS_BYTES_MAX: usize = 64 * 1024 * 1024;

/// About what an event takes that says nothing long.
const EVENT_BYTES: usize = 400;

/// The newest events, in the order in which they happened. Whoever reads keeps a number and comes back with it: nobody
/// waits for a slow reader, and nobody's backlog is stored.
#[derive(Debug)]
pub struct Ring {
    kept: RwLock<Kept>,
    /// The newest number; held by whoever pushes, so that readers wait for no more than the new events' move.
    pushing: Mutex<u64>,
    newest: watch::Sender<u64>,
    /// Events before the first one: a number of another run of the program is not of this one.
    pub run: u64,
}

#[derive(Debug, Default)]
struct Kept {
    /// With about how many bytes each takes.
    events: VecDeque<(usize, Arc<Event>)>,
    bytes: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// From 1, without gaps.
    pub sequence: u64,
    pub at: OffsetDateTime,
    pub happening: Happening,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// An observation was taken that was not known before.
    Observed(Arc<Observation>),
    /// An entity other than an observation; or an observation that was changed or deleted.
    Entity { kind: EntityKind, id: EntityId, change: EntityChange },
    /// Observations of a datastream were changed or deleted: its latest may be another one.
    Rewritten(EntityId),
    /// City objects were made, changed or deleted.
    Objects {
        collection: CollectionId,
        objects: Arc<[FeatureId]>,
        /// Where they were and are, in WGS 84 degrees; `None` for anywhere.
        places: Option<Arc<[Bbox]>>,
    },
    /// A geofence's condition came true.
    Fence(Arc<FenceEvent>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityChange {
    Created,
    Changed,
    Deleted,
}

/// What a geofence has to say.
#[derive(Debug, Clone, PartialEq)]
pub struct FenceEvent {
    pub geofence: EntityId,
    pub name: String,
    /// `enter`, `exit`, `above`, `below` or `silent`.
    pub condition: &'static str,
    pub thing: EntityId,
    pub datastream: Option<EntityId>,
    /// The object that is the fence; `None` for a polygon.
    pub object: Option<(CollectionId, FeatureId)>,
    pub value: Option<f64>,
    /// The phenomenon time of what made it true.
    pub time: OffsetDateTime,
}

/// Events between the number and the oldest that is kept are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the events after {0} are no longer kept")]
pub struct Overrun(pub u64);

impl Ring {
    pub fn new(run: u64) -> Self {
        Self {
            kept: RwLock::default(),
            pushing: Mutex::default(),
            newest: watch::Sender::new(0),
            run,
        }
    }

    /// The number of the newest event; 0 before the first.
    pub fn newest(&self) -> u64 {
        *self.newest.borrow()
    }

    /// Tells the newest number as it grows.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    /// At most so many events after a number, oldest first.
    pub fn after(&self, sequence: u64, limit: usize) -> Result<Vec<Arc<Event>>, Overrun> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let Some((_, oldest)) = kept.events.front() else { return Ok(Vec::new()) };
        if sequence.saturating_add(1) < oldest.sequence {
            return Err(Overrun(sequence));
        }
        let from = (sequence.saturating_add(1) - oldest.sequence) as usize;
        let from = from.min(kept.events.len());
        Ok(kept.events.range(from..).take(limit).map(|(_, event)| Arc::clone(event)).collect())
    }

    /// Numbers the happenings and keeps them; the oldest make room.
    pub fn push(&self, happenings: impl IntoIterator<Item = Happening>) {
        let at = OffsetDateTime::now_utc();
        let mut sequence = self.pushing.lock().unwrap_or_else(PoisonError::into_inner);
        let events = happenings.into_iter().map(|happening| {
            *sequence += 1;
            (weight(&happening), Arc::new(Event { sequence: *sequence, at, happening }))
        });
        let events: Vec<_> = events.collect();
        self.kept.write().unwrap_or_else(PoisonError::into_inner).append(events);
        self.newest.send_if_modified(|newest| std::mem::replace(newest, *sequence) != *sequence);
    }
}

impl Kept {
    fn append(&mut self, events: Vec<(usize, Arc<Event>)>) {
        self.bytes += events.iter().map(|(bytes, _)| bytes).sum::<usize>();
        self.events.extend(events);
        // The newest stays whatever it takes.
        while self.events.len() > EVENTS_KEPT
            || (self.bytes > EVENTS_BYTES_MAX && self.events.len() > 1)
        {
            let Some((bytes, _)) = self.events.pop_front() else { return };
            self.bytes -= bytes;
        }
    }
}

fn weight(happening: &Happening) -> usize {
    let more = match happening {
        Happening::Observed(it) => {
            free_bytes(&it.result, it.quality.as_ref(), it.parameters.as_ref())
        }
        Happening::Objects { objects, places, .. } => {
            size_of_val(&**objects) + places.as_deref().map_or(0, size_of_val)
        }
        Happening::Entity { .. } | Happening::Rewritten(_) | Happening::Fence(_) => 0,
    };
    EVENT_BYTES + more
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happening(id: u64) -> Happening {
        let change = EntityChange::Created;
        Happening::Entity { kind: EntityKind::Thing, id: EntityId(id), change }
    }

    #[test]
    fn a_reader_that_comes_back_gets_each_event_once() {
        let ring = Ring::new(7);
        ring.push((1..=3).map(happening));
        let first: Vec<_> = ring.after(0, 2).unwrap().iter().map(|event| event.sequence).collect();
        ring.push([happening(4)]);
        let rest: Vec<_> = ring.after(2, 9).unwrap().iter().map(|event| event.sequence).collect();
        assert_eq!((first, rest), (vec![1, 2], vec![3, 4]));
    }

    #[test]
    fn events_that_say_much_are_kept_for_a_shorter_time() {
        let ring = Ring::new(7);
        let objects: Arc<[FeatureId]> = vec![FeatureId(1); 1_000_000].into();
        let collection: CollectionId = "trees".parse().unwrap();
        for _ in 0..20 {
            let (collection, objects) = (collection.clone(), Arc::clone(&objects));
            ring.push([Happening::Objects { collection, objects, places: None }]);
        }
        assert_eq!(ring.after(0, 1), Err(Overrun(0)));
        assert_eq!(ring.after(12, 100).unwrap().len(), 8, "8 MB each");
    }

    #[test]
    fn a_number_that_is_still_to_come_has_nothing_after_it() {
        let ring = Ring::new(7);
        ring.push([happening(1)]);
        assert_eq!(ring.after(u64::MAX, 1), Ok(Vec::new()));
    }

    #[test]
    fn a_reader_that_was_away_too_long_is_told() {
        let ring = Ring::new(7);
        ring.push((0..=EVENTS_KEPT as u64).map(happening));
        assert_eq!(ring.after(0, 1), Err(Overrun(0)));
        assert_eq!(ring.after(1, 1).unwrap()[0].sequence, 2);
    }
}
