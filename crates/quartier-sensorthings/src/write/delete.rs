//! Deleting, with what cannot be without the deleted (18-088, Table 25).

use quartier_model::{Entity, EntityId, EntityKind};

use super::{
    links::{self, Node},
    work::Work,
};

impl Work<'_> {
    /// Deletes an entity. The store takes the observations of datastreams and features of interest along.
    pub(super) fn delete(&mut self, node: Node) {
        let (kind, id) = node;
        match kind {
            EntityKind::Thing => {
                self.delete_stays(self.catalogue.history_of(id).collect());
                self.delete_datastreams(self.catalogue.datastreams_of(id).collect());
            }
            EntityKind::Location => self.leave(id),
            EntityKind::Sensor => {
                self.delete_datastreams(self.catalogue.datastreams_by(id).collect());
            }
            EntityKind::ObservedProperty => {
                self.delete_datastreams(self.catalogue.datastreams_for(id).collect());
            }
            EntityKind::FeatureOfInterest => self.forget_feature(id),
            EntityKind::Observation => return self.remove_observation(id),
            EntityKind::HistoricalLocation
            | EntityKind::Datastream
            | EntityKind::MultiDatastream => {}
        }
        self.remove(node);
    }

    pub(super) fn delete_if_there(&mut self, node: Node) {
        if node.0 == EntityKind::Observation || self.catalogue.contains(node.0, node.1) {
            self.delete(node);
        }
    }

    fn delete_stays(&mut self, stays: Vec<EntityId>) {
        for stay in stays {
            self.remove((EntityKind::HistoricalLocation, stay));
        }
    }

    fn delete_datastreams(&mut self, datastreams: Vec<EntityId>) {
        for id in datastreams {
            let Some(kind) = self.catalogue.datastreams.get(&id).map(|it| it.kind()) else {
                continue;
            };
            self.remove((kind, id));
        }
    }

    /// Things leave a location that is deleted, and their stays there are deleted with it.
    fn leave(&mut self, location: EntityId) {
        self.delete_stays(self.catalogue.history_at(location).collect());
        let things: Vec<_> = self.catalogue.things_at(location).collect();
        for thing in things {
            let found = links::entity(&self.catalogue, (EntityKind::Thing, thing));
            let Some(Entity::Thing(mut it)) = found else { continue };
            it.locations.retain(|&id| id != location);
            self.put(Entity::Thing(it));
        }
    }

    fn forget_feature(&mut self, feature: EntityId) {
        let locations: Vec<_> = self.catalogue.locations_behind(feature).collect();
        for location in locations {
            let found = links::entity(&self.catalogue, (EntityKind::Location, location));
            let Some(Entity::Location(mut it)) = found else { continue };
            it.feature = None;
            self.put(Entity::Location(it));
        }
    }
}
