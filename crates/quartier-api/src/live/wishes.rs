use std::{collections::BTreeSet, time::Duration};

use geo_types::Coord;
use quartier_crs::Transform;
use quartier_model::{Bbox, CollectionId, Crs, ObservedProperty};

use super::{face::Face, row::Row};
use crate::{
    App,
    city::City,
    error::{ApiError, Result, shown},
    params::bbox::read_bbox,
    query::Query,
    tiles::read_collections,
};

/// Times a second that a channel may speak.
const RATE_DEFAULT_HZ: f64 = 4.0;
const RATE_HZ: std::ops::RangeInclusive<f64> = 0.1..=20.0;

/// Observed properties that a client may name.
const PROPERTIES_MAX: usize = 32;

/// What a client wants to hear of, and may.
#[derive(Debug)]
pub(super) struct Wishes {
    /// In WGS 84 degrees; `None` for everywhere.
    boxes: Option<Vec<Bbox>>,
    /// Those that were named; `None` for all, and for readings of no object.
    collections: Option<BTreeSet<CollectionId>>,
    /// Of these nothing is told.
    hidden: BTreeSet<CollectionId>,
    /// By name, definition or id; all where there are none.
    pub(super) properties: Vec<String>,
    pub(super) every: Duration,
    kinds: Kinds,
}

#[derive(Debug, Clone, Copy)]
struct Kinds {
    readings: bool,
    objects: bool,
    fences: bool,
}

impl Wishes {
    pub(super) fn take(query: &mut Query, app: &App, city: &City) -> Result<Self> {
        let crs = app.crss.take(query, "bbox-crs")?;
        let degrees = Transform::between(crs.crs, Crs::Crs84).map_err(ApiError::internal)?;
        let boxes = query.read("bbox", |text| {
            let boxes = read_bbox(text, crs)?.into_iter().map(|it| degrees.bbox(&it));
            boxes.collect::<Result<Vec<Bbox>, _>>().map_err(|error| error.to_string())
        })?;
        let named = query.text("collection");
        let named = named.map(|names| read_collections("collection", &names, city)).transpose()?;
        let ids = |named: Vec<_>| named.iter().map(id).collect();
        let visible: BTreeSet<_> = city.collections().map(id).collect();
        let all = city.snapshot.collections().map(id);
        Ok(Self {
            boxes,
            collections: named.map(ids),
            hidden: all.filter(|id| !visible.contains(id)).collect(),
            properties: query.read("property", read_properties)?.unwrap_or_default(),
            every: query
                .read("rate", read_rate)?
                .unwrap_or(Duration::from_secs_f64(1.0 / RATE_DEFAULT_HZ)),
            kinds: query.read("events", Kinds::read)?.unwrap_or(Kinds::ALL),
        })
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
            && self.wants_property(row.property.as_deref())
            && self
                .collections
                .as_ref()
                .is_none_or(|wanted| row.collection.as_ref().is_some_and(|it| wanted.contains(it)))
    }

    /// Whether the object of a row may be told.
    pub(super) fn shows_object(&self, row: &Row) -> bool {
        row.collection.as_ref().is_none_or(|it| !self.hidden.contains(it))
    }

    pub(super) fn wants(&self, face: &Face) -> bool {
        match face {
            Face::Objects { collection, .. } => {
                self.kinds.objects && self.wants_collection(collection)
            }
            Face::Fence { collection, .. } => {
                self.kinds.fences && collection.as_ref().is_none_or(|it| self.wants_collection(it))
            }
            Face::Readings(_) => self.wants_readings(),
            Face::Nothing => false,
        }
    }

    fn wants_collection(&self, id: &CollectionId) -> bool {
        !self.hidden.contains(id)
            && self.collections.as_ref().is_none_or(|wanted| wanted.contains(id))
    }

    fn wants_property(&self, property: Option<&ObservedProperty>) -> bool {
        let is = |name: &String, it: &ObservedProperty| {
            *name == it.name || *name == it.definition || *name == it.id.to_string()
        };
        self.properties.is_empty()
            || property.is_some_and(|it| self.properties.iter().any(|name| is(name, it)))
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

fn id(collection: &std::sync::Arc<quartier_twin::CollectionSnapshot>) -> CollectionId {
    collection.collection.id.clone()
}

fn is_in(boxes: &[Bbox], at: Coord<f64>) -> bool {
    let is_in =
        |it: &Bbox| (it.min_x..=it.max_x).contains(&at.x) && (it.min_y..=it.max_y).contains(&at.y);
    boxes.iter().any(is_in)
}

fn read_properties(text: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    if names.len() > PROPERTIES_MAX {
        return Err(format!("it names more than {PROPERTIES_MAX} observed properties"));
    }
    Ok(names)
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
