use std::{
    collections::VecDeque,
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::Stream;
use metrics::counter;
use quartier_model::EntityId;
use quartier_twin::sensors::Overrun;
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    task::yield_now,
    time::sleep_until,
};

use super::{face::Face, marker::Marker, outbox::Outbox, page::Page, row::Row, wishes::Wishes};
use crate::{App, error::Result};

/// Between two writes to one client: what came meanwhile goes together.
const PACE: Duration = Duration::from_millis(40);

/// A line that says nothing keeps proxies from closing the stream; most wait for a minute. Its id, which browsers keep
/// without telling anyone, brings those on whom nothing of interest happens.
const BEAT: Duration = Duration::from_secs(15);

/// Events read at once, some milliseconds' work where they are new; then it is others' turn.
const READ_MAX: usize = 512;

/// What is gathered of changed objects and geofences before it is sent.
const NEWS_BYTES: usize = 1024 * 1024;

/// What stands around an event's id and its list, at most.
const EVENT_BYTES: usize = 32;

/// How long a browser waits before it comes back.
const RETRY_MS: u64 = 2_000;

/// One client's way through the events. Nothing moves while the client does not read.
pub(super) struct Session {
    app: App,
    wishes: Wishes,
    marker: Marker,
    outbox: Outbox,
    newest: watch::Receiver<u64>,
    /// What is to be sent before anything else.
    first: VecDeque<String>,
    /// The last datastream of the snapshot that was sent, while there are more.
    shown: Option<EntityId>,
    wrote: Instant,
    looked: Instant,
    _place: OwnedSemaphorePermit,
}

impl Session {
    /// Goes on after the last event, where that is still known; else begins with a snapshot.
    pub(super) fn open(
        app: App,
        wishes: Wishes,
        last: Option<Marker>,
        place: OwnedSemaphorePermit,
    ) -> Self {
        let ring = app.twin.sensors().ring();
        let mut session = Self {
            newest: ring.watch(),
            marker: Marker { run: ring.run, sequence: ring.newest(), held: Vec::new() },
            outbox: Outbox::new(wishes.every),
            first: VecDeque::from([format!("retry: {RETRY_MS}\n\n")]),
            shown: None,
            wrote: Instant::now(),
            looked: Instant::now(),
            _place: place,
            wishes,
            app,
        };
        match last {
            None => session.begin(),
            Some(last) if !session.knows(&last) => session.begin_anew(),
            Some(last) => {
                session.marker.sequence = last.sequence;
                if session.take_back(&last.held).is_err() {
                    session.begin_anew();
                }
            }
        }
        session
    }

    pub(super) fn into_stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
        futures_util::stream::unfold(self, |mut session| async move {
            let text = session.next().await?;
            Some((Ok(Bytes::from(text)), session))
        })
    }

    /// Whether the marker is of this run, and of what has happened.
    fn knows(&self, last: &Marker) -> bool {
        last.run == self.marker.run && last.sequence <= self.marker.sequence
    }

    /// The next piece; `None` when the server stops.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(text) = self.first.pop_front() {
                return Some(text);
            }
            if let Some(after) = self.shown {
                return self.page(after).await.ok();
            }
            self.newest.mark_unchanged();
            let Ok(text) = self.events().await else {
                self.begin_anew();
                continue;
            };
            if !text.is_empty() {
                counter!("quartier_live_events_total").increment(1);
                self.wrote = Instant::now();
                return Some(text);
            }
            if self.wrote.elapsed() >= BEAT {
                self.wrote = Instant::now();
                return Some(format!(": beat\nid: {}\n\n", self.marker));
            }
            self.wait().await?;
        }
    }

    /// Until there may be something to send; `None` when the server stops.
    async fn wait(&mut self) -> Option<()> {
        let beat = self.wrote + BEAT;
        let due = self.outbox.next_due().map_or(beat, |due| due.min(beat));
        tokio::select! {
            () = self.app.stopping.cancelled() => return None,
            () = sleep_until(due.into()) => {}
            changed = self.newest.changed() => changed.ok()?,
        }
        sleep_until((self.looked + PACE).into()).await;
        Some(())
    }

    /// What happened, as far as it may be sent now; empty where nothing may.
    async fn events(&mut self) -> Result<String, Overrun> {
        let telling = Arc::clone(&self.app.telling);
        let _turn = telling.acquire().await.expect("nobody closes it");
        let twin = Arc::clone(&self.app.twin);
        twin.snapshot().into_iter().for_each(|snapshot| self.wishes.look(snapshot));
        self.looked = Instant::now();
        let mut news = News::default();
        while news.bytes < NEWS_BYTES {
            let events = twin.sensors().ring().after(self.marker.sequence, READ_MAX)?;
            let Some(last) = events.last() else { break };
            self.marker.sequence = last.sequence;
            let faces = self.app.faces.of(&events, twin.sensors());
            for (face, event) in faces.iter().zip(&events).filter(|(it, _)| self.wishes.wants(it)) {
                news.take(face, event.sequence, &mut self.outbox, &self.wishes);
            }
            yield_now().await;
        }
        let due = self.outbox.due(Instant::now());
        self.marker.held = self.outbox.held();
        Ok(self.told(&news, &due))
    }

    /// Each event's id is what was told up to there. Changed objects have none of their own where more follows: they
    /// are told again to those whom the rest did not reach.
    fn told(&self, news: &News, due: &[(u64, Arc<Row>)]) -> String {
        let mut text = String::new();
        let is_last = due.is_empty() && news.fences.is_empty();
        event(&mut text, "objects", is_last.then_some(&self.marker), &news.objects.join(","));
        let before = self.marker.without(due.iter().map(|(sequence, _)| *sequence));
        event(&mut text, "fences", before.as_ref(), &news.fences.join(","));
        let list = self.list(due.iter().map(|(_, row)| row));
        event(&mut text, "readings", Some(&self.marker), &list);
        text
    }

    /// Rows with commas between.
    fn list<'a>(&self, rows: impl Iterator<Item = &'a Arc<Row>> + Clone) -> String {
        let mut text = String::with_capacity(rows.clone().map(|row| row.bytes() + 1).sum());
        for row in rows {
            if !text.is_empty() {
                text.push(',');
            }
            row.write(self.wishes.shows_object(row), &mut text);
        }
        text
    }

    /// Puts back what had been held when the client was last seen.
    fn take_back(&mut self, held: &[u64]) -> Result<(), Overrun> {
        let sensors = self.app.twin.sensors();
        // Also where nothing was held: the client may have been away for too long.
        sensors.ring().after(self.marker.sequence, 1)?;
        for &sequence in held {
            let events = sensors.ring().after(sequence.saturating_sub(1), 1)?;
            let faces = self.app.faces.of(&events, sensors);
            let rows = faces.iter().filter_map(|face| face.readings()).flatten();
            rows.for_each(|row| put(&mut self.outbox, &self.wishes, sequence, row));
        }
        Ok(())
    }

    fn begin_anew(&mut self) {
        counter!("quartier_live_resets_total").increment(1);
        self.first.push_back("event: reset\ndata: {}\n\n".to_owned());
        self.begin();
    }

    /// Everything as it is now; changes follow from here.
    fn begin(&mut self) {
        let newest = self.app.twin.sensors().ring().newest();
        self.marker = Marker { run: self.marker.run, sequence: newest, held: Vec::new() };
        self.outbox = Outbox::new(self.wishes.every);
        self.shown = Some(EntityId(0));
    }

    /// The next part of the snapshot, after a datastream.
    async fn page(&mut self, after: EntityId) -> Result<String> {
        let page = if self.wishes.wants_readings() {
            let twin = Arc::clone(&self.app.twin);
            self.app.compute(move || Page::after(after, twin.sensors())).await?
        } else {
            Page::default()
        };
        let list = self.list(page.rows.iter().filter(|row| self.wishes.wants_row(row)));
        self.shown = page.last;
        let (is_complete, marker) = (page.last.is_none(), &self.marker);
        let id = if is_complete { format!("id: {marker}\n") } else { String::new() };
        Ok(format!(
            "event: snapshot\n{id}data: {{\"readings\":[{list}],\"complete\":{is_complete}}}\n\n"
        ))
    }
}

/// What is sent as soon as it is read.
#[derive(Default)]
struct News {
    objects: Vec<String>,
    fences: Vec<String>,
    bytes: usize,
}

impl News {
    fn take(&mut self, face: &Face, sequence: u64, outbox: &mut Outbox, wishes: &Wishes) {
        match face {
            Face::Readings(rows) => rows.iter().for_each(|row| put(outbox, wishes, sequence, row)),
            Face::Objects { text, .. } => {
                self.bytes += text.len();
                self.objects.push(text.clone());
            }
            Face::Fence { text, .. } => {
                self.bytes += text.len();
                self.fences.push(text.clone());
            }
            Face::Nothing => {}
        }
    }
}

/// Appends an event with a list of what happened, if anything did.
fn event(text: &mut String, name: &str, id: Option<&Marker>, list: &str) {
    if list.is_empty() {
        return;
    }
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    text.reserve_exact(list.len() + id.len() + EVENT_BYTES);
    text.extend(["event: ", name, "\n", &id, "data: [", list, "]\n\n"]);
}

fn put(outbox: &mut Outbox, wishes: &Wishes, sequence: u64, row: &Arc<Row>) {
    if wishes.wants_row(row) {
        outbox.put(sequence, Arc::clone(row));
    }
}
