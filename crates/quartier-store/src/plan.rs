use std::collections::HashMap;

use quartier_model::{FeatureId, ObjectId};

use crate::{
    Existing, Outcome, Receipt, Sequence,
    fingerprint::Fingerprint,
    prepare::{Prepared, Put},
};

/// The newest version of an object, current or deleted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    pub(crate) fid: FeatureId,
    pub(crate) version: u32,
    pub(crate) fingerprint: Fingerprint,
}

pub(crate) type ById = HashMap<String, Known>;

/// What a batch does to the tables.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    /// Versions to write.
    pub(crate) rows: Vec<Row<'a>>,
    /// Objects whose current version moves to the history first.
    pub(crate) closed: Vec<FeatureId>,
    pub(crate) deleted: Vec<FeatureId>,
    outcomes: Vec<(FeatureId, Outcome)>,
}

#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) fid: FeatureId,
    pub(crate) version: u32,
    pub(crate) put: &'a Put,
}

/// The ids that a batch speaks of.
pub(crate) fn ids(prepared: &Prepared) -> Vec<&str> {
    let puts = prepared.puts.iter().map(|put| &put.object.feature.id);
    puts.chain(&prepared.deletes).map(ObjectId::as_str).collect()
}

/// The ids to put that are not current: they may have been, before they were deleted.
pub(crate) fn not_current<'a>(prepared: &'a Prepared, current: &ById) -> Vec<&'a str> {
    let puts = prepared.puts.iter().map(|put| put.object.feature.id.as_str());
    puts.filter(|id| !current.contains_key(*id)).collect()
}

/// What writing the puts would do to the current versions.
pub(crate) fn outcomes(prepared: &Prepared, current: &ById) -> Vec<Outcome> {
    let plan = Plan::new(prepared, current, &ById::new(), (0..).map(FeatureId));
    plan.outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

impl<'a> Plan<'a> {
    /// Compares a batch with the current versions and with the newest ones of deleted objects; objects in neither
    /// get new feature ids.
    pub(crate) fn new(
        prepared: &'a Prepared,
        current: &ById,
        deleted: &ById,
        mut new_fids: impl Iterator<Item = FeatureId>,
    ) -> Self {
        let mut plan = Self {
            rows: Vec::with_capacity(prepared.puts.len()),
            closed: Vec::new(),
            deleted: Vec::new(),
            outcomes: Vec::with_capacity(prepared.puts.len()),
        };
        for put in &prepared.puts {
            let id = put.object.feature.id.as_str();
            match (current.get(id), deleted.get(id)) {
                (Some(known), _) => plan.known(put, *known, prepared.existing),
                (None, Some(known)) => plan.create(put, known.fid, known.version + 1),
                (None, None) => {
                    let fid = new_fids.next().expect("a feature id was taken for each new object");
                    plan.create(put, fid, 1);
                }
            }
        }
        let to_delete = prepared.deletes.iter().filter_map(|id| current.get(id.as_str()));
        plan.deleted = to_delete.map(|known| known.fid).collect();
        plan.closed.extend(&plan.deleted);
        plan
    }

    fn create(&mut self, put: &'a Put, fid: FeatureId, version: u32) {
        self.rows.push(Row { fid, version, put });
        self.outcomes.push((fid, Outcome::Created));
    }

    fn known(&mut self, put: &'a Put, known: Known, existing: Existing) {
        let outcome = match existing {
            Existing::Keep => Outcome::Kept,
            Existing::Change if put.fingerprint == known.fingerprint => Outcome::Unchanged,
            Existing::Change => Outcome::Changed,
        };
        if outcome == Outcome::Changed {
            self.closed.push(known.fid);
            self.rows.push(Row { fid: known.fid, version: known.version + 1, put });
        }
        self.outcomes.push((known.fid, outcome));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.closed.is_empty()
    }

    /// The objects that the change log names.
    pub(crate) fn changed(&self) -> Vec<FeatureId> {
        self.rows.iter().map(|row| row.fid).chain(self.deleted.iter().copied()).collect()
    }

    pub(crate) fn receipt(self, sequence: Sequence) -> Receipt {
        Receipt { sequence, puts: self.outcomes, deleted: self.deleted }
    }
}
