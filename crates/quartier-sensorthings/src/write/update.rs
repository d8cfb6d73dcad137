//! Changes of entities that are there: PATCH merges, PUT replaces (18-088, 10.3).

use quartier_model::{Datastream, Entity, EntityKind, HistoricalLocation};

use super::{
    before::Before,
    create::Birth,
    links::{self, Node},
    members::Members,
    target::absent,
    values,
    work::{Inserts, Work},
};
use crate::Result;

/// What becomes of values that a change does not give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// PATCH: they stay.
    Merge,
    /// PUT: mandatory ones are demanded, others have no value.
    Replace,
}

impl Change {
    pub(super) fn before<T>(self, old: &T) -> Before<'_, T> {
        match self {
            Self::Merge => Before::merged(old),
            Self::Replace => Before::replaced(old),
        }
    }
}

impl Work<'_> {
    /// Changes any entity but an observation.
    pub(super) fn update(&mut self, node: Node, mut body: Members, change: Change) -> Result<()> {
        self.inserts = Inserts::Refused;
        let old = links::entity(&self.catalogue, node).ok_or_else(|| absent(node))?;
        let id = node.1;
        match &old {
            Entity::Thing(old) => {
                let thing = values::thing(id, &mut body, &change.before(old))?;
                self.put(Entity::Thing(thing));
                if let Some(said) = body.many("Locations")? {
                    let birth = Birth::below(None);
                    let locations = self.settle_all(EntityKind::Location, said, birth)?;
                    self.locate(id, locations)?;
                }
            }
            Entity::Location(old) => {
                let location = values::location(self.sensors, id, &mut body, &change.before(old))?;
                self.put(Entity::Location(location));
            }
            Entity::HistoricalLocation(old) => self.update_stay(old, &mut body, change)?,
            Entity::Datastream(old) => self.update_datastream(old, &mut body, change)?,
            Entity::Sensor(old) => {
                self.put(Entity::Sensor(values::sensor(id, &mut body, &change.before(old))?));
            }
            Entity::ObservedProperty(old) => {
                let property = values::observed_property(id, &mut body, &change.before(old))?;
                self.put(Entity::ObservedProperty(property));
            }
            Entity::FeatureOfInterest(old) => {
                let feature = values::feature(self.sensors, id, &mut body, &change.before(old))?;
                self.put(Entity::FeatureOfInterest(feature));
            }
        }
        self.children(node, &mut body, Birth::below(None))?;
        self.inserts = Inserts::Allowed;
        body.finish()
    }

    fn update_stay(
        &mut self,
        old: &HistoricalLocation,
        body: &mut Members,
        change: Change,
    ) -> Result<()> {
        let said = body.instant("time")?.flatten();
        let time = said.or((change == Change::Merge).then_some(old.time));
        let time = time.ok_or_else(|| body.missing("time"))?;
        let birth = Birth::below(None);
        let thing = self.one(EntityKind::Thing, body, birth, Some(old.thing))?;
        let locations = match body.many("Locations")? {
            Some(said) => self.settle_all(EntityKind::Location, said, birth)?,
            None => old.locations.clone(),
        };
        self.stay(HistoricalLocation { id: old.id, time, thing, locations });
        Ok(())
    }

    fn update_datastream(
        &mut self,
        old: &Datastream,
        body: &mut Members,
        change: Change,
    ) -> Result<()> {
        values::drop_derived(body);
        let (before, birth) = (change.before(old), Birth::below(None));
        let properties = self.properties_of(old, body, birth)?;
        let values = before.value(|it| it.channels.as_slice());
        let channels = match (old.is_multi, properties.first()) {
            (false, Some(&property)) => {
                vec![values::channel(body, property, values.and_then(<[_]>::first))?]
            }
            _ => values::channels(body, &properties, values)?,
        };
        let datastream = Datastream {
            id: old.id,
            name: body.text("name", before.value(|it| &it.name))?,
            description: body.text("description", before.value(|it| &it.description))?,
            properties: body.properties(before.value(|it| &it.properties))?,
            thing: self.one(EntityKind::Thing, body, birth, Some(old.thing))?,
            sensor: self.one(EntityKind::Sensor, body, birth, Some(old.sensor))?,
            is_multi: old.is_multi,
            channels,
        };
        self.put(Entity::Datastream(datastream));
        Ok(())
    }

    fn properties_of(
        &mut self,
        old: &Datastream,
        body: &mut Members,
        birth: Birth,
    ) -> Result<Vec<quartier_model::EntityId>> {
        let before = || old.channels.iter().map(|channel| channel.observed_property);
        if !old.is_multi {
            let kind = EntityKind::ObservedProperty;
            return Ok(vec![self.one(kind, body, birth, before().next())?]);
        }
        match body.many("ObservedProperties")? {
            Some(said) => self.settle_all(EntityKind::ObservedProperty, said, birth),
            None => Ok(before().collect()),
        }
    }
}
