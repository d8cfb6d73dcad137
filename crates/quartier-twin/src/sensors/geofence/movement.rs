use quartier_model::{Condition, EntityId};
use time::OffsetDateTime;

use super::{
    area::Area,
    prepared::{Prepared, What, channels},
};
use crate::sensors::{Catalogue, Happening, Sensors, links::LinkTable};

impl Sensors {
    /// Tells who came in and who left when things have moved. A thing that is new comes in where it stands.
    pub(crate) fn moved(&self, was: &LinkTable, things: &[EntityId]) {
        let fences = self.fences.all();
        let on_moves = || fences.iter().filter(|fence| fence.is_on_moves());
        let has_any = on_moves().next().is_some();
        let Some(catalogue) = self.catalogue().filter(|_| has_any) else { return };
        let is = self.link_table();
        let events = on_moves().flat_map(|fence| {
            let watched = fence.watched(things, &catalogue);
            watched.into_iter().flat_map(|thing| fence.passages(was, &is, &catalogue, thing))
        });
        self.ring.push(events.collect::<Vec<_>>());
    }
}

/// When a thing is where it is now: all stays end before, but the last one.
fn ever_after() -> OffsetDateTime {
    time::PrimitiveDateTime::MAX.assume_utc()
}

impl Prepared {
    fn is_on_moves(&self) -> bool {
        matches!(self.geofence.condition, Condition::Enter | Condition::Exit)
    }

    /// Those of the things that are the fence's business, by what they are and what they measure.
    fn watched(&self, things: &[EntityId], catalogue: &Catalogue) -> Vec<EntityId> {
        let properties = self.properties(catalogue);
        let measures = |thing: EntityId| {
            let datastreams = catalogue.datastreams_of(thing);
            let mut datastreams = datastreams.filter_map(|id| catalogue.datastreams.get(&id));
            datastreams.any(|it| channels(it, properties.as_ref()).next().is_some())
        };
        let watched = things.iter().copied().filter(|thing| {
            self.watches(*thing)
                && catalogue.things.contains_key(thing)
                && (properties.is_none() || measures(*thing))
        });
        watched.collect()
    }

    fn passages(
        &self,
        was: &LinkTable,
        is: &LinkTable,
        catalogue: &Catalogue,
        thing: EntityId,
    ) -> Vec<Happening> {
        if !self.knows(was, thing) {
            return Vec::new();
        }
        let now = ever_after();
        let before = self.area.parts_at(was, thing, now);
        let after = self.area.parts_at(is, thing, now);
        let (condition, passed) = match self.geofence.condition {
            Condition::Enter => ("enter", after.difference(&before)),
            _ => ("exit", before.difference(&after)),
        };
        let arrived = is.placed_at(thing, now).and_then(|it| it.valid.start());
        let time = arrived.unwrap_or_else(|| first_arrival(catalogue, thing));
        let what = What { condition, datastream: None, value: None, time };
        passed.map(|part| self.event(thing, part.clone(), what)).collect()
    }

    /// Whether it is known where a thing was; links that come from the store say nothing of polygons.
    fn knows(&self, was: &LinkTable, thing: EntityId) -> bool {
        match self.area {
            Area::Objects { .. } => true,
            Area::Polygon(_) => was.is_new_or_placed(thing),
        }
    }
}

/// When a thing came to the first place that is known of it.
fn first_arrival(catalogue: &Catalogue, thing: EntityId) -> OffsetDateTime {
    let first = catalogue.history_of(thing).next();
    let first = first.and_then(|id| catalogue.historical_locations.get(&id));
    first.map_or_else(OffsetDateTime::now_utc, |stay| stay.time)
}
