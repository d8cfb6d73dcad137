use std::collections::BTreeMap;

use quartier_model::{EntityId, EntityKind};

/// Gives new entities their numbers.
#[derive(Debug, Default)]
pub struct Numbers {
    next: BTreeMap<EntityKind, u64>,
}

impl Numbers {
    /// Of each kind the lowest number that was never given; datastreams' is under [`EntityKind::Datastream`].
    pub(super) fn new(next: impl IntoIterator<Item = (EntityKind, EntityId)>) -> Self {
        Self { next: next.into_iter().map(|(kind, id)| (counted_as(kind), id.0)).collect() }
    }

    /// The next number of a kind; what is not used is lost.
    pub fn next(&mut self, kind: EntityKind) -> EntityId {
        let next = self.next.entry(counted_as(kind)).or_insert(1);
        let id = EntityId(*next);
        *next += 1;
        id
    }

    /// The last number of a kind that is known to be given; 0 before the first.
    pub(super) fn last(&self, kind: EntityKind) -> EntityId {
        EntityId(self.next.get(&counted_as(kind)).map_or(0, |next| next.saturating_sub(1)))
    }

    /// Takes note of a number that the store gave.
    pub(super) fn note(&mut self, kind: EntityKind, id: EntityId) {
        let next = self.next.entry(counted_as(kind)).or_insert(1);
        *next = (id.0 + 1).max(*next);
    }

    /// Gives none that is lower than either's next.
    pub(super) fn catch_up(&mut self, other: Self) {
        for (kind, next) in other.next {
            self.note(kind, EntityId(next.saturating_sub(1)));
        }
    }
}

fn counted_as(kind: EntityKind) -> EntityKind {
    match kind {
        EntityKind::MultiDatastream => EntityKind::Datastream,
        kind => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datastreams_and_multi_datastreams_are_numbered_together() {
        let mut numbers = Numbers::new([(EntityKind::Datastream, EntityId(7))]);
        assert_eq!(numbers.next(EntityKind::MultiDatastream), EntityId(7));
        assert_eq!(numbers.next(EntityKind::Datastream), EntityId(8));
        assert_eq!(numbers.next(EntityKind::Thing), EntityId(1));
    }
}
