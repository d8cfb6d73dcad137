use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use super::{TopicFilter, codec::Options, delivery::Delivery, delivery::Parcel, outbox::Outbox};

/// Who gets what: a tree with a level of a filter on each step, so that a topic is matched in as many steps as it has
/// levels (for each wildcard on the way a second path).
#[derive(Default)]
pub(super) struct Subscribers {
    tree: RwLock<Tree>,
    version: AtomicU64,
}

#[derive(Default)]
struct Tree {
    root: Node,
    /// How many subscribers each filter has.
    filters: HashMap<TopicFilter, usize>,
    total: usize,
}

#[derive(Default)]
struct Node {
    next: HashMap<Box<str>, Node>,
    /// In the order of their keys.
    subscribers: Vec<Subscriber>,
}

struct Subscriber {
    outbox: Arc<Outbox>,
    options: Options,
}

/// The server holds as many subscriptions as it may.
pub(super) struct Full;

impl Subscribers {
    /// Adds a subscription or gives an existing one new options; tells whether it is new.
    pub(super) fn add(
        &self,
        filter: &TopicFilter,
        outbox: &Arc<Outbox>,
        options: Options,
        most: usize,
    ) -> Result<bool, Full> {
        let mut tree = self.write();
        let full = tree.total >= most;
        let node = filter
            .levels()
            .fold(&mut tree.root, |node, level| node.next.entry(level.into()).or_default());
        match node.position(outbox.key) {
            Ok(at) => {
                node.subscribers[at].options = options;
                return Ok(false);
            }
            Err(_) if full => {
                prune(&mut tree.root, &filter.levels().collect::<Vec<_>>(), outbox.key);
                return Err(Full);
            }
            Err(at) => {
                node.subscribers.insert(at, Subscriber { outbox: Arc::clone(outbox), options });
            }
        }
        tree.total += 1;
        let known = tree.filters.entry(filter.clone()).or_default();
        *known += 1;
        if *known == 1 {
            self.version.fetch_add(1, Relaxed);
        }
        Ok(true)
    }

    pub(super) fn remove(&self, filter: &TopicFilter, key: u64) -> bool {
        let mut tree = self.write();
        if !prune(&mut tree.root, &filter.levels().collect::<Vec<_>>(), key) {
            return false;
        }
        tree.total -= 1;
        if let Some(known) = tree.filters.get_mut(filter) {
            *known -= 1;
            if *known == 0 {
                tree.filters.remove(filter);
                self.version.fetch_add(1, Relaxed);
            }
        }
        true
    }

    pub(super) fn any(&self, topic: &str) -> bool {
        let mut found = false;
        visit(&self.read().root, topic, &mut |_| found = true);
        found
    }

    /// Hands each subscriber of the message's topic one delivery, whatever number of its filters match.
    pub(super) fn each(&self, parcel: &Arc<Parcel>, mut deliver: impl FnMut(&Outbox, Delivery)) {
        let tree = self.read();
        let message = parcel.message();
        let mut nodes: Vec<&[Subscriber]> = Vec::new();
        visit(&tree.root, &message.topic, &mut |subscribers| nodes.push(subscribers));
        let mut matching: Vec<&Subscriber> = nodes.iter().copied().flatten().collect();
        if nodes.len() > 1 {
            matching.sort_by_key(|subscriber| subscriber.outbox.key);
        }
        for same in matching.chunk_by(|one, other| one.outbox.key == other.outbox.key) {
            let Some(qos) = same.iter().map(|subscriber| subscriber.options.qos).max() else {
                continue;
            };
            let delivery = Delivery {
                parcel: Arc::clone(parcel),
                qos: qos.min(message.qos),
                retain: message.retain
                    && same.iter().any(|subscriber| subscriber.options.retain_as_published),
                identifiers: same
                    .iter()
                    .filter_map(|subscriber| subscriber.options.identifier)
                    .collect(),
            };
            deliver(&same[0].outbox, delivery);
        }
    }

    /// All filters that have a subscriber.
    pub(super) fn filters(&self) -> Vec<TopicFilter> {
        self.read().filters.keys().cloned().collect()
    }

    /// Moves on whenever a filter gets its first subscriber or loses its last.
    pub(super) fn version(&self) -> u64 {
        self.version.load(Relaxed)
    }

    fn read(&self) -> RwLockReadGuard<'_, Tree> {
        self.tree.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Tree> {
        self.tree.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Node {
    fn position(&self, key: u64) -> Result<usize, usize> {
        self.subscribers.binary_search_by_key(&key, |subscriber| subscriber.outbox.key)
    }

    fn is_empty(&self) -> bool {
        self.next.is_empty() && self.subscribers.is_empty()
    }
}

/// Takes a subscriber out and the branches that are bare then. As deep as a filter, which is bounded.
fn prune(node: &mut Node, levels: &[&str], key: u64) -> bool {
    let Some((level, rest)) = levels.split_first() else {
        return node.position(key).map(|at| node.subscribers.remove(at)).is_ok();
    };
    let Some(next) = node.next.get_mut(*level) else { return false };
    let removed = prune(next, rest, key);
    if next.is_empty() {
        node.next.remove(*level);
    }
    removed
}

fn visit<'a>(root: &'a Node, topic: &str, found: &mut impl FnMut(&'a [Subscriber])) {
    let levels: Vec<&str> = topic.split('/').collect();
    walk(root, &levels, topic.starts_with('$'), found);
}

/// As deep as the deepest filter, which is bounded.
fn walk<'a>(node: &'a Node, levels: &[&str], own: bool, found: &mut impl FnMut(&'a [Subscriber])) {
    if !own
        && let Some(rest) = node.next.get("#")
        && !rest.subscribers.is_empty()
    {
        found(&rest.subscribers);
    }
    let Some((level, rest)) = levels.split_first() else {
        if !node.subscribers.is_empty() {
            found(&node.subscribers);
        }
        return;
    };
    if let Some(next) = node.next.get(*level) {
        walk(next, rest, false, found);
    }
    if !own && let Some(next) = node.next.get("+") {
        walk(next, rest, false, found);
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::server::{Message, Qos};

    fn filter() -> impl Strategy<Value = TopicFilter> {
        let level = select(vec!["a", "b", "", "+", "$a"]);
        (prop::collection::vec(level, 1..4), any::<bool>()).prop_map(|(mut levels, rest)| {
            if rest {
                levels.push("#");
            }
            TopicFilter::parse(&levels.join("/"))
                .unwrap_or_else(|_| TopicFilter::parse("a").unwrap())
        })
    }

    fn topic() -> impl Strategy<Value = String> {
        prop::collection::vec(select(vec!["a", "b", "", "$a"]), 1..5)
            .prop_map(|levels| levels.join("/"))
    }

    fn options(identifier: u32) -> Options {
        Options { qos: Qos::AtLeastOnce, retain_as_published: false, identifier: Some(identifier) }
    }

    proptest! {
        #[test]
        fn the_tree_finds_whom_each_filter_alone_would_find(
            filters in prop::collection::vec((filter(), 0_u64..5, any::<bool>()), 0..30),
            topic in topic(),
        ) {
            let outboxes: Vec<_> = (0..5).map(|key| Arc::new(Outbox::new(key))).collect();
            let subscribers = Subscribers::default();
            let mut brute: Vec<(TopicFilter, u64)> = Vec::new();
            for (filter, key, stays) in filters {
                let new = subscribers.add(&filter, &outboxes[key as usize], options(1), 1_000).is_ok_and(|new| new);
                let pair = (filter.clone(), key);
                prop_assert_eq!(new, !brute.contains(&pair));
                if stays {
                    if new { brute.push(pair); }
                } else {
                    prop_assert!(subscribers.remove(&filter, key));
                    brute.retain(|known| *known != pair);
                }
            }
            let message = Message {
                topic: topic.as_str().into(), payload: Bytes::new(), qos: Qos::ExactlyOnce, retain: false,
            };
            let mut found = Vec::new();
            subscribers.each(&Parcel::new(message), |outbox, delivery| {
                found.push((outbox.key, delivery.identifiers.len()));
            });
            let expected: Vec<_> = (0..5)
                .map(|key| (key, brute.iter().filter(|(filter, k)| *k == key && filter.matches(&topic)).count()))
                .filter(|(_, count)| *count > 0)
                .collect();
            prop_assert_eq!(subscribers.any(&topic), !expected.is_empty());
            prop_assert_eq!(found, expected);
            let mut wanted: Vec<_> = brute.iter().map(|(filter, _)| filter.clone()).collect();
            wanted.sort();
            wanted.dedup();
            let mut filters = subscribers.filters();
            filters.sort();
            prop_assert_eq!(filters, wanted);
        }
    }

    #[test]
    fn nothing_is_left_of_subscriptions_that_are_gone() {
        let subscribers = Subscribers::default();
        let outbox = Arc::new(Outbox::new(1));
        let filter = TopicFilter::parse("a/+/#").unwrap();
        assert!(subscribers.add(&filter, &outbox, options(1), 1).is_ok());
        assert!(
            subscribers.add(&TopicFilter::parse("b").unwrap(), &outbox, options(1), 1).is_err()
        );
        assert_eq!(subscribers.version(), 1);
        assert!(subscribers.remove(&filter, 1));
        assert_eq!(subscribers.version(), 2);
        assert!(subscribers.read().root.is_empty());
    }
}
