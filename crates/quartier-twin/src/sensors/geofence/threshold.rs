use std::sync::Arc;

use quartier_model::{Condition, Datastream, Observation};

use super::{
    prepared::{Prepared, What, channels},
    state::{Meant, Memory},
};
use crate::sensors::{Happening, Sensors, links::LinkTable, readings::channel_value};

/// What was measured, and what it is judged by.
#[derive(Clone, Copy)]
struct Reading<'a> {
    links: &'a LinkTable,
    meant: &'a Meant,
    datastream: &'a Datastream,
    observation: &'a Observation,
}

impl Sensors {
    /// Tells each reading that is beyond a threshold after one that was not. Late readings say nothing of now.
    pub(crate) fn judge(&self, observations: &[Arc<Observation>]) {
        let fences = self.fences.all();
        let on_values: Vec<&Prepared> =
            fences.iter().map(|it| &**it).filter(|it| it.is_on_values()).collect();
        let Some(catalogue) = self.catalogue().filter(|_| !on_values.is_empty()) else { return };
        let meant = self.fences.meant(&fences, &catalogue);
        let links = self.link_table();
        let mut events = Vec::new();
        let mut memory = self.fences.memory();
        for observation in observations {
            let Some(datastream) = catalogue.datastreams.get(&observation.datastream) else {
                continue;
            };
            if memory.is_late(observation) {
                continue;
            }
            let reading = Reading { links: &links, meant: &meant, datastream, observation };
            for fence in on_values.iter().filter(|fence| fence.watches(datastream.thing)) {
                events.extend(fence.passings(reading, &mut memory));
            }
        }
        drop(memory);
        self.ring.push(events);
    }

    /// What is beyond the threshold already is no event.
    pub(super) fn remember_thresholds(&self, fence: &Prepared) {
        let Some(catalogue) = self.catalogue() else { return };
        let meant = Meant::from([(fence.geofence.id, fence.properties(&catalogue))]);
        let (links, summaries) = (self.link_table(), self.summaries());
        let mut memory = self.fences.memory();
        for datastream in catalogue.datastreams.values() {
            let latest = summaries.get(&datastream.id).and_then(|it| it.latest.as_ref());
            let Some(latest) = latest.filter(|_| fence.watches(datastream.thing)) else { continue };
            let reading = Reading { links: &links, meant: &meant, datastream, observation: latest };
            if !memory.is_late(latest) {
                drop(fence.passings(reading, &mut memory));
            }
        }
    }
}

impl Memory {
    /// Whether a newer reading of the datastream has been judged; else this one is the newest now.
    fn is_late(&mut self, observation: &Observation) -> bool {
        let time = observation.phenomenon_time.end();
        let newest = self.newest.entry(observation.datastream).or_insert(time);
        let is_late = time < *newest;
        *newest = time.max(*newest);
        is_late
    }
}

impl Prepared {
    fn is_on_values(&self) -> bool {
        matches!(self.geofence.condition, Condition::Above(_) | Condition::Below(_))
    }

    fn beyond(&self, number: f64) -> Option<&'static str> {
        match self.geofence.condition {
            Condition::Above(threshold) => (number > threshold).then_some("above"),
            Condition::Below(threshold) => (number < threshold).then_some("below"),
            _ => None,
        }
    }

    fn passings(&self, reading: Reading<'_>, memory: &mut Memory) -> Vec<Happening> {
        let Reading { links, meant, datastream, observation } = reading;
        let properties = meant.get(&self.geofence.id).and_then(Option::as_ref);
        let mut events = Vec::new();
        for channel in channels(datastream, properties) {
            let value = channel_value(datastream, channel, &observation.result);
            let Some(number) = value.and_then(|value| value.number()) else { continue };
            let at = observation.phenomenon_time.start();
            let watched = (self.geofence.id, datastream.id, channel);
            let beyond = self
                .beyond(number)
                .map(|condition| (condition, self.area.parts_at(links, datastream.thing, at)));
            let Some((condition, parts)) = beyond.filter(|(_, parts)| !parts.is_empty()) else {
                memory.beyond.remove(&watched);
                continue;
            };
            if !memory.beyond.insert(watched) {
                continue;
            }
            let time = observation.phenomenon_time.end();
            let what =
                What { condition, datastream: Some(datastream.id), value: Some(number), time };
            events.extend(parts.into_iter().map(|part| self.event(datastream.thing, part, what)));
        }
        events
    }
}
