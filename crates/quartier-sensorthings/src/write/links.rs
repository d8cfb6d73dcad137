//! Which entities are linked, in a catalogue.

use quartier_model::{Entity, EntityId, EntityKind, Observation};
use quartier_twin::sensors::Catalogue;

/// One entity of a kind.
pub(crate) type Node = (EntityKind, EntityId);

pub(super) fn entity(catalogue: &Catalogue, (kind, id): Node) -> Option<Entity> {
    if !catalogue.contains(kind, id) {
        return None;
    }
    match kind {
        EntityKind::Thing => catalogue.things.get(&id).map(|it| Entity::Thing((**it).clone())),
        EntityKind::Location => {
            catalogue.locations.get(&id).map(|it| Entity::Location((**it).clone()))
        }
        EntityKind::HistoricalLocation => catalogue
            .historical_locations
            .get(&id)
            .map(|it| Entity::HistoricalLocation((**it).clone())),
        EntityKind::Datastream | EntityKind::MultiDatastream => {
            catalogue.datastreams.get(&id).map(|it| Entity::Datastream((**it).clone()))
        }
        EntityKind::Sensor => catalogue.sensors.get(&id).map(|it| Entity::Sensor((**it).clone())),
        EntityKind::ObservedProperty => catalogue
            .observed_properties
            .get(&id)
            .map(|it| Entity::ObservedProperty((**it).clone())),
        EntityKind::FeatureOfInterest => {
            catalogue.features.get(&id).map(|it| Entity::FeatureOfInterest((**it).clone()))
        }
        EntityKind::Observation => None,
    }
}

/// The one entity of a kind to which another leads.
pub(super) fn one(catalogue: &Catalogue, from: Node, to: EntityKind) -> Option<EntityId> {
    let found = match from.0 {
        EntityKind::HistoricalLocation => {
            let stay = catalogue.historical_locations.get(&from.1)?;
            (to == EntityKind::Thing).then_some(stay.thing)
        }
        EntityKind::Datastream | EntityKind::MultiDatastream => {
            let datastream = catalogue.datastreams.get(&from.1)?;
            match to {
                EntityKind::Thing => Some(datastream.thing),
                EntityKind::Sensor => Some(datastream.sensor),
                EntityKind::ObservedProperty if !datastream.is_multi => {
                    datastream.channels.first().map(|channel| channel.observed_property)
                }
                _ => None,
            }
        }
        _ => None,
    };
    found.filter(|&id| catalogue.contains(to, id))
}

/// The one entity of a kind to which an observation leads.
pub(crate) fn one_of_observation(
    catalogue: &Catalogue,
    observation: &Observation,
    to: EntityKind,
) -> Option<EntityId> {
    let id = match to {
        EntityKind::Datastream | EntityKind::MultiDatastream => observation.datastream,
        EntityKind::FeatureOfInterest => observation.feature,
        _ => return None,
    };
    catalogue.contains(to, id).then_some(id)
}

/// Whether an entity has another in a link to many. Observations are asked about with [`one_of_observation`].
pub(crate) fn has(catalogue: &Catalogue, from: Node, to: Node) -> bool {
    use EntityKind::{HistoricalLocation, Location, MultiDatastream, ObservedProperty, Thing};
    if one(catalogue, to, from.0) == Some(from.1) {
        return true;
    }
    match (from.0, to.0) {
        (Thing, Location) => is_at(catalogue, from.1, to.1),
        (Location, Thing) => is_at(catalogue, to.1, from.1),
        (HistoricalLocation, Location) => was_at(catalogue, from.1, to.1),
        (Location, HistoricalLocation) => was_at(catalogue, to.1, from.1),
        (MultiDatastream, ObservedProperty) => observes(catalogue, from.1, to.1),
        (ObservedProperty, MultiDatastream) => observes(catalogue, to.1, from.1),
        _ => false,
    }
}

fn is_at(catalogue: &Catalogue, thing: EntityId, location: EntityId) -> bool {
    catalogue.things.get(&thing).is_some_and(|it| it.locations.contains(&location))
}

fn was_at(catalogue: &Catalogue, stay: EntityId, location: EntityId) -> bool {
    catalogue.historical_locations.get(&stay).is_some_and(|it| it.locations.contains(&location))
}

fn observes(catalogue: &Catalogue, datastream: EntityId, property: EntityId) -> bool {
    let datastream = catalogue.datastreams.get(&datastream).filter(|it| it.is_multi);
    datastream.is_some_and(|it| it.channels.iter().any(|it| it.observed_property == property))
}
