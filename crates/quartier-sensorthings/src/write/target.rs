//! Where a path leads, in a transaction.

use std::collections::HashMap;

use quartier_model::{EntityId, EntityKind, Observation};
use quartier_twin::sensors::Catalogue;

use super::links::{self, Node};
use crate::{
    Error, Result,
    path::{Cardinality, PathEnd, Resource, ResourcePath, Step, entity_name, set_name},
};

/// What a write is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    One(Node),
    /// All of a kind, or those that another entity links.
    Set {
        kind: EntityKind,
        parent: Option<Node>,
    },
}

/// The entities behind a path that may be written to.
pub(super) fn entities(path: &str) -> Result<ResourcePath> {
    match Resource::parse(path)? {
        Resource::Entities(path) if path.end == PathEnd::Entities => Ok(path),
        Resource::Entities(_) => Err(Error::NotAllowed(
            "a part of an entity cannot be written by itself: send a PATCH to the entity"
                .to_owned(),
        )),
        _ => Err(Error::NotAllowed("this address takes no such request".to_owned())),
    }
}

/// The observations that a path names.
pub(super) fn named_observations(path: &ResourcePath) -> impl Iterator<Item = EntityId> {
    let start = path.id.filter(|_| path.start == EntityKind::Observation);
    let steps = path.steps.iter().filter(|step| step.link.to == EntityKind::Observation);
    start.into_iter().chain(steps.filter_map(|step| step.id))
}

/// Follows a path from entity to entity; the observations that it names are known.
pub(crate) fn walk(
    catalogue: &Catalogue,
    known: &HashMap<EntityId, Observation>,
    path: &ResourcePath,
) -> Result<Target> {
    let mut at = Target::Set { kind: path.start, parent: None };
    if let Some(id) = path.id {
        let there = match path.start {
            EntityKind::Observation => known.contains_key(&id),
            kind => catalogue.contains(kind, id),
        };
        at = Target::One((path.start, id));
        if !there {
            return Err(absent((path.start, id)));
        }
    }
    for step in &path.steps {
        at = follow(catalogue, known, at, *step)?;
    }
    Ok(at)
}

fn follow(
    catalogue: &Catalogue,
    known: &HashMap<EntityId, Observation>,
    at: Target,
    step: Step,
) -> Result<Target> {
    let Target::One(from) = at else {
        let said = format!("`{}` follows one entity, not a set: name its id", step.link.name);
        return Err(Error::bad(said));
    };
    let to = step.link.to;
    match (step.link.cardinality, step.id) {
        (Cardinality::Many, None) => Ok(Target::Set { kind: to, parent: Some(from) }),
        (Cardinality::Many, Some(id)) => {
            let linked = match known.get(&id).filter(|_| to == EntityKind::Observation) {
                Some(it) => links::one_of_observation(catalogue, it, from.0) == Some(from.1),
                None => links::has(catalogue, from, (to, id)),
            };
            if linked { Ok(Target::One((to, id))) } else { Err(not_here((to, id), from)) }
        }
        (Cardinality::One, _) => {
            let found = match known.get(&from.1).filter(|_| from.0 == EntityKind::Observation) {
                Some(it) => links::one_of_observation(catalogue, it, to),
                None => links::one(catalogue, from, to),
            };
            let id = found.ok_or_else(|| {
                let (set, name) = (set_name(from.0), entity_name(to));
                Error::NotFound(format!("{set}({}) has no {name}", from.1))
            })?;
            Ok(Target::One((to, id)))
        }
    }
}

pub(super) fn absent((kind, id): Node) -> Error {
    Error::NotFound(format!("there is no {} {id}", entity_name(kind)))
}

fn not_here((kind, id): Node, from: Node) -> Error {
    let (set, name) = (set_name(from.0), entity_name(kind));
    Error::NotFound(format!("{set}({}) has no {name} {id}", from.1))
}
