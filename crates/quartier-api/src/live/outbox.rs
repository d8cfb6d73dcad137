use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    marker::HELD_MAX,
    row::{Channel, Row},
};

/// Readings that wait until their channel may speak again: the last of each, so that it is bounded by their number.
#[derive(Debug)]
pub(super) struct Outbox {
    /// Between two readings of one channel.
    every: Duration,
    waiting: HashMap<Channel, (u64, Arc<Row>)>,
    spoke: HashMap<Channel, Instant>,
    /// The same, oldest first.
    order: VecDeque<(Instant, Channel)>,
}

impl Outbox {
    pub(super) fn new(every: Duration) -> Self {
        Self { every, waiting: HashMap::new(), spoke: HashMap::new(), order: VecDeque::new() }
    }

    /// The last one of a channel stands for those before it.
    pub(super) fn put(&mut self, sequence: u64, row: Arc<Row>) {
        self.waiting.insert(row.channel, (sequence, row));
    }

    /// What may be sent now, in the order in which it happened.
    pub(super) fn due(&mut self, now: Instant) -> Vec<Arc<Row>> {
        self.forget(now);
        let is_full = self.waiting.len() > HELD_MAX + self.waiting_due();
        let mut due: Vec<(u64, Arc<Row>)> = self
            .waiting
            .extract_if(|channel, _| is_full || !self.spoke.contains_key(channel))
            .map(|(_, waited)| waited)
            .collect();
        due.sort_unstable_by_key(|(sequence, _)| *sequence);
        for (_, row) in &due {
            self.spoke.insert(row.channel, now);
            self.order.push_back((now, row.channel));
        }
        due.into_iter().map(|(_, row)| row).collect()
    }

    fn waiting_due(&self) -> usize {
        self.waiting.keys().filter(|channel| !self.spoke.contains_key(channel)).count()
    }

    /// Channels whose time is over may speak again.
    fn forget(&mut self, now: Instant) {
        while let Some(&(at, channel)) = self.order.front() {
            if now.duration_since(at) < self.every {
                return;
            }
            self.order.pop_front();
            if self.spoke.get(&channel) == Some(&at) {
                self.spoke.remove(&channel);
            }
        }
    }

    /// When something that waits may be sent, at the earliest.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let first = self.order.front().filter(|_| !self.waiting.is_empty())?;
        Some(first.0 + self.every)
    }

    /// The numbers of what waits, in ascending order.
    pub(super) fn held(&self) -> Vec<u64> {
        let mut held: Vec<u64> = self.waiting.values().map(|(sequence, _)| *sequence).collect();
        held.sort_unstable();
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quartier_model::EntityId;

    const QUARTER_SECOND: Duration = Duration::from_millis(250);

    fn row(datastream: u64, text: &str) -> Arc<Row> {
        Arc::new(Row::bare((EntityId(datastream), 0), text))
    }

    fn texts(rows: &[Arc<Row>]) -> Vec<&str> {
        rows.iter().map(|row| row.head.as_ref()).collect()
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
        outbox.due(start + QUARTER_SECOND);
        assert!(outbox.spoke.is_empty() && outbox.order.is_empty());
    }
}
