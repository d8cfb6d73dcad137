use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use quartier_model::{Bbox, CollectionId, EntityId};
use quartier_twin::sensors::{EVENTS_KEPT, Event, FenceEvent, Happening, Sensors};
use serde_json::json;
use time::format_description::well_known::Rfc3339;

use super::row::Row;
use crate::readings::Wholes;

/// How an event looks to clients.
#[derive(Debug)]
pub(super) enum Face {
    Readings(Vec<Arc<Row>>),
    Objects {
        collection: CollectionId,
        /// In WGS 84 degrees; `None` for anywhere.
        places: Option<Arc<[Bbox]>>,
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
        let new: Vec<&Event> =
            events.iter().map(|event| &**event).filter(|it| kept.face(it).is_none()).collect();
        let mut drawn = Face::all(&new, sensors).into_iter().map(Arc::new);
        let mut face_of = |event: &Arc<Event>| {
            kept.face(event).or_else(|| drawn.next().inspect(|face| kept.keep(event, face)))
        };
        let faces = events.iter().filter_map(&mut face_of).collect();
        kept.forget();
        faces
    }
}

impl Kept {
    fn face(&self, event: &Event) -> Option<Arc<Face>> {
        let place = event.sequence.checked_sub(self.first)?;
        self.faces.get(place as usize)?.clone()
    }

    /// But for one from before the first, whose place is gone.
    fn keep(&mut self, event: &Event, face: &Arc<Face>) {
        if self.faces.is_empty() {
            self.first = event.sequence;
        }
        let Some(place) = event.sequence.checked_sub(self.first) else { return };
        if self.faces.len() as u64 <= place {
            self.faces.resize(place as usize + 1, None);
        }
        self.faces[place as usize] = Some(Arc::clone(face));
    }

    fn forget(&mut self) {
        while self.faces.len() > EVENTS_KEPT {
            self.faces.pop_front();
            self.first += 1;
        }
    }
}

impl Face {
    fn all(events: &[&Event], sensors: &Sensors) -> Vec<Self> {
        let rows = rows(events, sensors);
        events.iter().map(|event| Self::of(event, &rows)).collect()
    }

    fn of(event: &Event, rows: &Rows) -> Self {
        match &event.happening {
            Happening::Observed(it) => {
                let latest = rows.get(&it.datastream).into_iter().flatten();
                // A late reading is no news: the datastream has a newer one to show.
                Self::Readings(latest.filter(|row| row.observation == it.id).cloned().collect())
            }
            Happening::Rewritten(datastream) => {
                Self::Readings(rows.get(datastream).cloned().unwrap_or_default())
            }
            Happening::Objects { collection, objects, places } => {
                let bboxes: Option<Vec<_>> =
                    places.as_ref().map(|boxes| boxes.iter().map(degrees).collect());
                let text =
                    json!({ "collection": collection, "fids": &objects[..], "bboxes": bboxes });
                let (collection, places) = (collection.clone(), places.clone());
                Self::Objects { collection, places, text: text.to_string() }
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

/// West, south, east, north; in steps of a centimetre, outward.
fn degrees(it: &Bbox) -> [f64; 4] {
    const STEPS: f64 = 1e7;
    let (down, up) =
        (|at: f64| (at * STEPS).floor() / STEPS, |at: f64| (at * STEPS).ceil() / STEPS);
    [down(it.min_x), down(it.min_y), up(it.max_x), up(it.max_y)]
}

/// By datastream.
type Rows = HashMap<EntityId, Vec<Arc<Row>>>;

/// The latest readings of the datastreams that are told of.
fn rows(events: &[&Event], sensors: &Sensors) -> Rows {
    let datastreams = events.iter().filter_map(|event| match &event.happening {
        Happening::Observed(observation) => Some(observation.datastream),
        Happening::Rewritten(datastream) => Some(*datastream),
        _ => None,
    });
    let datastreams: BTreeSet<EntityId> = datastreams.collect();
    let mut rows = Rows::new();
    if !datastreams.is_empty() {
        for row in Row::all(&sensors.latest_of(datastreams), Wholes::new(sensors)) {
            rows.entry(row.channel.0).or_default().push(row);
        }
    }
    rows
}
