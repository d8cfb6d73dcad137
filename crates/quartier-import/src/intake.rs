use std::{collections::HashSet, ops::ControlFlow};

use quartier_model::{CityObject, Feature, ObjectId, Properties, Structure, TimeRange};
use xxhash_rust::xxh3::xxh3_128;

use crate::{
    Record,
    geometry::{self, Shape},
};

/// The last step of every reader: ids are checked, geometry is made sound, and the sink gets the record.
pub(crate) struct Intake<'a> {
    sink: &'a mut dyn FnMut(Record) -> ControlFlow<()>,
    /// Hashes, since a hundred million ids in full would not fit; two ids of one hash are not to be expected.
    seen: HashSet<u128>,
    position: u64,
}

/// An object as a reader found it.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) id: String,
    pub(crate) source_id: Option<String>,
    pub(crate) shape: Option<Shape>,
    pub(crate) properties: Properties,
    pub(crate) structure: Structure,
    /// What the reader mended or left out.
    pub(crate) notes: Vec<String>,
}

impl<'a> Intake<'a> {
    pub(crate) fn new(sink: &'a mut dyn FnMut(Record) -> ControlFlow<()>) -> Self {
        Self { sink, seen: HashSet::new(), position: 0 }
    }

    pub(crate) fn put(&mut self, draft: Draft) -> ControlFlow<()> {
        self.position += 1;
        let id = draft.id.clone();
        let record = self.record(draft).unwrap_or_else(|reason| Record::Rejected {
            id: Some(id),
            position: self.position,
            reason,
        });
        (self.sink)(record)
    }

    pub(crate) fn reject(&mut self, id: Option<String>, reason: String) -> ControlFlow<()> {
        self.position += 1;
        (self.sink)(Record::Rejected { id, position: self.position, reason })
    }

    fn record(&mut self, draft: Draft) -> Result<Record, String> {
        let id: ObjectId = draft.id.parse().map_err(|error| format!("the id: {error}"))?;
        if !self.seen.insert(xxh3_128(draft.id.as_bytes())) {
            return Err("the id stands twice in the file: this is the second".to_owned());
        }
        let mut notes = draft.notes;
        let geometry = match draft.shape {
            None => None,
            Some(shape) => {
                let sound = geometry::sound(shape)?;
                notes.extend(sound.note);
                Some(sound.geometry)
            }
        };
        let feature = Feature {
            id,
            source_id: draft.source_id.and_then(|id| id.parse().ok()),
            geometry,
            properties: draft.properties,
            valid: TimeRange::ALWAYS,
        };
        let repaired = (!notes.is_empty()).then(|| notes.join("; "));
        let object = CityObject { feature, structure: draft.structure };
        Ok(Record::Object { object, repaired })
    }
}
