use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use quartier_model::{CollectionId, Observation};
use quartier_twin::sensors::{EVENTS_KEPT, Event, FenceEvent, Happening, Sensors};
use serde_json::json;
use time::format_description::well_known::Rfc3339;

use super::row::Row;

/// How an event looks to clients.
#[derive(Debug)]
pub(super) enum Face {
    Readings(Vec<Arc<Row>>),
    Objects {
        collection: CollectionId,
        text: String,
    },
    Fence {
        collection: Option<CollectionId>,
        text: String,
    },
    /// It concerns no client.
    Nothing,
}

/// The faces of the events that are kept, each made once for all clients, when the first asks for it.
#[derive(Debug, Default)]
pub(crate) struct Faces(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// The number of the first one's event.
    first: u64,
    faces: VecDeque<Option<Arc<Face>>>,
}

impl Faces {
    /// The faces of events that follow one another.
    pub(super) fn of(&self, events: &[Arc<Event>], sensors: &Sensors) -> Vec<Arc<Face>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        events.iter().map(|event| kept.face(event, sensors)).collect()
    }
}

impl Kept {
    fn face(&mut self, event: &Event, sensors: &Sensors) -> Arc<Face> {
        if self.faces.is_empty() {
            self.first = event.sequence;
        }
        let Some(place) = event.sequence.checked_sub(self.first) else {
            return Arc::new(Face::of(event, sensors));
        };
        while self.faces.len() as u64 <= place {
            self.faces.push_back(None);
        }
        let face =
            self.faces[place as usize].get_or_insert_with(|| Arc::new(Face::of(event, sensors)));
        let face = Arc::clone(face);
        while self.faces.len() > EVENTS_KEPT {
            self.faces.pop_front();
            self.first += 1;
        }
        face
    }
}

impl Face {
    fn of(event: &Event, sensors: &Sensors) -> Self {
        match &event.happening {
            Happening::Observed(observation) => Self::Readings(rows(observation, sensors)),
            Happening::Objects { collection, objects } => {
                let text = json!({ "collection": collection, "fids": &objects[..] }).to_string();
                Self::Objects { collection: collection.clone(), text }
            }
            Happening::Fence(fence) => Self::fence(fence),
            Happening::Entity { .. } => Self::Nothing,
        }
    }

    pub(super) fn readings(&self) -> Option<&[Arc<Row>]> {
        match self {
            Self::Readings(rows) => Some(rows),
            _ => None,
        }
    }

    fn fence(it: &FenceEvent) -> Self {
        let object = it.object.as_ref();
        let text = json!({
            "geofence": it.geofence,
            "name": it.name,
            "condition": it.condition,
            "thing": it.thing,
            "datastream": it.datastream,
            "object": object.map(|(collection, fid)| json!({ "collection": collection, "fid": fid })),
            "value": it.value,
            "time": it.time.format(&Rfc3339).ok(),
        });
        let collection = object.map(|(collection, _)| collection.clone());
        Self::Fence { collection, text: text.to_string() }
    }
}

/// None for a late reading: the datastream has a newer one to show.
fn rows(observation: &Observation, sensors: &Sensors) -> Vec<Arc<Row>> {
    let summary = sensors.summary(observation.datastream);
    let newest = summary.as_ref().and_then(|summary| summary.latest.as_ref());
    if newest.is_none_or(|newest| newest.id != observation.id) {
        return Vec::new();
    }
    super::snapshot::rows(sensors, &sensors.latest_of(observation.datastream))
}
