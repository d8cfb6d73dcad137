use std::collections::HashMap;

use quartier_model::{EntityId, NewObservation, Repeats};

use super::{Appended, row::Row};
use crate::Result;

/// A batch's observations as rows; repeats within the batch share one.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    pub(crate) rows: Vec<Row>,
    /// For each observation of the batch, the place of its row.
    places: Vec<usize>,
}

/// Datastream, start and end of the phenomenon time, result time.
pub(crate) type Key = (i64, i64, i64, i64);

impl Row {
    pub(crate) fn key(&self) -> Key {
        (self.datastream, self.start_us, self.end_us, self.result_us)
    }
}

impl Incoming {
    pub(crate) fn new(observations: &[NewObservation]) -> Result<Self> {
        let mut incoming = Self::default();
        let mut merged: HashMap<Key, usize> = HashMap::with_capacity(observations.len());
        for observation in observations {
            let row = Row::new(observation)?;
            let next = incoming.rows.len();
            let place = match observation.repeats {
                Repeats::Kept => next,
                Repeats::Merged => *merged.entry(row.key()).or_insert(next),
            };
            if place == next {
                incoming
                    .rows
                    .push(Row { copy: i64::from(observation.repeats == Repeats::Kept), ..row });
            }
            incoming.places.push(place);
        }
        Ok(incoming)
    }

    /// Gives the rows their numbers, in the batch's order.
    pub(crate) fn number(&mut self, first: i64) {
        for (row, id) in self.rows.iter_mut().zip(first..) {
            row.id = id;
            row.copy *= id;
        }
    }

    /// What became of each observation, where `taken` has the ids of the rows that had been taken before, by the ids
    /// that they were given here.
    pub(crate) fn appended(&self, taken: &HashMap<i64, i64>) -> Vec<Appended> {
        let mut is_told = vec![false; self.rows.len()];
        let appended = |&place: &usize| {
            let id = self.rows[place].id;
            let before = taken.get(&id).copied();
            let is_new = before.is_none() && !std::mem::replace(&mut is_told[place], true);
            Appended { id: EntityId(before.unwrap_or(id).cast_unsigned()), is_new }
        };
        self.places.iter().map(appended).collect()
    }
}
