use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

use super::{TopicFilter, delivery::Delivery, outbox::Outbox};

/// What server and client know of each other beyond one connection.
pub(super) struct Session {
    pub(super) outbox: Arc<Outbox>,
    pub(super) subscriptions: HashSet<TopicFilter>,
    /// Publishes of `QoS` 2 from the client that are safe and not yet released by it.
    pub(super) received: HashSet<u16>,
    /// Messages to the client that it has not acknowledged, in the order in which they were sent first.
    pub(super) sent: VecDeque<Sent>,
    last_id: u16,
}

pub(super) struct Sent {
    pub(super) id: u16,
    pub(super) stage: Stage,
}

pub(super) enum Stage {
    /// Waits for PUBACK or PUBREC.
    Published(Delivery),
    /// Waits for PUBCOMP.
    Released,
}

impl Session {
    pub(super) fn new(key: u64) -> Self {
        Self {
            outbox: Arc::new(Outbox::new(key)),
            subscriptions: HashSet::new(),
            received: HashSet::new(),
            sent: VecDeque::new(),
            last_id: 0,
        }
    }

    /// A number that no message on its way has. There is always one: those on their way are bounded far below.
    pub(super) fn free_id(&mut self) -> u16 {
        loop {
            self.last_id = self.last_id.checked_add(1).unwrap_or(1);
            if self.sent.iter().all(|sent| sent.id != self.last_id) {
                return self.last_id;
            }
        }
    }

    /// The client has the message for good; tells where in the order it stood.
    pub(super) fn settle(&mut self, id: u16) -> Option<usize> {
        let at = self.sent.iter().position(|sent| sent.id == id)?;
        self.sent.remove(at);
        Some(at)
    }

    /// The client has the message and will forget its number when told to.
    pub(super) fn release(&mut self, id: u16) {
        if let Some(sent) = self.sent.iter_mut().find(|sent| sent.id == id) {
            sent.stage = Stage::Released;
        }
    }
}
