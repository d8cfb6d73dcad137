use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    task::Waker,
};

use futures_util::task::AtomicWaker;
use mqtt_protocol_core::mqtt::result_code::DisconnectReasonCode;
use tokio::sync::Notify;

use super::{Counters, Limits, Qos, counters::count, delivery::Delivery};

/// What waits for one client, and the word that its connection has to end. Lives as long as the session.
pub(super) struct Outbox {
    /// Orders subscribers; no two sessions have the same.
    pub(super) key: u64,
    state: Mutex<State>,
    waker: AtomicWaker,
    /// Told when the connection has let go of the session.
    pub(super) released: Notify,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Delivery>,
    bytes: usize,
    awake: bool,
    end: Option<DisconnectReasonCode>,
}

impl Outbox {
    pub(super) fn new(key: u64) -> Self {
        Self { key, state: Mutex::default(), waker: AtomicWaker::new(), released: Notify::new() }
    }

    /// Puts a message to the others, within the limits. Never waits.
    pub(super) fn push(&self, delivery: Delivery, limits: &Limits, counters: &Counters) {
        let mut state = self.state();
        let size = delivery.size();
        let (messages, bytes) = if state.awake {
            (limits.waiting_messages, limits.waiting_bytes)
        } else {
            (limits.sleeping_messages, limits.sleeping_bytes)
        };
        let full = state.waiting.len() >= messages || state.bytes + size > bytes;
        match (delivery.qos > Qos::AtMostOnce, state.awake) {
            (false, false) => return,
            (true, true) if full => {
                count(&counters.dropped);
                if state.end.replace(DisconnectReasonCode::QuotaExceeded).is_none() {
                    count(&counters.slow);
                }
            }
            _ if full => return count(&counters.dropped),
            _ => {
                state.bytes += size;
                state.waiting.push_back(delivery);
            }
        }
        drop(state);
        self.waker.wake();
    }

    pub(super) fn pop(&self) -> Option<Delivery> {
        let mut state = self.state();
        let delivery = state.waiting.pop_front()?;
        state.bytes -= delivery.size();
        if state.waiting.is_empty() {
            state.waiting = VecDeque::new();
        }
        Some(delivery)
    }

    /// Tells the connection to end. The first reason stays.
    pub(super) fn end(&self, reason: DisconnectReasonCode) {
        self.state().end.get_or_insert(reason);
        self.waker.wake();
    }

    pub(super) fn ended(&self) -> Option<DisconnectReasonCode> {
        self.state().end
    }

    pub(super) fn watch(&self, waker: &Waker) {
        self.waker.register(waker);
    }

    /// A connection has come.
    pub(super) fn awake(&self) {
        let mut state = self.state();
        state.awake = true;
        state.end = None;
    }

    /// The connection has gone: what may be lost is.
    pub(super) fn asleep(&self) {
        let mut state = self.state();
        state.awake = false;
        state.waiting.retain(|delivery| delivery.qos > Qos::AtMostOnce);
        state.bytes = state.waiting.iter().map(Delivery::size).sum();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
