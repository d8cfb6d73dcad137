//! Whether what happened belongs to what somebody listens to.

use std::{collections::HashMap, sync::Arc};

use quartier_model::{EntityId, EntityKind, Observation};
use quartier_twin::sensors::Catalogue;

use super::Subscription;
use crate::write::{Node, Target, has, one_of_observation, walk};

impl Subscription {
    /// Whether a new or changed observation is one of those.
    pub(super) fn holds(&self, catalogue: &Catalogue, observation: &Observation) -> bool {
        if self.kind() != EntityKind::Observation {
            return false;
        }
        let Some((parent, last)) = self.parent() else {
            return self.path.steps.is_empty()
                && self.path.id.is_none_or(|id| id == observation.id);
        };
        let Some(parent) = end(catalogue, &parent) else { return false };
        last.id.is_none_or(|id| id == observation.id)
            && one_of_observation(catalogue, observation, parent.0) == Some(parent.1)
    }

    /// The entities of which to tell when this one was made or changed; none are observations.
    pub(super) fn told_of(&self, catalogue: &Catalogue, changed: Node) -> Vec<Node> {
        if self.kind() == changed.0 {
            return if self.is_about(catalogue, changed) { vec![changed] } else { Vec::new() };
        }
        if changed.0 == EntityKind::HistoricalLocation && self.kind() == EntityKind::Location {
            return self.arrived_at(catalogue, changed.1);
        }
        Vec::new()
    }

    fn is_about(&self, catalogue: &Catalogue, node: Node) -> bool {
        if self.path.steps.is_empty() {
            return self.path.id.is_none_or(|id| id == node.1);
        }
        match self.parent() {
            Some((parent, last)) => {
                last.id.is_none_or(|id| id == node.1)
                    && end(catalogue, &parent).is_some_and(|parent| has(catalogue, parent, node))
            }
            None => end(catalogue, &self.path) == Some(node),
        }
    }

    /// A thing that comes to locations that were there before: they are new in its set.
    fn arrived_at(&self, catalogue: &Catalogue, stay: EntityId) -> Vec<Node> {
        let Some((parent, last)) = self.parent() else { return Vec::new() };
        let Some(stay) = catalogue.historical_locations.get(&stay) else { return Vec::new() };
        let thing = (EntityKind::Thing, stay.thing);
        let is_latest = catalogue.history_of(stay.thing).next_back() == Some(stay.id);
        if !is_latest || end(catalogue, &parent) != Some(thing) {
            return Vec::new();
        }
        let wanted = stay.locations.iter().filter(|id| last.id.is_none_or(|it| it == **id));
        wanted.map(|id| (EntityKind::Location, *id)).collect()
    }
}

/// The entity at the end of a path, unless the path leads over an observation.
pub(super) fn end(catalogue: &Catalogue, path: &crate::path::ResourcePath) -> Option<Node> {
    match walk(catalogue, &HashMap::new(), path) {
        Ok(Target::One(node)) => Some(node),
        _ => None,
    }
}

/// An observation from an event, without copying it.
pub(super) type Shared = Arc<Observation>;
