use std::sync::Arc;

use imbl::OrdMap;
use quartier_model::{EntityId, EntityKind};
use quartier_store::Summary;
use quartier_twin::sensors::{Catalogue, Sensors, Summaries};

use super::Row;
use crate::path::Navigation;

/// What a request sees of the twin: entities and what is kept of observations as they were at its start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) summaries: &'a Summaries,
    /// For observations.
    pub(crate) sensors: &'a Sensors,
}

impl<'a> View<'a> {
    /// The entity, unless it is an observation: those are in the store.
    pub(crate) fn find(self, kind: EntityKind, id: EntityId) -> Option<Row<'a>> {
        let catalogue = self.catalogue;
        match kind {
            EntityKind::Thing => found(&catalogue.things, id, Row::Thing),
            EntityKind::Location => found(&catalogue.locations, id, Row::Location),
            EntityKind::HistoricalLocation => {
                found(&catalogue.historical_locations, id, Row::HistoricalLocation)
            }
            EntityKind::Datastream | EntityKind::MultiDatastream => {
                found(&catalogue.datastreams, id, Row::Datastream).filter(|row| row.kind() == kind)
            }
            EntityKind::Sensor => found(&catalogue.sensors, id, Row::Sensor),
            EntityKind::ObservedProperty => {
                found(&catalogue.observed_properties, id, Row::ObservedProperty)
            }
            EntityKind::FeatureOfInterest => found(&catalogue.features, id, Row::FeatureOfInterest),
            EntityKind::Observation => None,
        }
    }

    /// All entities of a kind by id; no observations.
    pub(crate) fn all(self, kind: EntityKind) -> Box<dyn Iterator<Item = Row<'a>> + 'a> {
        let catalogue = self.catalogue;
        match kind {
            EntityKind::Thing => every(&catalogue.things, Row::Thing),
            EntityKind::Location => every(&catalogue.locations, Row::Location),
            EntityKind::HistoricalLocation => {
                every(&catalogue.historical_locations, Row::HistoricalLocation)
            }
            EntityKind::Datastream | EntityKind::MultiDatastream => Box::new(
                every(&catalogue.datastreams, Row::Datastream)
                    .filter(move |row| row.kind() == kind),
            ),
            EntityKind::Sensor => every(&catalogue.sensors, Row::Sensor),
            EntityKind::ObservedProperty => {
                every(&catalogue.observed_properties, Row::ObservedProperty)
            }
            EntityKind::FeatureOfInterest => every(&catalogue.features, Row::FeatureOfInterest),
            EntityKind::Observation => Box::new(std::iter::empty()),
        }
    }

    /// Where a link leads, in the order of the ids; a multi-datastream's observed properties in that of its channels.
    /// Observations are left out.
    pub(crate) fn linked(self, row: &Row<'a>, link: Navigation) -> Vec<Row<'a>> {
        let ids = self.linked_ids(row, link.to);
        ids.into_iter().filter_map(|id| self.find(link.to, id)).collect()
    }

    fn linked_ids(self, row: &Row<'a>, to: EntityKind) -> Vec<EntityId> {
        let catalogue = self.catalogue;
        match (row, to) {
            (Row::Thing(it), EntityKind::Location) => sorted(&it.locations),
            (Row::Thing(it), EntityKind::HistoricalLocation) => {
                sorted(&catalogue.history_of(it.id).collect::<Vec<_>>())
            }
            (Row::Thing(it), _) => catalogue.datastreams_of(it.id).collect(),
            (Row::Location(it), EntityKind::Thing) => catalogue.things_at(it.id).collect(),
            (Row::Location(it), _) => catalogue.history_at(it.id).collect(),
            (Row::HistoricalLocation(it), EntityKind::Thing) => vec![it.thing],
            (Row::HistoricalLocation(it), _) => sorted(&it.locations),
            (Row::Datastream(it), EntityKind::Thing) => vec![it.thing],
            (Row::Datastream(it), EntityKind::Sensor) => vec![it.sensor],
            (Row::Datastream(it), EntityKind::ObservedProperty) => {
                it.channels.iter().map(|channel| channel.observed_property).collect()
            }
            (Row::Sensor(it), _) => catalogue.datastreams_by(it.id).collect(),
            (Row::ObservedProperty(it), _) => catalogue.datastreams_for(it.id).collect(),
            (Row::Observation(it), EntityKind::FeatureOfInterest) => vec![it.feature],
            (Row::Observation(it), _) => vec![it.datastream],
            (Row::Datastream(_) | Row::FeatureOfInterest(_), _) => Vec::new(),
        }
    }

    /// `None` where a datastream has no observations.
    pub(crate) fn summary(self, datastream: EntityId) -> Option<&'a Summary> {
        self.summaries.get(&datastream).map(Arc::as_ref)
    }
}

fn found<'a, T>(
    map: &'a OrdMap<EntityId, Arc<T>>,
    id: EntityId,
    row: fn(&'a T) -> Row<'a>,
) -> Option<Row<'a>> {
    map.get(&id).map(|entity| row(entity))
}

fn every<'a, T>(
    map: &'a OrdMap<EntityId, Arc<T>>,
    row: fn(&'a T) -> Row<'a>,
) -> Box<dyn Iterator<Item = Row<'a>> + 'a> {
    Box::new(map.values().map(move |entity| row(entity)))
}

fn sorted(ids: &[EntityId]) -> Vec<EntityId> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids
}
