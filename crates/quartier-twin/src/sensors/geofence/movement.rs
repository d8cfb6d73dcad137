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
        let moves: Vec<&Prepared> =
            fences.iter().map(|it| &**it).filter(|it| it.is_on_moves()).collect();
        let Some(catalogue) = self.catalogue().filter(|_| !moves.is_empty()) else { return };
        let now = self.link_table();
        let mut events = Vec::new();
        for fence in moves {
            let properties = fence.properties(&catalogue);
            for &thing in things.iter().filter(|thing| fence.watches(**thing)) {
                let measures = |it: &EntityId| {
                    let datastream = catalogue.datastreams.get(it);
                    datastream.is_some_and(|it| channels(it, properties.as_ref()).next().is_some())
                };
                if properties.is_none() || catalogue.datastreams_of(thing).any(|it| measures(&it)) {
                    events.extend(fence.passages(&was_and_is(was, &now), &catalogue, thing));
                }
            }
        }
        self.ring.push(events);
    }
}

/// The links before and after a movement.
struct WasAndIs<'a> {
    was: &'a LinkTable,
    is: &'a LinkTable,
}

fn was_and_is<'a>(was: &'a LinkTable, is: &'a LinkTable) -> WasAndIs<'a> {
    WasAndIs { was, is }
}

/// When a thing is where it is now: all stays end before, but the last one.
fn ever_after() -> OffsetDateTime {
    time::PrimitiveDateTime::MAX.assume_utc()
}

impl Prepared {
    fn is_on_moves(&self) -> bool {
        matches!(self.geofence.condition, Condition::Enter | Condition::Exit)
    }

    fn passages(
        &self,
        links: &WasAndIs<'_>,
        catalogue: &Catalogue,
        thing: EntityId,
    ) -> Vec<Happening> {
        let now = ever_after();
        if !catalogue.things.contains_key(&thing) || !self.knows(links.was, thing) {
            return Vec::new();
        }
        let was = self.area.parts_at(links.was, thing, now);
        let is = self.area.parts_at(links.is, thing, now);
        let (condition, passed) = match self.geofence.condition {
            Condition::Enter => ("enter", is.difference(&was)),
            _ => ("exit", was.difference(&is)),
        };
        let arrived = links.is.placed_at(thing, now).and_then(|it| it.valid.start());
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
