#[cfg(test)]
mod tests;

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use quartier_model::{
    Datastream, Entity, EntityId, EntityKind, FeatureOfInterest, HistoricalLocation, Location,
    ObservedProperty, Sensor, Thing,
};
use time::OffsetDateTime;

/// Every entity but observations, at one moment. Cheap to clone; a request holds one to its end.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    pub things: OrdMap<EntityId, Arc<Thing>>,
    pub locations: OrdMap<EntityId, Arc<Location>>,
    pub historical_locations: OrdMap<EntityId, Arc<HistoricalLocation>>,
    /// Multi-datastreams too.
    pub datastreams: OrdMap<EntityId, Arc<Datastream>>,
    pub sensors: OrdMap<EntityId, Arc<Sensor>>,
    pub observed_properties: OrdMap<EntityId, Arc<ObservedProperty>>,
    pub features: OrdMap<EntityId, Arc<FeatureOfInterest>>,
    things_by_location: Pairs,
    historical_by_thing: OrdSet<(EntityId, OffsetDateTime, EntityId)>,
    historical_by_location: Pairs,
    datastreams_by_thing: Pairs,
    datastreams_by_sensor: Pairs,
    datastreams_by_property: Pairs,
    locations_by_feature: Pairs,
}

type Pairs = OrdSet<(EntityId, EntityId)>;

const FIRST: EntityId = EntityId(u64::MIN);
const LAST: EntityId = EntityId(u64::MAX);

fn children(pairs: &Pairs, parent: EntityId) -> impl Iterator<Item = EntityId> + '_ {
    pairs.range((parent, FIRST)..=(parent, LAST)).map(|&(_, child)| child)
}

impl Catalogue {
    /// The things that are at a location now.
    pub fn things_at(&self, location: EntityId) -> impl Iterator<Item = EntityId> + '_ {
        children(&self.things_by_location, location)
    }

    /// A thing's historical locations, oldest first.
    pub fn history_of(&self, thing: EntityId) -> impl DoubleEndedIterator<Item = EntityId> + '_ {
        let first = (thing, time::PrimitiveDateTime::MIN.assume_utc(), FIRST);
        let last = (thing, time::PrimitiveDateTime::MAX.assume_utc(), LAST);
        self.historical_by_thing.range(first..=last).map(|&(_, _, id)| id)
    }

    pub fn history_at(&self, location: EntityId) -> impl Iterator<Item = EntityId> + '_ {
        children(&self.historical_by_location, location)
    }

    /// Multi-datastreams too, as everywhere here.
    pub fn datastreams_of(&self, thing: EntityId) -> impl Iterator<Item = EntityId> + '_ {
        children(&self.datastreams_by_thing, thing)
    }

    pub fn datastreams_by(&self, sensor: EntityId) -> impl Iterator<Item = EntityId> + '_ {
        children(&self.datastreams_by_sensor, sensor)
    }

    pub fn datastreams_for(&self, property: EntityId) -> impl Iterator<Item = EntityId> + '_ {
        children(&self.datastreams_by_property, property)
    }

    /// The locations of which a feature of interest was made.
    pub fn locations_behind(&self, feature: EntityId) -> impl Iterator<Item = EntityId> + '_ {
        children(&self.locations_by_feature, feature)
    }

    pub fn contains(&self, kind: EntityKind, id: EntityId) -> bool {
        match kind {
            EntityKind::Thing => self.things.contains_key(&id),
            EntityKind::Location => self.locations.contains_key(&id),
            EntityKind::HistoricalLocation => self.historical_locations.contains_key(&id),
            EntityKind::Datastream | EntityKind::MultiDatastream => {
                self.datastreams.get(&id).is_some_and(|it| it.kind() == kind)
            }
            EntityKind::Sensor => self.sensors.contains_key(&id),
            EntityKind::ObservedProperty => self.observed_properties.contains_key(&id),
            EntityKind::FeatureOfInterest => self.features.contains_key(&id),
            EntityKind::Observation => false,
        }
    }

    /// Adds an entity, or replaces the one of its kind and id.
    pub fn put(&mut self, entity: Entity) {
        self.remove(entity.kind(), entity.id());
        match entity {
            Entity::Thing(it) => self.put_thing(it),
            Entity::Location(it) => self.put_location(it),
            Entity::HistoricalLocation(it) => self.put_historical(it),
            Entity::Datastream(it) => self.put_datastream(it),
            Entity::Sensor(it) => drop(self.sensors.insert(it.id, Arc::new(it))),
            Entity::ObservedProperty(it) => {
                drop(self.observed_properties.insert(it.id, Arc::new(it)));
            }
            Entity::FeatureOfInterest(it) => drop(self.features.insert(it.id, Arc::new(it))),
        }
    }

    fn put_thing(&mut self, thing: Thing) {
        for &location in &thing.locations {
            self.things_by_location.insert((location, thing.id));
        }
        self.things.insert(thing.id, Arc::new(thing));
    }

    fn put_location(&mut self, location: Location) {
        if let Some(feature) = location.feature {
            self.locations_by_feature.insert((feature, location.id));
        }
        self.locations.insert(location.id, Arc::new(location));
    }

    fn put_historical(&mut self, stay: HistoricalLocation) {
        self.historical_by_thing.insert((stay.thing, stay.time, stay.id));
        for &location in &stay.locations {
            self.historical_by_location.insert((location, stay.id));
        }
        self.historical_locations.insert(stay.id, Arc::new(stay));
    }

    fn put_datastream(&mut self, datastream: Datastream) {
        self.datastreams_by_thing.insert((datastream.thing, datastream.id));
        self.datastreams_by_sensor.insert((datastream.sensor, datastream.id));
        for channel in &datastream.channels {
            self.datastreams_by_property.insert((channel.observed_property, datastream.id));
        }
        self.datastreams.insert(datastream.id, Arc::new(datastream));
    }

    /// Takes an entity out; one that is not there is passed over.
    pub fn remove(&mut self, kind: EntityKind, id: EntityId) {
        match kind {
            EntityKind::Thing => self.remove_thing(id),
            EntityKind::Location => self.remove_location(id),
            EntityKind::HistoricalLocation => self.remove_historical(id),
            EntityKind::Datastream | EntityKind::MultiDatastream => self.remove_datastream(id),
            EntityKind::Sensor => drop(self.sensors.remove(&id)),
            EntityKind::ObservedProperty => drop(self.observed_properties.remove(&id)),
            EntityKind::FeatureOfInterest => drop(self.features.remove(&id)),
            EntityKind::Observation => {}
        }
    }

    fn remove_thing(&mut self, id: EntityId) {
        let Some(thing) = self.things.remove(&id) else { return };
        for &location in &thing.locations {
            self.things_by_location.remove(&(location, id));
        }
    }

    fn remove_location(&mut self, id: EntityId) {
        let Some(location) = self.locations.remove(&id) else { return };
        if let Some(feature) = location.feature {
            self.locations_by_feature.remove(&(feature, id));
        }
    }

    fn remove_historical(&mut self, id: EntityId) {
        let Some(stay) = self.historical_locations.remove(&id) else { return };
        self.historical_by_thing.remove(&(stay.thing, stay.time, id));
        for &location in &stay.locations {
            self.historical_by_location.remove(&(location, id));
        }
    }

    fn remove_datastream(&mut self, id: EntityId) {
        let Some(datastream) = self.datastreams.remove(&id) else { return };
        self.datastreams_by_thing.remove(&(datastream.thing, id));
        self.datastreams_by_sensor.remove(&(datastream.sensor, id));
        for channel in &datastream.channels {
            self.datastreams_by_property.remove(&(channel.observed_property, id));
        }
    }
}
