use std::collections::BTreeSet;

use quartier_index::Metric;
use quartier_model::{Bbox, CollectionId, Entity, EntityId, EntityKind, FeatureId};
use quartier_store::SensorBatch;

use super::LinkTable;
use crate::{
    Snapshot,
    sensors::{Catalogue, JoinRules, Reason},
};

/// Metres that a degree of latitude has at least.
const DEGREE_M: f64 = 110_500.0;

/// Things that may belong elsewhere after entities have changed.
pub(super) fn by_entities(
    before: &Catalogue,
    after: &Catalogue,
    batch: &SensorBatch,
) -> Vec<EntityId> {
    let mut things = BTreeSet::new();
    for entity in &batch.puts {
        match entity {
            Entity::Thing(it) => drop(things.insert(it.id)),
            Entity::HistoricalLocation(it) => {
                things.insert(it.thing);
                things.extend(thing_of_stay(before, it.id));
            }
            Entity::Location(it) => {
                things.extend(at_location(before, it.id));
                things.extend(at_location(after, it.id));
            }
            _ => {}
        }
    }
    for &(kind, id) in &batch.deletes {
        match kind {
            EntityKind::Thing => drop(things.insert(id)),
            EntityKind::HistoricalLocation => things.extend(thing_of_stay(before, id)),
            EntityKind::Location => things.extend(at_location(before, id)),
            _ => {}
        }
    }
    things.into_iter().collect()
}

fn thing_of_stay(catalogue: &Catalogue, stay: EntityId) -> Option<EntityId> {
    catalogue.historical_locations.get(&stay).map(|stay| stay.thing)
}

/// Things that are or were at a location.
fn at_location(catalogue: &Catalogue, location: EntityId) -> Vec<EntityId> {
    let past = catalogue.history_at(location).filter_map(|stay| thing_of_stay(catalogue, stay));
    catalogue.things_at(location).chain(past).collect()
}

/// Things that may belong elsewhere after objects of a collection have changed: those that belong to them, stood where
/// they are now or near enough, or name them.
pub(super) fn by_objects(
    table: &LinkTable,
    city: &Snapshot,
    rules: &JoinRules,
    collection: &CollectionId,
    objects: &[FeatureId],
) -> Vec<EntityId> {
    let mut things: BTreeSet<EntityId> =
        objects.iter().flat_map(|fid| table.things_of(*fid)).collect();
    let is_open =
        |reason: &Reason| matches!(reason, Reason::Dangling(_) | Reason::Ambiguous { .. });
    things.extend(table.reasons().filter(|(_, it)| is_open(it)).map(|(thing, _)| thing));
    let Some(known) = city.collection(collection.as_str()) else {
        return things.into_iter().collect();
    };
    let present: Vec<_> = objects.iter().filter_map(|fid| known.index.by_fid(*fid)).collect();
    for (thing, named) in table.references() {
        if present.iter().any(|object| named.may_mean(*object)) {
            things.insert(thing);
        }
    }
    let reach_m = rules.rule(collection).reach_m(known);
    let boxes = present.iter().filter_map(|object| object.bbox());
    let boxes: Vec<Bbox> = boxes.map(|bbox| reach(bbox, reach_m, known.index.metric())).collect();
    let Some(hull) = boxes.iter().copied().reduce(Bbox::union) else {
        return things.into_iter().collect();
    };
    for (thing, resolution) in table.things() {
        let spots = resolution.placed.iter().filter_map(|it| it.spot.as_ref().ok());
        let near = |point: geo_types::Coord<f64>| {
            holds(&hull, point) && boxes.iter().any(|bbox| holds(bbox, point))
        };
        if spots.map(|spot| spot.point).any(near) {
            things.insert(thing);
        }
    }
    things.into_iter().collect()
}

fn holds(bbox: &Bbox, point: geo_types::Coord<f64>) -> bool {
    bbox.min_x <= point.x && point.x <= bbox.max_x && bbox.min_y <= point.y && point.y <= bbox.max_y
}

/// A box that holds everything that is at most so far from something in the given one.
fn reach(bbox: Bbox, metres: f64, metric: Metric) -> Bbox {
    let Metric::Geodesic = metric else { return bbox.grown(metres) };
    let north = metres / DEGREE_M;
    let highest = (bbox.min_y.abs().max(bbox.max_y.abs()) + north).min(90.0);
    let east = north / highest.to_radians().cos().max(f64::EPSILON);
    if east >= 180.0 || bbox.min_x - east < -180.0 || bbox.max_x + east > 180.0 {
        return Bbox { min_x: -180.0, max_x: 180.0, ..bbox.grown(north) };
    }
    Bbox { min_x: bbox.min_x - east, max_x: bbox.max_x + east, ..bbox.grown(north) }
}
