use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use super::Encoding;
use crate::client::Client;

/// Tiles of one client that are remembered, some 400 kB: small ones, or ones that have long made room for others'.
const KEYS_MAX: usize = 8_192;

type Key = (u128, Encoding);

/// What each client has in a memory that all share: none has more than its part, and for what it adds beyond, its
/// own oldest makes room.
#[derive(Debug)]
pub(super) struct Shares {
    each_max: u64,
    clients: Mutex<HashMap<Client, Share>>,
}

#[derive(Debug, Default)]
struct Share {
    bytes: u64,
    oldest_first: VecDeque<Key>,
}

/// Bytes that are a client's for as long as the value lives.
#[derive(Debug)]
pub(super) struct Owned {
    shares: Arc<Shares>,
    client: Client,
    bytes: u64,
}

impl Shares {
    pub(super) fn new(each_max: u64) -> Self {
        Self { each_max, clients: Mutex::default() }
    }

    /// Tells what is to be given up for it: in the client's name, oldest first.
    pub(super) fn take(
        self: &Arc<Self>,
        client: Client,
        key: Key,
        bytes: u64,
    ) -> (Owned, Vec<Key>) {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let share = clients.entry(client).or_default();
        share.bytes += bytes;
        share.oldest_first.push_back(key);
        let mut spent = Vec::new();
        if share.bytes > self.each_max || share.oldest_first.len() > KEYS_MAX {
            // An eighth at a time: what these take is known when they are gone.
            let some = share.oldest_first.len().div_ceil(8);
            spent.extend(share.oldest_first.drain(..some));
        }
        let owned = Owned { shares: Arc::clone(self), client, bytes };
        (owned, spent)
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        let mut clients = self.shares.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(share) = clients.get_mut(&self.client) else { return };
        share.bytes = share.bytes.saturating_sub(self.bytes);
        if share.bytes == 0 {
            clients.remove(&self.client);
        }
    }
}
