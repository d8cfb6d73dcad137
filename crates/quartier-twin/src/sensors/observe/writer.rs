use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Weak},
    time::Duration,
};

use quartier_model::EntityId;
use quartier_store::{Appended, SensorBatch, Store};
use time::OffsetDateTime;
use tokio::{sync::mpsc::UnboundedReceiver, time::Instant};

use super::{GROUP_ROWS_MAX, Patience, group::Group, queue::Waiting};
use crate::{
    Error, Result,
    sensors::{Sensors, Source, Summaries, Tally, commit::Writing},
};

/// The first pause before a store that was away is tried again; each is twice as long as the one before.
const PAUSE_MIN: Duration = Duration::from_millis(50);

/// The longest pause: how late a store that is back is noticed.
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// How often a transaction is begun at most while several devices send and nobody else waits: one of twenty readings
/// costs hardly more than one of two, and what it spares is there for those who read.
const DEVICES_EVERY: Duration = Duration::from_millis(20);

/// Writes what waits, group after group, for as long as somebody holds the sensors.
pub(in crate::sensors) async fn write_groups(
    sensors: Weak<Sensors>,
    mut queue: UnboundedReceiver<Waiting>,
) {
    let mut backlog = VecDeque::new();
    let mut pause = PAUSE_MIN;
    let mut not_before = Instant::now();
    loop {
        if backlog.is_empty() {
            let Some(first) = queue.recv().await else { return };
            backlog.push_back(first);
        }
        wait_for_more(&mut queue, &mut backlog, not_before).await;
        let group = next_group(&mut backlog);
        // Who sends one after the other waits for each: for them nothing is put off.
        not_before = Instant::now() + if group.len() > 1 { DEVICES_EVERY } else { Duration::ZERO };
        let Some(held) = sensors.upgrade() else { return };
        let store = Arc::clone(&held.store);
        // On a task of its own: should it panic, its callers are told, and the next group is written.
        let unwritten = tokio::spawn(async move { held.write_group(group).await }).await;
        let unwritten = unwritten.unwrap_or_default();
        if unwritten.is_empty() {
            pause = PAUSE_MIN;
            continue;
        }
        unwritten.into_iter().rev().for_each(|caller| backlog.push_front(caller));
        if !wait_for_store(&*store, &mut queue, &mut backlog, &mut pause).await {
            return;
        }
    }
}

/// Takes in who comes, until it is time for the next transaction or there is a reason not to wait.
async fn wait_for_more(
    queue: &mut UnboundedReceiver<Waiting>,
    backlog: &mut VecDeque<Waiting>,
    until: Instant,
) {
    let time = tokio::time::sleep_until(until);
    tokio::pin!(time);
    loop {
        while let Ok(next) = queue.try_recv() {
            backlog.push_back(next);
        }
        let rows: usize = backlog.iter().map(|caller| caller.rows.len()).sum();
        if rows >= GROUP_ROWS_MAX || backlog.iter().any(|it| it.patience == Patience::Refuse) {
            return;
        }
        tokio::select! {
            () = &mut time => return,
            next = queue.recv() => match next {
                Some(next) => backlog.push_back(next),
                None => return,
            }
        }
    }
}

/// The callers at the front, up to what one transaction takes.
fn next_group(backlog: &mut VecDeque<Waiting>) -> Vec<Waiting> {
    let mut rows = 0;
    let count = backlog.iter().take_while(|caller| {
        rows += caller.rows.len();
        rows <= GROUP_ROWS_MAX
    });
    let count = count.count().max(1);
    backlog.drain(..count).collect()
}

/// Waits until the store answers again. Callers that do not wait for that are told at once. False when everybody has
/// gone meanwhile.
async fn wait_for_store(
    store: &dyn Store,
    queue: &mut UnboundedReceiver<Waiting>,
    backlog: &mut VecDeque<Waiting>,
    pause: &mut Duration,
) -> bool {
    let (patient, impatient): (Vec<_>, Vec<_>) =
        backlog.drain(..).partition(|caller| caller.patience == Patience::Wait);
    for caller in impatient {
        caller.answer(Err(Error::Away));
    }
    backlog.extend(patient);
    let back = until_back(store, pause);
    tokio::pin!(back);
    loop {
        tokio::select! {
            () = &mut back => return true,
            next = queue.recv() => match next {
                None => return false,
                Some(caller) if caller.patience == Patience::Wait => backlog.push_back(caller),
                Some(caller) => caller.answer(Err(Error::Away)),
            }
        }
    }
}

async fn until_back(store: &dyn Store, pause: &mut Duration) {
    loop {
        tokio::time::sleep(*pause).await;
        *pause = (*pause * 2).min(PAUSE_MAX);
        if store.ping().await.is_ok() {
            return;
        }
    }
}

impl Sensors {
    /// Writes a group and answers its callers, but for those that wait for the store: they are given back.
    async fn write_group(&self, callers: Vec<Waiting>) -> Vec<Waiting> {
        let mut writing = match self.begin().await {
            Ok(writing) => writing,
            Err(error) => return turn_away(callers, error),
        };
        match self.write_together(&mut writing, callers).await {
            Ok(()) => Vec::new(),
            Err((callers, error)) if error.is_temporary() || callers.len() == 1 => {
                turn_away(callers, error)
            }
            Err((callers, _)) => self.write_one_by_one(&mut writing, callers).await,
        }
    }

    /// After one caller's fault has undone the group: each for itself.
    async fn write_one_by_one(&self, writing: &mut Writing, callers: Vec<Waiting>) -> Vec<Waiting> {
        let mut callers = callers.into_iter();
        while let Some(caller) = callers.next() {
            let Err((mut alone, error)) = self.write_together(writing, vec![caller]).await else {
                continue;
            };
            if error.is_temporary() {
                alone.extend(callers);
                return turn_away(alone, error);
            }
            turn_away(alone, error);
        }
        Vec::new()
    }

    /// In one transaction, or none of it.
    async fn write_together(
        &self,
        writing: &mut Writing,
        callers: Vec<Waiting>,
    ) -> Result<(), (Vec<Waiting>, Error)> {
        let Some(catalogue) = self.catalogue() else { return Err((callers, Error::Loading)) };
        let (group, batch) = Group::gather(callers, &catalogue, &mut writing.numbers);
        if group.len() == 0 {
            return Ok(());
        }
        let receipt = match self.write(writing, &batch).await {
            Ok(receipt) => receipt,
            Err(error) => return Err((group.take_apart(batch), error)),
        };
        self.count(&group, &batch, &receipt.observations);
        let appended = receipt.observations.clone();
        self.show(batch, receipt).await;
        group.answer(&appended);
        Ok(())
    }

    fn count(&self, group: &Group, batch: &SensorBatch, appended: &[Appended]) {
        self.counters.committed(appended.len());
        let is_late = late(&self.summaries(), batch, appended);
        let mut rows = appended.iter().zip(is_late);
        let mut tallies: HashMap<&Source, Tally> = HashMap::new();
        let now = OffsetDateTime::now_utc();
        for (caller, length) in group.callers() {
            let tally = tallies.entry(&caller.source).or_default();
            tally.last = Some(now);
            for (row, is_late) in rows.by_ref().take(length) {
                tally.accepted += u64::from(row.is_new);
                tally.duplicate += u64::from(!row.is_new);
                tally.late += u64::from(row.is_new && is_late);
            }
        }
        for (source, tally) in tallies {
            self.counters.of(source).add(&tally);
        }
    }
}

/// Whether each observation is older than one that was there or came before it.
fn late(before: &Summaries, batch: &SensorBatch, appended: &[Appended]) -> Vec<bool> {
    let mut newest: HashMap<EntityId, OffsetDateTime> = HashMap::new();
    let rows = batch.observations.iter().zip(appended);
    let ends = rows.map(|(row, _)| (row.datastream, row.phenomenon_time.end()));
    let is_late = ends.map(|(datastream, end)| {
        let known = newest.get(&datastream).copied().or_else(|| {
            let latest = before.get(&datastream)?.latest.as_ref()?;
            Some(latest.phenomenon_time.end())
        });
        newest.insert(datastream, known.map_or(end, |known| known.max(end)));
        known.is_some_and(|known| end < known)
    });
    is_late.collect()
}

/// Answers those who cannot be helped by waiting, and gives back the others.
fn turn_away(callers: Vec<Waiting>, error: Error) -> Vec<Waiting> {
    let can_wait = error.is_temporary();
    let mut first = Some(error);
    let (patient, others): (Vec<_>, Vec<_>) =
        callers.into_iter().partition(|caller| can_wait && caller.patience == Patience::Wait);
    for caller in others {
        caller.answer(Err(first.take().unwrap_or(Error::Away)));
    }
    patient
}
