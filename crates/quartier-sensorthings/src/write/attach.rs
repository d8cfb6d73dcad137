//! What bodies say of links: entities that are there, or new ones that they bring along.

use quartier_model::{Entity, EntityId, EntityKind};

use super::{
    create::{Birth, Made},
    links::{self, Node},
    members::{Linked, Members},
    work::{Inserts, Work},
};
use crate::{
    Error, Result,
    path::{Cardinality, entity_name, navigations, set_name},
};

impl Work<'_> {
    /// The entity of a link to one: said in the body, or the one below which this is made, or the one from before.
    pub(super) fn one(
        &mut self,
        kind: EntityKind,
        body: &mut Members,
        birth: Birth,
        before: Option<EntityId>,
    ) -> Result<EntityId> {
        let name = entity_name(kind);
        let parent = birth.parent(kind);
        match (body.one(name)?, parent) {
            (Some(Linked::Existing(id)), Some(parent)) if id == parent => Ok(id),
            (Some(_), Some(parent)) => Err(Error::bad(format!(
                "`{}` is not the {name} {parent} of the address: leave it out",
                body.name(name)
            ))),
            (Some(linked), None) => self.settle(kind, linked, birth),
            (None, parent) => parent.or(before).ok_or_else(|| body.missing(name)),
        }
    }

    pub(super) fn settle_all(
        &mut self,
        kind: EntityKind,
        list: Vec<Linked>,
        birth: Birth,
    ) -> Result<Vec<EntityId>> {
        list.into_iter().map(|linked| self.settle(kind, linked, birth)).collect()
    }

    /// The entity that a link leads to, made where the body brings it along.
    pub(super) fn settle(
        &mut self,
        kind: EntityKind,
        linked: Linked,
        birth: Birth,
    ) -> Result<EntityId> {
        match linked {
            Linked::Existing(id) => self.demand((kind, id)).map(|()| id),
            Linked::New(members) => match self.insert(kind, members, birth.child(None))? {
                Made::Entity((_, id)) => Ok(id),
                Made::Observation(_) => Err(Error::bad("no link to one leads to an observation")),
            },
        }
    }

    pub(super) fn insert(
        &mut self,
        kind: EntityKind,
        members: Members,
        birth: Birth,
    ) -> Result<Made> {
        if self.inserts == Inserts::Refused {
            return Err(Error::bad(format!(
                "`{}` is missing: a change links {} that are there, as {{\"@iot.id\": 1}}; make new ones with POST",
                members.name("@iot.id"),
                set_name(kind)
            )));
        }
        self.create(kind, members, birth)
    }

    /// What the body says of links to many that the entity itself does not hold.
    pub(super) fn children(&mut self, node: Node, body: &mut Members, birth: Birth) -> Result<()> {
        for link in navigations(node.0) {
            if link.cardinality == Cardinality::One || !body.has(link.name) {
                continue;
            }
            for linked in body.many(link.name)?.unwrap_or_default() {
                self.child(link.to, linked, node, birth)?;
            }
        }
        Ok(())
    }

    fn child(
        &mut self,
        kind: EntityKind,
        linked: Linked,
        parent: Node,
        birth: Birth,
    ) -> Result<()> {
        match linked {
            Linked::Existing(id) => self.adopt((kind, id), parent),
            Linked::New(members) => {
                self.insert(kind, members, birth.child(Some(parent))).map(|_made| ())
            }
        }
    }

    /// Links an entity that is there to another: the link from it to that one leads there now.
    pub(super) fn adopt(&mut self, child: Node, parent: Node) -> Result<()> {
        if child.0 == EntityKind::Observation {
            return Err(unsettled(child, parent));
        }
        self.demand(child)?;
        match (links::entity(&self.catalogue, child), parent.0) {
            (Some(Entity::Datastream(mut it)), EntityKind::Thing) => {
                it.thing = parent.1;
                self.put(Entity::Datastream(it));
            }
            (Some(Entity::Datastream(mut it)), EntityKind::Sensor) => {
                it.sensor = parent.1;
                self.put(Entity::Datastream(it));
            }
            (Some(Entity::Datastream(mut it)), EntityKind::ObservedProperty) if !it.is_multi => {
                it.channels.iter_mut().for_each(|channel| channel.observed_property = parent.1);
                self.put(Entity::Datastream(it));
            }
            (Some(Entity::HistoricalLocation(mut it)), EntityKind::Thing) => {
                it.thing = parent.1;
                self.stay(it);
            }
            (Some(Entity::HistoricalLocation(mut it)), EntityKind::Location) => {
                if !it.locations.contains(&parent.1) {
                    it.locations.push(parent.1);
                    self.stay(it);
                }
            }
            (Some(Entity::Thing(it)), EntityKind::Location) => {
                self.locate(it.id, vec![parent.1])?;
            }
            _ => return Err(unsettled(child, parent)),
        }
        Ok(())
    }
}

fn unsettled(child: Node, parent: Node) -> Error {
    let back = navigations(child.0).find(|link| link.to == parent.0);
    let name = back.map_or(entity_name(parent.0), |link| link.name);
    Error::bad(format!(
        "{}({}) is not linked from here: change its own `{name}`",
        set_name(child.0),
        child.1
    ))
}
