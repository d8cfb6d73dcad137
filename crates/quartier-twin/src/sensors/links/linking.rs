use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError, atomic::AtomicBool},
};

use arc_swap::ArcSwap;
use quartier_model::{EntityId, Link, Thing};
use tokio::sync::Mutex;

use super::LinkTable;
use crate::{
    Result, Snapshot,
    sensors::{
        Catalogue, JoinRules, Sensors,
        join::{Resolution, resolve},
    },
};

/// Things that are resolved between two looks at whether something more urgent waits.
const THINGS_PER_STEP: usize = 512;

/// Things whose links are written to the store in one transaction.
const THINGS_PER_WRITE: usize = 1_000;

/// Whose links are resolved, and from what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Places {
    /// What is around a spot that is known already has stayed the same.
    Known,
    /// The city has changed.
    Anew,
}

/// The links in memory, and what the store does not have of them yet.
#[derive(Debug, Default)]
pub(crate) struct Linking {
    pub(super) rules: JoinRules,
    table: ArcSwap<LinkTable>,
    /// Held by whoever makes the next table.
    making: Mutex<()>,
    unsaved: StdMutex<BTreeSet<EntityId>>,
    /// So many objects have changed that every thing is to be resolved anew.
    pub(super) is_outdated: AtomicBool,
    /// Held by whoever writes links to the store, so that older ones never come after newer ones.
    saving: Mutex<()>,
}

impl Linking {
    pub(crate) fn new(rules: JoinRules) -> Self {
        Self { rules, ..Self::default() }
    }

    pub(crate) fn table(&self) -> Arc<LinkTable> {
        self.table.load_full()
    }

    pub(super) async fn start_with(&self, links: Vec<Link>) {
        let _making = self.making.lock().await;
        self.table.store(Arc::new(LinkTable::stored(links)));
    }

    fn unsaved(&self) -> MutexGuard<'_, BTreeSet<EntityId>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sensors {
    pub(crate) fn link_table(&self) -> Arc<LinkTable> {
        self.linking.table()
    }

    /// Resolves things from the newest entities and the newest city, step by step. Without a city there is nothing to
    /// link to.
    pub(super) async fn link(&self, things: &[EntityId], places: Places) -> Result<()> {
        for step in things.chunks(THINGS_PER_STEP) {
            let _making = self.linking.making.lock().await;
            let (Some(catalogue), Some(city)) = (self.catalogue(), self.city.load_full()) else {
                return Ok(());
            };
            let (table, rules) = (self.linking.table(), self.linking.rules.clone());
            let moment = Moment { table, catalogue, city, rules };
            let step = step.to_vec();
            let linked = tokio::task::spawn_blocking(move || moment.linked(&step, places));
            let (table, changed) = linked.await?;
            self.linking.table.store(Arc::new(table));
            self.linking.unsaved().extend(changed);
        }
        Ok(())
    }

    /// Writes to the store what it does not have yet; what it does not take now stays to be written.
    pub(super) async fn save_links(&self) -> Result<()> {
        let _saving = self.linking.saving.lock().await;
        loop {
            let step: Vec<EntityId> = {
                let mut unsaved = self.linking.unsaved();
                std::iter::from_fn(|| unsaved.pop_first()).take(THINGS_PER_WRITE).collect()
            };
            if step.is_empty() {
                return Ok(());
            }
            let table = self.linking.table();
            let links = step.iter().flat_map(|thing| table.links_of(*thing));
            let links: Vec<Link> = links.map(|link| Link::clone(link)).collect();
            if let Err(error) = self.counted(self.store.put_links(&step, &links).await) {
                self.linking.unsaved().extend(step);
                return Err(error);
            }
        }
    }
}

/// What links are made of.
struct Moment {
    table: Arc<LinkTable>,
    catalogue: Arc<Catalogue>,
    city: Arc<Snapshot>,
    rules: JoinRules,
}

impl Moment {
    /// The table with these things resolved, and those whose links are others now.
    fn linked(&self, things: &[EntityId], places: Places) -> (LinkTable, Vec<EntityId>) {
        let mut next = LinkTable::clone(&self.table);
        let mut changed = Vec::new();
        for id in things {
            let is_other = match self.catalogue.things.get(id) {
                None => next.remove(*id),
                Some(thing) => next.put(*id, self.resolution(thing, places)),
            };
            changed.extend(is_other.then_some(*id));
        }
        (next, changed)
    }

    fn resolution(&self, thing: &Thing, places: Places) -> Resolution {
        let before = self.table.resolution(thing.id).filter(|_| places == Places::Known);
        let known = before.map_or(&[][..], |it| &it.placed);
        resolve(thing, &self.catalogue, &self.city, &self.rules, known)
    }
}
