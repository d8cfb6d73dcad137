use std::{collections::BTreeSet, sync::Arc, time::Duration};

use quartier_model::{Bbox, CollectionId};
use quartier_store::Sequence;
use quartier_twin::{CollectionSnapshot, Snapshot, sensors::PropertyNames};

use super::{face::Face, row::Row};
use crate::{
    App,
    auth::Visitor,
    city::City,
    error::{Result, shown},
    params::bbox::{is_in, take_degrees},
    query::Query,
    readings::take_names,
    tiles::read_collections,
};

/// Times a second that a channel may speak.
const RATE_DEFAULT_HZ: f64 = 4.0;
const RATE_HZ: std::ops::RangeInclusive<f64> = 0.1..=20.0;

/// What a client wants to hear of, and may.
#[derive(Debug)]
pub(super) struct Wishes {
    /// In WGS 84 degrees; `None` for everywhere.
    boxes: Option<Vec<Bbox>>,
    /// Those that were named; `None` for all, and for readings of no object.
    collections: Option<BTreeSet<CollectionId>>,
    visible: Visible,
    pub(super) properties: PropertyNames,
    names_lower: Vec<String>,
    pub(super) every: Duration,
    kinds: Kinds,
}

/// The collections that may be told of, at one moment of the city.
#[derive(Debug)]
struct Visible {
    ids: BTreeSet<CollectionId>,
    at: Sequence,
    visitor: Visitor,
}

#[derive(Debug, Clone, Copy)]
struct Kinds {
    readings: bool,
    objects: bool,
    fences: bool,
}

impl Wishes {
    pub(super) fn take(query: &mut Query, app: &App, city: &City) -> Result<Self> {
        let boxes = take_degrees(query, app)?;
        let named = query.text("collection");
        let named = named.map(|names| read_collections("collection", &names, city)).transpose()?;
        let properties = take_names(query, "property", app.twin.sensors())?.unwrap_or_default();
        Ok(Self {
            boxes,
            collections: named.map(|named| named.iter().map(id).collect()),
            visible: Visible::of(city),
            names_lower: properties.0.iter().map(|name| name.to_lowercase()).collect(),
            properties,
            every: query
                .read("rate", read_rate)?
                .unwrap_or(Duration::from_secs_f64(1.0 / RATE_DEFAULT_HZ)),
            kinds: query.read("events", Kinds::read)?.unwrap_or(Kinds::ALL),
        })
    }

    /// Looks again at what may be seen, where the city has changed.
    pub(super) fn look(&mut self, snapshot: Arc<Snapshot>) {
        if self.visible.at != snapshot.sequence {
            self.visible = Visible::of(&City { snapshot, visitor: self.visible.visitor });
        }
    }

    pub(super) fn wants_readings(&self) -> bool {
        self.kinds.readings
    }

    pub(super) fn wants_row(&self, row: &Row) -> bool {
        self.wants_readings()
            && self
                .boxes
                .as_ref()
                .is_none_or(|boxes| row.degrees.is_some_and(|at| is_in(boxes, at)))
            && (self.properties.are_all()
                || row.property.is_one_of(&self.names_lower, &self.properties.0))
            && self
                .collections
                .as_ref()
                .is_none_or(|wanted| row.collection.as_ref().is_some_and(|it| wanted.contains(it)))
    }

    /// Whether the object of a row may be told.
    pub(super) fn shows_object(&self, row: &Row) -> bool {
        row.collection.as_ref().is_none_or(|it| self.visible.ids.contains(it))
    }

    pub(super) fn wants(&self, face: &Face) -> bool {
        match face {
            Face::Objects { collection, places, .. } => {
                self.kinds.objects
                    && self.wants_collection(collection)
                    && self.wants_places(places.as_deref())
            }
            Face::Fence { collection, .. } => {
                self.kinds.fences && collection.as_ref().is_none_or(|it| self.wants_collection(it))
            }
            Face::Readings(_) => self.wants_readings(),
            Face::Nothing => false,
        }
    }

    /// Whether any of them is where the client looks.
    fn wants_places(&self, places: Option<&[Bbox]>) -> bool {
        let (Some(wanted), Some(places)) = (&self.boxes, places) else { return true };
        places.iter().any(|place| wanted.iter().any(|bbox| bbox.intersects(place)))
    }

    fn wants_collection(&self, id: &CollectionId) -> bool {
        self.visible.ids.contains(id)
            && self.collections.as_ref().is_none_or(|wanted| wanted.contains(id))
    }
}

impl Visible {
    fn of(city: &City) -> Self {
        let ids = city.collections().map(id).collect();
        Self { ids, at: city.snapshot.sequence, visitor: city.visitor }
    }
}

impl Kinds {
    const ALL: Self = Self { readings: true, objects: true, fences: true };

    fn read(text: &str) -> Result<Self, String> {
        let mut kinds = Self { readings: false, objects: false, fences: false };
        for word in text.split(',') {
            match word.trim() {
                "readings" => kinds.readings = true,
                "objects" => kinds.objects = true,
                "fences" => kinds.fences = true,
                other => {
                    return Err(format!("`{}` is none of readings, objects, fences", shown(other)));
                }
            }
        }
        Ok(kinds)
    }
}

fn id(collection: &Arc<CollectionSnapshot>) -> CollectionId {
    collection.collection.id.clone()
}

fn read_rate(text: &str) -> Result<Duration, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| RATE_HZ.contains(rate));
    let rate = rate.ok_or_else(|| {
        format!(
            "`{}` is not a number of times a second from {} to {}",
            shown(text),
            RATE_HZ.start(),
            RATE_HZ.end()
        )
    })?;
    Ok(Duration::from_secs_f64(1.0 / rate))
}
