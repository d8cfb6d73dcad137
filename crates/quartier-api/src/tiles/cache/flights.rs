use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;

/// Work that several wait for and one does. It goes on when all have left, and whoever does it may fail: the others
/// are told, and nobody waits for ever.
#[derive(Debug)]
pub(in crate::tiles) struct Flights<T> {
    open: Mutex<HashMap<u128, watch::Receiver<Option<T>>>>,
}

/// The right to do the work, which ends with the value.
#[derive(Debug)]
pub(in crate::tiles) struct Lead<T> {
    flights: Arc<Flights<T>>,
    key: u128,
    told: watch::Sender<Option<T>>,
}

#[derive(Debug)]
pub(in crate::tiles) struct Follow<T>(watch::Receiver<Option<T>>);

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self { open: Mutex::default() }
    }
}

impl<T: Clone> Flights<T> {
    /// The right to do it, where nobody does yet; and what comes of it.
    pub(in crate::tiles) fn board(self: &Arc<Self>, key: u128) -> (Option<Lead<T>>, Follow<T>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = open.get(&key) {
            return (None, Follow(known.clone()));
        }
        let (told, follow) = watch::channel(None);
        open.insert(key, follow.clone());
        (Some(Lead { flights: Arc::clone(self), key, told }), Follow(follow))
    }
}

impl<T> Lead<T> {
    pub(in crate::tiles) fn land(self, result: T) {
        self.told.send_replace(Some(result));
    }
}

impl<T> Drop for Lead<T> {
    fn drop(&mut self) {
        self.flights.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

impl<T: Clone> Follow<T> {
    /// `None` where whoever did the work broke off.
    pub(in crate::tiles) async fn landed(mut self) -> Option<T> {
        self.0.wait_for(Option::is_some).await.ok()?.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(flights: &Arc<Flights<u32>>) -> (Lead<u32>, Follow<u32>) {
        let (lead, follow) = flights.board(1);
        (lead.expect("nobody leads"), follow)
    }

    fn follow(flights: &Arc<Flights<u32>>) -> Follow<u32> {
        let (lead, follow) = flights.board(1);
        assert!(lead.is_none(), "somebody leads already");
        follow
    }

    #[tokio::test]
    async fn all_who_wait_get_what_one_has_done() {
        let flights = Arc::default();
        let (lead_of_all, own) = lead(&flights);
        let others: Vec<_> = (0..100).map(|_| follow(&flights)).collect();
        lead_of_all.land(7);
        for waiting in others.into_iter().chain([own]) {
            assert_eq!(waiting.landed().await, Some(7));
        }
        lead(&flights);
    }

    #[tokio::test]
    async fn nobody_waits_for_one_who_broke_off() {
        let flights = Arc::default();
        let (lead_of_all, own) = lead(&flights);
        let other = follow(&flights);
        drop(own);
        drop(lead_of_all);
        assert_eq!(other.landed().await, None);
        lead(&flights);
    }
}
