use std::collections::{HashMap, HashSet};

use quartier_model::{
    Entity, EntityId, EntityKind, HistoricalLocation, NewObservation, Observation, Repeats,
};
use quartier_store::SensorBatch;
use quartier_twin::sensors::{AutoFeature, Catalogue, Numbers, Sensors, feature_of_interest};
use time::OffsetDateTime;

use super::links::{self, Node};
use crate::{Error, Result, path::entity_name};

/// Entities that one transaction may write: more of them would hold up other writers for seconds.
const ENTITIES_MAX: usize = 50_000;

/// A transaction in the making. Everything in it sees what went before it.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub(super) sensors: &'a Sensors,
    pub(super) catalogue: Catalogue,
    /// Those that the requests' paths name.
    pub(super) known: &'a HashMap<EntityId, Observation>,
    pub(super) now: OffsetDateTime,
    pub(super) inserts: Inserts,
    /// What becomes of observations that come twice.
    pub(super) repeats: Repeats,
    numbers: &'a mut Numbers,
    touched: Vec<Node>,
    is_touched: HashSet<Node>,
    made: HashSet<Node>,
    deletes: Vec<Node>,
    observations: Vec<NewObservation>,
    deleted_observations: Vec<EntityId>,
}

/// Whether a body may make the entities that it links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inserts {
    Allowed,
    /// 18-088, 10.3: a change of an entity makes no others.
    Refused,
}

impl<'a> Work<'a> {
    pub(super) fn new(
        sensors: &'a Sensors,
        catalogue: &Catalogue,
        numbers: &'a mut Numbers,
        known: &'a HashMap<EntityId, Observation>,
    ) -> Self {
        Self {
            sensors,
            catalogue: catalogue.clone(),
            known,
            now: OffsetDateTime::now_utc(),
            inserts: Inserts::Allowed,
            repeats: Repeats::Kept,
            numbers,
            touched: Vec::new(),
            is_touched: HashSet::new(),
            made: HashSet::new(),
            deletes: Vec::new(),
            observations: Vec::new(),
            deleted_observations: Vec::new(),
        }
    }

    pub(super) fn into_batch(self) -> SensorBatch {
        let Self { catalogue, touched, deletes, observations, deleted_observations, .. } = self;
        let puts = touched.into_iter().filter_map(|node| links::entity(&catalogue, node));
        SensorBatch { puts: puts.collect(), deletes, deleted_observations, observations }
    }

    /// The number of a new entity.
    pub(super) fn number(&mut self, kind: EntityKind) -> Result<EntityId> {
        self.room()?;
        let id = self.numbers.next(kind);
        self.made.insert((kind, id));
        Ok(id)
    }

    fn room(&self) -> Result<()> {
        if self.touched.len() + self.observations.len() < ENTITIES_MAX {
            return Ok(());
        }
        Err(Error::bad(format!(
            "one request makes at most {ENTITIES_MAX} entities: send it in parts"
        )))
    }

    pub(super) fn put(&mut self, entity: Entity) {
        let node = (entity.kind(), entity.id());
        self.catalogue.put(entity);
        if self.is_touched.insert(node) {
            self.touched.push(node);
        }
    }

    /// Takes an entity out; what refers to it has gone before.
    pub(super) fn remove(&mut self, node: Node) {
        self.catalogue.remove(node.0, node.1);
        if !self.made.contains(&node) {
            self.deletes.push(node);
        }
    }

    pub(super) fn remove_observation(&mut self, id: EntityId) {
        self.deleted_observations.push(id);
    }

    /// Where the observation stands among the transaction's new ones.
    pub(super) fn observe(&mut self, observation: NewObservation) -> Result<usize> {
        self.room()?;
        self.observations.push(observation);
        Ok(self.observations.len() - 1)
    }

    /// Refuses an entity that is not there, as wrong in a body.
    pub(super) fn demand(&self, (kind, id): Node) -> Result<()> {
        if self.catalogue.contains(kind, id) {
            return Ok(());
        }
        Err(unknown((kind, id)))
    }

    /// Brings a thing to its locations now, and notes it in its history.
    pub(super) fn locate(&mut self, thing: EntityId, locations: Vec<EntityId>) -> Result<()> {
        let Some(it) = self.catalogue.things.get(&thing) else {
            return Err(unknown((EntityKind::Thing, thing)));
        };
        let mut moved = (**it).clone();
        moved.locations.clone_from(&locations);
        self.put(Entity::Thing(moved));
        if locations.is_empty() {
            return Ok(());
        }
        let id = self.number(EntityKind::HistoricalLocation)?;
        let stay = HistoricalLocation { id, time: self.now, thing, locations };
        self.put(Entity::HistoricalLocation(stay));
        Ok(())
    }

    /// Keeps a stay; the latest one says where its thing is.
    pub(super) fn stay(&mut self, stay: HistoricalLocation) {
        let (thing, locations) = (stay.thing, stay.locations.clone());
        let id = stay.id;
        self.put(Entity::HistoricalLocation(stay));
        if self.catalogue.history_of(thing).next_back() != Some(id) {
            return;
        }
        let Some(it) = self.catalogue.things.get(&thing) else { return };
        let mut moved = (**it).clone();
        moved.locations = locations;
        self.put(Entity::Thing(moved));
    }

    /// The feature of interest that stands for where a datastream's thing is; made where there is none yet.
    pub(super) fn feature_of(&mut self, datastream: EntityId) -> Result<EntityId> {
        let found = feature_of_interest(&self.catalogue, datastream, self.numbers);
        let found = found.map_err(|error| Error::bad(error.to_string()))?;
        let id = found.id();
        if let AutoFeature::Made { feature, location } = found {
            self.room()?;
            self.made.insert((EntityKind::FeatureOfInterest, id));
            self.put(Entity::FeatureOfInterest(feature));
            self.put(Entity::Location(location));
        }
        Ok(id)
    }
}

pub(super) fn unknown((kind, id): Node) -> Error {
    Error::bad(format!("there is no {} {id}; name one that is there", entity_name(kind)))
}
