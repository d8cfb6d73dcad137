use std::fmt;

use quartier_model::EntityKind::{
    self, Datastream, FeatureOfInterest, HistoricalLocation, Location, MultiDatastream,
    Observation, ObservedProperty, Sensor, Thing,
};

use Cardinality::{Many, One};

/// A link from one kind of entity to another. Between two kinds there is never more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Navigation {
    pub name: &'static str,
    pub from: EntityKind,
    pub to: EntityKind,
    pub cardinality: Cardinality,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cardinality {
    One,
    Many,
}

/// The kind's entity and entity set, as URLs and links call them.
const NAMES: [(EntityKind, &str, &str); 9] = [
    (Thing, "Thing", "Things"),
    (Location, "Location", "Locations"),
    (HistoricalLocation, "HistoricalLocation", "HistoricalLocations"),
    (Datastream, "Datastream", "Datastreams"),
    (MultiDatastream, "MultiDatastream", "MultiDatastreams"),
    (Sensor, "Sensor", "Sensors"),
    (ObservedProperty, "ObservedProperty", "ObservedProperties"),
    (Observation, "Observation", "Observations"),
    (FeatureOfInterest, "FeatureOfInterest", "FeaturesOfInterest"),
];

const NAVIGATIONS: [Navigation; 24] = [
    link(Thing, Many, Datastream),
    link(Thing, Many, MultiDatastream),
    link(Thing, Many, Location),
    link(Thing, Many, HistoricalLocation),
    link(Location, Many, Thing),
    link(Location, Many, HistoricalLocation),
    link(HistoricalLocation, One, Thing),
    link(HistoricalLocation, Many, Location),
    link(Datastream, One, Thing),
    link(Datastream, One, Sensor),
    link(Datastream, One, ObservedProperty),
    link(Datastream, Many, Observation),
    link(MultiDatastream, One, Thing),
    link(MultiDatastream, One, Sensor),
    link(MultiDatastream, Many, ObservedProperty),
    link(MultiDatastream, Many, Observation),
    link(Sensor, Many, Datastream),
    link(Sensor, Many, MultiDatastream),
    link(ObservedProperty, Many, Datastream),
    link(ObservedProperty, Many, MultiDatastream),
    link(Observation, One, Datastream),
    link(Observation, One, MultiDatastream),
    link(Observation, One, FeatureOfInterest),
    link(FeatureOfInterest, Many, Observation),
];

/// The link of this name at entities of this kind.
pub fn navigate(from: EntityKind, name: &str) -> Option<Navigation> {
    navigations(from).find(|link| link.name == name)
}

/// All links of a kind, in the order in which answers list them.
pub fn navigations(from: EntityKind) -> impl Iterator<Item = Navigation> {
    NAVIGATIONS.into_iter().filter(move |link| link.from == from)
}

/// The kind whose entity set has this name (`Things`).
pub fn entity_set(name: &str) -> Option<EntityKind> {
    NAMES.iter().find(|(_, _, set)| *set == name).map(|(kind, _, _)| *kind)
}

/// `Things`, for [`EntityKind::Thing`].
pub const fn set_name(kind: EntityKind) -> &'static str {
    NAMES[kind as usize].2
}

/// `Thing`, for [`EntityKind::Thing`].
pub const fn entity_name(kind: EntityKind) -> &'static str {
    NAMES[kind as usize].1
}

const fn link(from: EntityKind, cardinality: Cardinality, to: EntityKind) -> Navigation {
    let name = match cardinality {
        One => entity_name(to),
        Many => set_name(to),
    };
    Navigation { name, from, to, cardinality }
}

impl fmt::Display for Navigation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_at_its_place_in_the_table_of_names() {
        for (kind, entity, set) in NAMES {
            assert_eq!((entity_name(kind), set_name(kind)), (entity, set));
            assert_eq!(entity_set(set), Some(kind));
        }
    }

    #[test]
    fn links_are_called_as_in_the_standard() {
        let many = navigate(MultiDatastream, "ObservedProperties").unwrap();
        assert_eq!((many.to, many.cardinality), (ObservedProperty, Many));
        let one = navigate(Observation, "MultiDatastream").unwrap();
        assert_eq!((one.to, one.cardinality), (MultiDatastream, One));
        assert_eq!(navigate(Thing, "Observations"), None);
        assert_eq!(navigate(Thing, "datastreams"), None);
    }

    #[test]
    fn between_two_kinds_there_is_at_most_one_link() {
        for one in NAVIGATIONS {
            let same = navigations(one.from).filter(|other| other.to == one.to);
            assert_eq!(same.count(), 1, "{one:?}");
        }
    }
}
