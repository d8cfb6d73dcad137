use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use quartier_model::EntityId;

use super::{
    marker::HELD_MAX,
    row::{Channel, Row},
};

/// Datastreams whose numbers follow one another often speak together: their places stand together too. What hundreds
/// of clients look up for thousands of channels waits for the memory and for little else.
const PLACES: u64 = 32;

/// Readings that wait until their channel may speak again: the last of each, so that it is bounded by their number.
#[derive(Debug)]
pub(super) struct Outbox {
    /// Between two readings of one channel.
    every: Duration,
    waiting: Vec<Waiting>,
    /// By the channel's place in its datastream, and the datastream's number by [`PLACES`].
    places: HashMap<(u16, u64), [Place; PLACES as usize]>,
    /// When places were last given back.
    tidied: Option<Instant>,
    next_due: Option<Instant>,
}

#[derive(Debug)]
struct Waiting {
    sequence: u64,
    row: Arc<Row>,
}

/// What is known of a channel.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    spoke: Option<Instant>,
    /// Where its reading waits, from 1; 0 where none does.
    waiting: u32,
}

impl Outbox {
    pub(super) fn new(every: Duration) -> Self {
        let (waiting, places) = (Vec::new(), HashMap::new());
        Self { every, waiting, places, tidied: None, next_due: None }
    }

    /// The last one of a channel stands for those before it.
    pub(super) fn put(&mut self, sequence: u64, row: Arc<Row>) {
        let next = self.waiting.len();
        let place = place(&mut self.places, row.channel);
        let waiting = Waiting { sequence, row };
        if let Some(at) = place.waiting.checked_sub(1) {
            self.waiting[at as usize] = waiting;
        } else {
            place.waiting = next as u32 + 1;
            self.waiting.push(waiting);
        }
    }

    /// What may be sent now, with its numbers, in the order in which it happened.
    pub(super) fn due(&mut self, now: Instant) -> Vec<(u64, Arc<Row>)> {
        let (every, places) = (self.every, &mut self.places);
        let may_speak = |spoke: Option<Instant>| spoke.is_none_or(|spoke| spoke + every <= now);
        let (mut due, mut held): (Vec<Waiting>, Vec<Waiting>) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|it| may_speak(place(places, it.row.channel).spoke));
        if held.len() > HELD_MAX {
            due.append(&mut held);
        }
        due.sort_by_key(|it| it.sequence);
        for it in &due {
            *place(places, it.row.channel) = Place { spoke: Some(now), waiting: 0 };
        }
        let mut first: Option<Instant> = None;
        for (it, number) in held.iter().zip(1..) {
            let place = place(places, it.row.channel);
            place.waiting = number;
            first = first.into_iter().chain(place.spoke).min();
        }
        self.next_due = first.map(|first| first + every);
        self.waiting = held;
        self.tidy_up(now);
        due.into_iter().map(|it| (it.sequence, it.row)).collect()
    }

    /// Now and then gives back the places of those who have been silent.
    fn tidy_up(&mut self, now: Instant) {
        let since = *self.tidied.get_or_insert(now);
        if now.duration_since(since) < self.every {
            return;
        }
        let is_needed =
            |it: &Place| it.waiting > 0 || it.spoke.is_some_and(|spoke| spoke + self.every > now);
        self.places.retain(|_, places| places.iter().any(is_needed));
        self.tidied = Some(now);
    }

    /// When something that waits may be sent, at the earliest.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.next_due
    }

    /// The numbers of what waits, in ascending order.
    pub(super) fn held(&self) -> Vec<u64> {
        let mut held: Vec<u64> = self.waiting.iter().map(|it| it.sequence).collect();
        held.sort_unstable();
        held
    }
}

fn place(
    places: &mut HashMap<(u16, u64), [Place; PLACES as usize]>,
    (EntityId(datastream), channel): Channel,
) -> &mut Place {
    let places = places.entry((channel, datastream / PLACES)).or_default();
    &mut places[(datastream % PLACES) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use quartier_model::EntityId;

    const QUARTER_SECOND: Duration = Duration::from_millis(250);

    fn row(datastream: u64, text: &str) -> Arc<Row> {
        Arc::new(Row::bare((EntityId(datastream), 0), text))
    }

    fn texts(rows: &[(u64, Arc<Row>)]) -> Vec<&str> {
        rows.iter().map(|(_, row)| row.head.as_ref()).collect()
    }

    #[test]
    fn the_first_reading_goes_at_once_and_the_last_of_many_a_little_later() {
        let (mut outbox, start) = (Outbox::new(QUARTER_SECOND), Instant::now());
        outbox.put(1, row(7, "a"));
        assert_eq!(texts(&outbox.due(start)), ["a"]);
        outbox.put(2, row(7, "b"));
        outbox.put(3, row(8, "other"));
        outbox.put(4, row(7, "c"));
        assert_eq!(texts(&outbox.due(start + QUARTER_SECOND / 2)), ["other"]);
        assert_eq!(outbox.held(), [4]);
        assert_eq!(outbox.next_due(), Some(start + QUARTER_SECOND));
        assert_eq!(texts(&outbox.due(start + QUARTER_SECOND)), ["c"]);
        assert_eq!(outbox.held(), Vec::<u64>::new());
    }

    #[test]
    fn what_cannot_be_held_is_sent_early() {
        let (mut outbox, start) = (Outbox::new(QUARTER_SECOND), Instant::now());
        let all = HELD_MAX as u64 + 1;
        (0..all).for_each(|number| outbox.put(number + 1, row(number, "a")));
        outbox.due(start);
        (0..all).for_each(|number| outbox.put(all + number + 1, row(number, "b")));
        assert_eq!(outbox.due(start + QUARTER_SECOND / 2).len(), all as usize);
    }

    #[test]
    fn nothing_is_kept_of_those_who_spoke_long_ago() {
        let (mut outbox, start) = (Outbox::new(QUARTER_SECOND), Instant::now());
        outbox.put(1, row(7, "a"));
        outbox.due(start);
        assert_eq!(outbox.places.len(), 1);
        outbox.due(start + QUARTER_SECOND);
        assert!(outbox.places.is_empty());
    }
}
