use std::collections::BTreeSet;

use quartier_model::{Entity, EntityId, NewObservation};
use quartier_store::{Appended, SensorBatch};

use super::queue::Waiting;
use crate::{
    Error, Result,
    sensors::{AutoFeature, Catalogue, Numbers, feature_of_interest},
};

/// Callers whose observations are written together.
#[derive(Debug)]
pub(super) struct Group {
    callers: Vec<Waiting>,
    /// How many observations of the batch are whose.
    lengths: Vec<usize>,
    /// Features of interest that are not there before the batch is written.
    made: BTreeSet<EntityId>,
}

impl Group {
    /// Puts callers' observations into a batch. A caller that names what is not there is answered, and left out.
    pub(super) fn gather(
        callers: Vec<Waiting>,
        catalogue: &Catalogue,
        numbers: &mut Numbers,
    ) -> (Self, SensorBatch) {
        let mut draft =
            Draft { catalogue: catalogue.clone(), numbers, batch: SensorBatch::default() };
        let mut group = Self { callers: Vec::new(), lengths: Vec::new(), made: BTreeSet::new() };
        for mut caller in callers {
            match draft.settle(&mut caller.rows) {
                Ok(()) => {
                    group.lengths.push(caller.rows.len());
                    draft.batch.observations.append(&mut caller.rows);
                    group.callers.push(caller);
                }
                Err(error) => caller.answer(Err(error)),
            }
        }
        let batch = draft.batch;
        group.made = batch.puts.iter().filter_map(made).collect();
        (group, batch)
    }

    pub(super) fn len(&self) -> usize {
        self.callers.len()
    }

    pub(super) fn callers(&self) -> impl Iterator<Item = (&Waiting, usize)> {
        self.callers.iter().zip(self.lengths.iter().copied())
    }

    /// The callers as they were, with their observations.
    pub(super) fn take_apart(self, batch: SensorBatch) -> Vec<Waiting> {
        let mut rows = batch.observations.into_iter().map(|mut row| {
            row.feature = row.feature.filter(|feature| !self.made.contains(feature));
            row
        });
        let mut callers = self.callers;
        for (caller, length) in callers.iter_mut().zip(self.lengths) {
            caller.rows.extend(rows.by_ref().take(length));
        }
        callers
    }

    pub(super) fn answer(self, appended: &[Appended]) {
        let mut rest = appended;
        for (caller, length) in self.callers.into_iter().zip(self.lengths) {
            let (mine, others) = rest.split_at(length.min(rest.len()));
            caller.answer(Ok(mine.to_vec()));
            rest = others;
        }
    }
}

fn made(entity: &Entity) -> Option<EntityId> {
    match entity {
        Entity::FeatureOfInterest(feature) => Some(feature.id),
        _ => None,
    }
}

/// A batch that grows, and the catalogue as it will be.
struct Draft<'a> {
    catalogue: Catalogue,
    numbers: &'a mut Numbers,
    batch: SensorBatch,
}

impl Draft<'_> {
    /// Gives every row its feature of interest; what one caller's rows need is made once for all that follow.
    fn settle(&mut self, rows: &mut [NewObservation]) -> Result<()> {
        for row in rows.iter() {
            self.check(row)?;
        }
        for row in rows.iter_mut().filter(|row| row.feature.is_none()) {
            row.feature = Some(self.feature(row.datastream)?);
        }
        Ok(())
    }

    fn check(&self, row: &NewObservation) -> Result<()> {
        if !self.catalogue.datastreams.contains_key(&row.datastream) {
            return Err(Error::UnknownDatastream(row.datastream));
        }
        match row.feature.filter(|feature| !self.catalogue.features.contains_key(feature)) {
            Some(unknown) => Err(Error::UnknownFeature(unknown)),
            None => Ok(()),
        }
    }

    fn feature(&mut self, datastream: EntityId) -> Result<EntityId> {
        let found = feature_of_interest(&self.catalogue, datastream, self.numbers)?;
        let id = found.id();
        if let AutoFeature::Made { feature, location } = found {
            for entity in [Entity::FeatureOfInterest(feature), Entity::Location(location)] {
                self.catalogue.put(entity.clone());
                self.batch.puts.push(entity);
            }
        }
        Ok(id)
    }
}
