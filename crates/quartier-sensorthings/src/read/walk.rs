use std::sync::Arc;

use quartier_model::{EntityId, EntityKind, Observation};
use quartier_store::{ObservationFilter, ObservationQuery};

use super::{Reader, Source};
use crate::{
    Error, Result,
    entities::Row,
    path::{Cardinality, Navigation, ResourcePath, Step, entity_name},
};

/// Where a path leads.
#[derive(Debug)]
pub(crate) enum Target<'a> {
    One(Row<'a>),
    Many(Source<'a>),
}

impl<'a> Reader<'a> {
    /// Follows a path; an entity that is not on it, is not there.
    pub(crate) fn walk(&self, path: &ResourcePath) -> Result<Target<'a>> {
        let Some(id) = path.id else { return Ok(Target::Many(Source::all(path.start))) };
        let mut row = self.find(path.start, id)?;
        for step in &path.steps {
            match self.step(&row, step)? {
                Target::One(next) => row = next,
                many @ Target::Many(_) => return Ok(many),
            }
        }
        Ok(Target::One(row))
    }

    fn step(&self, row: &Row<'a>, step: &Step) -> Result<Target<'a>> {
        let link = step.link;
        match (link.cardinality, step.id) {
            (Cardinality::Many, None) => Ok(Target::Many(Source::linked(row.clone(), link))),
            (Cardinality::Many, Some(id)) => self.one_of_many(row, link, id).map(Target::One),
            (Cardinality::One, _) => {
                let found = self.view.linked(row, link).into_iter().next();
                found.map(Target::One).ok_or_else(|| {
                    Error::NotFound(format!("{} has no {link}", called(row.kind(), row.id())))
                })
            }
        }
    }

    fn one_of_many(&self, row: &Row<'a>, link: Navigation, id: EntityId) -> Result<Row<'a>> {
        let child = self.find(link.to, id)?;
        let is_linked = match (&child, row) {
            (Row::Observation(it), Row::FeatureOfInterest(feature)) => it.feature == feature.id,
            (Row::Observation(it), _) => it.datastream == row.id(),
            _ => self.view.linked(row, link).iter().any(|other| other.id() == id),
        };
        if is_linked {
            return Ok(child);
        }
        let (child, parent) = (called(link.to, id), called(row.kind(), row.id()));
        Err(Error::NotFound(format!("{child} is not among the {link} of {parent}")))
    }

    /// One entity of any kind.
    pub(crate) fn find(&self, kind: EntityKind, id: EntityId) -> Result<Row<'a>> {
        let found = match kind {
            EntityKind::Observation => {
                self.observation(id)?.map(|it| Row::Observation(Arc::new(it)))
            }
            _ => self.view.find(kind, id),
        };
        found.ok_or_else(|| Error::NotFound(format!("there is no {}", called(kind, id))))
    }

    fn observation(&self, id: EntityId) -> Result<Option<Observation>> {
        // The databases count in signed integers: no entity has a number beyond them.
        if i64::try_from(id.0).is_err() {
            return Ok(None);
        }
        let filter = ObservationFilter { ids: Some(vec![id]), ..ObservationFilter::default() };
        let query = ObservationQuery { filter, limit: 1, ..ObservationQuery::default() };
        Ok(self.wait(self.view.sensors.observations(&query))?.into_iter().next())
    }
}

fn called(kind: EntityKind, id: EntityId) -> String {
    format!("{}({id})", entity_name(kind))
}
