use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    client::Client,
    error::{ApiError, Result},
};

/// Tiles that may wait for their turn, for each client: a page of a large screen asks for a hundred, and an office
/// behind one address has several.
const WAITING_MAX: usize = 512;

/// Who may draw. Each client has a line of its own, and few of its tiles are drawn at once: whoever asks for thousands
/// stands before nobody else.
#[derive(Debug)]
pub(crate) struct Turns {
    lines: Mutex<HashMap<Client, Arc<Line>>>,
    at_once: usize,
}

#[derive(Debug)]
struct Line {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// The right to have a tile drawn, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    turns: Arc<Turns>,
    client: Client,
    place: Option<OwnedSemaphorePermit>,
}

impl Turns {
    pub(crate) fn new(at_once: usize) -> Self {
        Self { lines: Mutex::default(), at_once }
    }

    pub(super) async fn turn(self: &Arc<Self>, client: Client) -> Result<Turn> {
        let line = self.line(client);
        let mut turn = Turn { turns: Arc::clone(self), client, place: None };
        let waiting = Waiting::enter(&line);
        if waiting.0.waiting.load(Ordering::Relaxed) > WAITING_MAX {
            return Err(ApiError::Later(format!(
                "more than {WAITING_MAX} tiles wait for you already; ask again when some have come"
            )));
        }
        let place = Arc::clone(&line.places).acquire_owned().await;
        turn.place = Some(place.map_err(ApiError::internal)?);
        Ok(turn)
    }

    fn line(&self, client: Client) -> Arc<Line> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.entry(client).or_insert_with(|| {
            let places = Arc::new(Semaphore::new(self.at_once));
            Arc::new(Line { places, waiting: AtomicUsize::new(0) })
        });
        Arc::clone(line)
    }
}

struct Waiting<'a>(&'a Line);

impl<'a> Waiting<'a> {
    fn enter(line: &'a Line) -> Self {
        line.waiting.fetch_add(1, Ordering::Relaxed);
        Self(line)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Turn {
    /// The last one takes the line with it.
    fn drop(&mut self) {
        drop(self.place.take());
        let mut lines = self.turns.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let is_empty = lines.get(&self.client).is_some_and(|line| {
            Arc::strong_count(line) == 1 && line.places.available_permits() == self.turns.at_once
        });
        if is_empty {
            lines.remove(&self.client);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use futures_util::FutureExt as _;

    use super::*;

    fn client(number: u8) -> Client {
        Client::Address(IpAddr::V4(Ipv4Addr::new(192, 0, 2, number)))
    }

    #[tokio::test]
    async fn one_who_asks_for_much_stands_before_nobody_else() {
        let turns = Arc::new(Turns::new(2));
        let greedy = [turns.turn(client(1)).await.unwrap(), turns.turn(client(1)).await.unwrap()];
        let mut next = Box::pin(turns.turn(client(1)));
        assert!((&mut next).now_or_never().is_none(), "the third waits");
        let other = turns.turn(client(2)).now_or_never();
        assert!(other.is_some_and(|turn| turn.is_ok()), "another client does not");
        drop(greedy);
        next.await.unwrap();
        assert!(turns.lines.lock().unwrap().is_empty(), "lines end with their last turn");
    }

    #[tokio::test]
    async fn nobody_waits_with_too_many() {
        let turns = Arc::new(Turns::new(1));
        let _first = turns.turn(client(1)).await.unwrap();
        let mut waiting: Vec<_> =
            (0..WAITING_MAX).map(|_| Box::pin(turns.turn(client(1)))).collect();
        for turn in &mut waiting {
            assert!(turn.now_or_never().is_none());
        }
        assert!(turns.turn(client(1)).await.is_err());
        assert!(turns.turn(client(2)).await.is_ok());
    }
}
