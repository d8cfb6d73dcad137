use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    ops::ControlFlow,
    sync::Arc,
};

use quartier_model::{EntityId, Observation};
use quartier_store::{ObservationFilter, ObservationOrder, ObservationQuery, OrderBy};

use super::order::place;
use crate::{
    Result,
    entities::Row,
    evaluate::Linked,
    read::{Reader, known::Known},
};

/// The newest come first: a filter is more often about them, and every store finds them by index.
const NEWEST_FIRST: ObservationOrder =
    ObservationOrder { by: OrderBy::PhenomenonTime, is_descending: true };

/// How many observations of a datastream are looked at first.
const FIRST: u32 = 100;

/// And at most at once, when none before was the one.
const AT_ONCE_MAX: u32 = 20_000;

/// After so many datastreams, one for each of all datastreams is asked for at once.
const SINGLY_MAX: usize = 8;

/// What has been seen of observations behind links, for a filter of other entities.
#[derive(Debug, Default)]
pub(in crate::read) struct Glimpses {
    /// What an observation must fulfil to matter.
    filter: RefCell<ObservationFilter>,
    seen: RefCell<HashMap<EntityId, Glimpse>>,
    asked: Cell<usize>,
}

/// The first observations of a datastream that matter.
#[derive(Debug, Clone)]
struct Glimpse {
    observations: Arc<[Arc<Observation>]>,
    is_all: bool,
}

impl Glimpses {
    /// From now on only such observations matter.
    pub(in crate::read) fn restart(&self, filter: &ObservationFilter) {
        if *self.filter.borrow() != *filter {
            self.filter.replace(filter.clone());
            self.seen.borrow_mut().clear();
            self.asked.set(0);
        }
    }
}

impl Known<'_, '_> {
    /// Shows the observations that matter, of a datastream or a feature of interest.
    pub(in crate::read) fn each_observation(
        &self,
        see: &mut dyn FnMut(Self) -> ControlFlow<()>,
    ) -> Linked<()> {
        match self.show_each(see) {
            Ok(true) => Linked::Known(()),
            Ok(false) => Linked::Nothing,
            Err(error) => {
                self.reader.fail(error);
                Linked::Unknown
            }
        }
    }

    /// Says whether there was one.
    fn show_each(&self, see: &mut dyn FnMut(Self) -> ControlFlow<()>) -> Result<bool> {
        let mut glimpse = self.reader.glimpse(&self.row)?;
        let mut limit = FIRST;
        let mut was_there = false;
        loop {
            was_there |= !glimpse.observations.is_empty();
            let mut rows = glimpse.observations.iter().cloned().map(Row::Observation);
            if rows.any(|row| see(Self { reader: self.reader, row }).is_break()) {
                return Ok(true);
            }
            let Some(last) = glimpse.observations.last().filter(|_| !glimpse.is_all) else {
                return Ok(was_there);
            };
            limit = (limit * 4).min(AT_ONCE_MAX);
            glimpse = self.reader.look(&self.row, Some(last), limit)?;
        }
    }
}

impl<'a> Reader<'a> {
    fn glimpse(&self, row: &Row<'a>) -> Result<Glimpse> {
        let nothing = Glimpse { observations: Arc::default(), is_all: true };
        let Row::Datastream(datastream) = row else { return self.look(row, None, FIRST) };
        if self.view.summary(datastream.id).is_none() {
            return Ok(nothing);
        }
        if let Some(seen) = self.glimpses.seen.borrow().get(&datastream.id) {
            return Ok(seen.clone());
        }
        let asked = self.glimpses.asked.replace(self.glimpses.asked.get() + 1);
        if asked < SINGLY_MAX {
            let glimpse = self.look(row, None, FIRST)?;
            self.glimpses.seen.borrow_mut().insert(datastream.id, glimpse.clone());
            return Ok(glimpse);
        }
        self.look_at_all()?;
        Ok(self.glimpses.seen.borrow().get(&datastream.id).cloned().unwrap_or(nothing))
    }

    /// The first observation that matters of every datastream, in one question.
    fn look_at_all(&self) -> Result<()> {
        let filter = self.glimpses.filter.borrow().clone();
        let query = ObservationQuery {
            filter,
            order: NEWEST_FIRST,
            limit: 1,
            for_each_datastream: true,
            ..ObservationQuery::default()
        };
        let found = self.wait(self.view.sensors.observations(&query))?;
        let mut seen = self.glimpses.seen.borrow_mut();
        for &id in self.view.summaries.keys() {
            seen.entry(id).or_insert(Glimpse { observations: Arc::default(), is_all: true });
        }
        for observation in found {
            let datastream = observation.datastream;
            let first = Glimpse { observations: [Arc::new(observation)].into(), is_all: false };
            seen.insert(datastream, first);
        }
        Ok(())
    }

    fn look(&self, row: &Row<'a>, after: Option<&Arc<Observation>>, limit: u32) -> Result<Glimpse> {
        let mut filter = self.glimpses.filter.borrow().clone();
        match row {
            Row::FeatureOfInterest(it) => filter.features = Some(vec![it.id]),
            _ => filter.datastreams = Some(vec![row.id()]),
        }
        let after = after.map(|last| place(last, NEWEST_FIRST));
        let query = ObservationQuery {
            filter,
            order: NEWEST_FIRST,
            after,
            limit,
            ..ObservationQuery::default()
        };
        let found = self.wait(self.view.sensors.observations(&query))?;
        let is_all = found.len() < limit as usize;
        Ok(Glimpse { observations: found.into_iter().map(Arc::new).collect(), is_all })
    }
}
