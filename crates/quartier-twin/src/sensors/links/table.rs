use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use quartier_model::{CollectionId, EntityId, FeatureId, Link, Role, TimeRange};
use time::OffsetDateTime;

use crate::sensors::join::{Placed, Reason, Reference, Resolution};

/// Which things belong to which objects, at one moment. Cheap to clone; a request holds one to its end.
#[derive(Debug, Clone, Default)]
pub(crate) struct LinkTable {
    things: OrdMap<EntityId, Arc<Resolution>>,
    /// Feature ids are not given twice in a twin: the collection need not stand here.
    by_object: OrdSet<(FeatureId, EntityId)>,
}

impl LinkTable {
    /// What the store has: enough to answer, and resolved anew once the city is there.
    pub(super) fn stored(links: Vec<Link>) -> Self {
        let mut by_thing: OrdMap<EntityId, Vec<Arc<Link>>> = OrdMap::new();
        for link in links {
            by_thing.entry(link.thing).or_default().push(Arc::new(link));
        }
        let mut table = Self::default();
        for (thing, mut links) in by_thing {
            links.sort_by(|a, b| key(a).cmp(&key(b)));
            table.put(thing, Resolution { links, ..Resolution::default() });
        }
        table
    }

    /// Replaces what is known of a thing; says whether its links are others now.
    pub(super) fn put(&mut self, thing: EntityId, resolution: Resolution) -> bool {
        let before = self.links_of(thing).to_vec();
        let is_other = before != resolution.links;
        if is_other {
            self.unindex(thing, &before);
            for link in &resolution.links {
                self.by_object.insert((link.fid, thing));
            }
        }
        self.things.insert(thing, Arc::new(resolution));
        is_other
    }

    /// Forgets a thing; says whether it had links.
    pub(super) fn remove(&mut self, thing: EntityId) -> bool {
        let Some(gone) = self.things.remove(&thing) else { return false };
        self.unindex(thing, &gone.links);
        !gone.links.is_empty()
    }

    fn unindex(&mut self, thing: EntityId, links: &[Arc<Link>]) {
        for link in links {
            self.by_object.remove(&(link.fid, thing));
        }
    }

    pub(crate) fn things(&self) -> impl Iterator<Item = (EntityId, &Arc<Resolution>)> {
        self.things.iter().map(|(id, resolution)| (*id, resolution))
    }

    pub(super) fn resolution(&self, thing: EntityId) -> Option<&Arc<Resolution>> {
        self.things.get(&thing)
    }

    /// By start, role, collection and feature id.
    pub(crate) fn links_of(&self, thing: EntityId) -> &[Arc<Link>] {
        self.things.get(&thing).map_or(&[], |it| &it.links)
    }

    /// Things that belonged to an object at any time, by id.
    pub(crate) fn things_of(&self, fid: FeatureId) -> impl Iterator<Item = EntityId> + '_ {
        let all = (fid, EntityId(u64::MIN))..=(fid, EntityId(u64::MAX));
        self.by_object.range(all).map(|&(_, thing)| thing)
    }

    /// What a thing's readings were readings of at a time.
    pub(crate) fn subject_at(&self, thing: EntityId, at: OffsetDateTime) -> Option<&Arc<Link>> {
        self.links_of(thing)
            .iter()
            .find(|link| link.role == Role::Subject && link.valid.contains(at))
    }

    /// The link to an object of a collection at a time: the thing's subject, or else a zone around it.
    pub(crate) fn link_into(
        &self,
        collection: &CollectionId,
        thing: EntityId,
        at: OffsetDateTime,
    ) -> Option<&Arc<Link>> {
        let links = self.links_of(thing).iter();
        let then = links.filter(|it| it.collection == *collection && it.valid.contains(at));
        then.min_by_key(|link| link.role)
    }

    /// When a thing belonged to an object, in any role: ranges in order that do not touch.
    pub(crate) fn stays_in(&self, thing: EntityId, fid: FeatureId) -> Vec<TimeRange> {
        let links = self.links_of(thing).iter().filter(|link| link.fid == fid);
        let mut ranges: Vec<TimeRange> = Vec::new();
        for valid in links.map(|link| link.valid) {
            match ranges.last_mut().filter(|last| touches(**last, valid)) {
                Some(last) => *last = hull(*last, valid),
                None => ranges.push(valid),
            }
        }
        ranges
    }

    /// Where a thing was at a time; `None` where that is not known.
    pub(crate) fn placed_at(&self, thing: EntityId, at: OffsetDateTime) -> Option<&Placed> {
        let placed = &self.things.get(&thing)?.placed;
        placed.iter().rev().find(|it| it.valid.contains(at))
    }

    /// Whether a thing's places are known, as far as there are any; not where its links come from the store.
    pub(crate) fn is_new_or_placed(&self, thing: EntityId) -> bool {
        self.things.get(&thing).is_none_or(|it| !it.placed.is_empty())
    }

    pub(super) fn reasons(&self) -> impl Iterator<Item = (EntityId, &Reason)> {
        self.things().filter_map(|(id, it)| it.reason.as_ref().map(|reason| (id, reason)))
    }

    pub(super) fn references(&self) -> impl Iterator<Item = (EntityId, &Reference)> {
        self.things().filter_map(|(id, it)| it.reference.as_ref().map(|named| (id, named)))
    }
}

fn key(link: &Link) -> impl Ord + use<'_> {
    (link.valid.start(), link.role, &link.collection, link.fid)
}

/// Of a range that starts no earlier.
fn touches(first: TimeRange, second: TimeRange) -> bool {
    match (first.end(), second.start()) {
        (Some(end), Some(start)) => start <= end,
        _ => true,
    }
}

fn hull(first: TimeRange, second: TimeRange) -> TimeRange {
    let end = first.end().zip(second.end()).map(|(one, other)| one.max(other));
    TimeRange::new(first.start(), end).expect("the end is no earlier than the first one's")
}
