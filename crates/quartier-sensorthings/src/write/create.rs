//! New entities, with those that their bodies bring along (18-088, 10.2).

use quartier_model::{Datastream, Entity, EntityId, EntityKind, HistoricalLocation};

use super::{
    before::Before,
    links::Node,
    members::{Linked, Members},
    reading::Reading,
    values,
    work::Work,
};
use crate::{Error, Result};

/// Entities in one another: a location with things with datastreams with observations with features is five.
const DEPTH_MAX: usize = 8;

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    Entity(Node),
    /// By its place among the transaction's observations: the store numbers it.
    Observation(usize),
}

/// How an entity comes into being: below which other one, and how deep in the body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Birth {
    pub(super) parent: Option<Node>,
    pub(super) depth: usize,
}

impl Birth {
    pub(super) fn below(parent: Option<Node>) -> Self {
        Self { parent, depth: 0 }
    }

    pub(super) fn child(self, parent: Option<Node>) -> Self {
        Self { parent, depth: self.depth + 1 }
    }

    pub(super) fn parent(self, kind: EntityKind) -> Option<EntityId> {
        self.parent.filter(|parent| parent.0 == kind).map(|parent| parent.1)
    }
}

impl Work<'_> {
    pub(super) fn create(
        &mut self,
        kind: EntityKind,
        mut body: Members,
        birth: Birth,
    ) -> Result<Made> {
        if birth.depth >= DEPTH_MAX {
            return Err(Error::bad(format!("entities are nested more than {DEPTH_MAX} deep")));
        }
        if kind == EntityKind::Observation {
            return self.create_observation(body, birth);
        }
        let node = match kind {
            EntityKind::Thing => self.create_thing(&mut body, birth)?,
            EntityKind::Location => self.create_location(&mut body, birth)?,
            EntityKind::HistoricalLocation => self.create_stay(&mut body, birth)?,
            EntityKind::Datastream => self.create_datastream(&mut body, birth)?,
            EntityKind::MultiDatastream => self.create_multi(&mut body, birth)?,
            _ => self.create_independent(kind, &mut body)?,
        };
        self.children(node, &mut body, birth)?;
        body.finish()?;
        Ok(Made::Entity(node))
    }

    /// A thing, and its locations: they are one step of its history.
    fn create_thing(&mut self, body: &mut Members, birth: Birth) -> Result<Node> {
        let id = self.number(EntityKind::Thing)?;
        let thing = values::thing(id, body, &Before::NOTHING)?;
        self.put(Entity::Thing(thing));
        let said = body.many("Locations")?.unwrap_or_default();
        let mut locations = self.settle_all(EntityKind::Location, said, birth)?;
        locations.extend(birth.parent(EntityKind::Location));
        self.locate(id, locations)?;
        Ok((EntityKind::Thing, id))
    }

    fn create_location(&mut self, body: &mut Members, birth: Birth) -> Result<Node> {
        let id = self.number(EntityKind::Location)?;
        let location = values::location(self.sensors, id, body, &Before::NOTHING)?;
        self.put(Entity::Location(location));
        let said = body.many("Things")?.unwrap_or_default();
        let mut things = Vec::new();
        for linked in said {
            match linked {
                Linked::Existing(thing) => things.push(thing),
                // It is at this location from its birth: no second step of its history.
                Linked::New(members) => {
                    let parent = Some((EntityKind::Location, id));
                    self.insert(EntityKind::Thing, members, birth.child(parent))?;
                }
            }
        }
        things.extend(birth.parent(EntityKind::Thing));
        for thing in things {
            self.locate(thing, vec![id])?;
        }
        if let Some(stay) = birth.parent(EntityKind::HistoricalLocation) {
            self.adopt((EntityKind::HistoricalLocation, stay), (EntityKind::Location, id))?;
        }
        Ok((EntityKind::Location, id))
    }

    fn create_stay(&mut self, body: &mut Members, birth: Birth) -> Result<Node> {
        let id = self.number(EntityKind::HistoricalLocation)?;
        let time = body.instant("time")?.flatten().ok_or_else(|| body.missing("time"))?;
        let thing = self.one(EntityKind::Thing, body, birth, None)?;
        let said = body.many("Locations")?.unwrap_or_default();
        let mut locations = self.settle_all(EntityKind::Location, said, birth)?;
        locations.extend(birth.parent(EntityKind::Location));
        if locations.is_empty() {
            return Err(body.missing("Locations"));
        }
        self.stay(HistoricalLocation { id, time, thing, locations });
        Ok((EntityKind::HistoricalLocation, id))
    }

    fn create_datastream(&mut self, body: &mut Members, birth: Birth) -> Result<Node> {
        values::drop_derived(body);
        let id = self.number(EntityKind::Datastream)?;
        let observed_property = self.one(EntityKind::ObservedProperty, body, birth, None)?;
        let datastream = Datastream {
            id,
            name: body.text("name", None)?,
            description: body.text("description", None)?,
            properties: body.properties(None)?,
            thing: self.one(EntityKind::Thing, body, birth, None)?,
            sensor: self.one(EntityKind::Sensor, body, birth, None)?,
            is_multi: false,
            channels: vec![values::channel(body, observed_property, None)?],
        };
        self.put(Entity::Datastream(datastream));
        Ok((EntityKind::Datastream, id))
    }

    fn create_multi(&mut self, body: &mut Members, birth: Birth) -> Result<Node> {
        values::drop_derived(body);
        let id = self.number(EntityKind::Datastream)?;
        let said = body.many("ObservedProperties")?;
        let said = said.ok_or_else(|| body.missing("ObservedProperties"))?;
        let properties = self.settle_all(EntityKind::ObservedProperty, said, birth)?;
        let parent = birth.parent(EntityKind::ObservedProperty);
        if properties.is_empty() || parent.is_some_and(|id| !properties.contains(&id)) {
            return Err(body.missing("ObservedProperties"));
        }
        let datastream = Datastream {
            id,
            name: body.text("name", None)?,
            description: body.text("description", None)?,
            properties: body.properties(None)?,
            thing: self.one(EntityKind::Thing, body, birth, None)?,
            sensor: self.one(EntityKind::Sensor, body, birth, None)?,
            is_multi: true,
            channels: values::channels(body, &properties, None)?,
        };
        self.put(Entity::Datastream(datastream));
        Ok((EntityKind::MultiDatastream, id))
    }

    fn create_independent(&mut self, kind: EntityKind, body: &mut Members) -> Result<Node> {
        let id = self.number(kind)?;
        self.put(match kind {
            EntityKind::Sensor => Entity::Sensor(values::sensor(id, body, &Before::NOTHING)?),
            EntityKind::ObservedProperty => {
                Entity::ObservedProperty(values::observed_property(id, body, &Before::NOTHING)?)
            }
            _ => Entity::FeatureOfInterest(values::feature(
                self.sensors,
                id,
                body,
                &Before::NOTHING,
            )?),
        });
        Ok((kind, id))
    }

    fn create_observation(&mut self, mut body: Members, birth: Birth) -> Result<Made> {
        let datastream = self.datastream(&mut body, birth)?;
        let feature = match body.one("FeatureOfInterest")? {
            Some(linked) => self.settle(EntityKind::FeatureOfInterest, linked, birth)?,
            None => match birth.parent(EntityKind::FeatureOfInterest) {
                Some(feature) => feature,
                None => self.feature_of(datastream)?,
            },
        };
        let reading = Reading::new(&mut body, self.now)?;
        if let Some(it) = self.catalogue.datastreams.get(&datastream) {
            reading.check(it)?;
        }
        body.finish()?;
        let observation = reading.of(datastream, Some(feature), self.repeats);
        self.observe(observation).map(Made::Observation)
    }

    fn datastream(&mut self, body: &mut Members, birth: Birth) -> Result<EntityId> {
        let (single, multi) = (EntityKind::Datastream, EntityKind::MultiDatastream);
        let parent = birth.parent(single).or(birth.parent(multi));
        match (body.one("Datastream")?, body.one("MultiDatastream")?, parent) {
            (Some(linked), None, None) => self.settle(single, linked, birth),
            (None, Some(linked), None) => self.settle(multi, linked, birth),
            (None, None, Some(parent)) => Ok(parent),
            (None, None, None) => Err(body.missing("Datastream")),
            (Some(Linked::Existing(same)), None, Some(parent))
            | (None, Some(Linked::Existing(same)), Some(parent))
                if same == parent =>
            {
                Ok(parent)
            }
            _ => Err(Error::bad(format!(
                "`{}` is said twice: an observation belongs to one Datastream or MultiDatastream",
                body.name("Datastream")
            ))),
        }
    }
}
