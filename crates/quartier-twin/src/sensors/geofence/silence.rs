use std::collections::BTreeSet;

use quartier_model::{Condition, Datastream, EntityId};
use time::{Duration, OffsetDateTime};

use super::{
    area::Part,
    prepared::{Prepared, What, channels},
    state::Memory,
};
use crate::sensors::{Catalogue, Happening, Sensors, Summaries, links::LinkTable};

/// A datastream that has said nothing for too long.
struct Silent {
    thing: EntityId,
    datastream: EntityId,
    since: OffsetDateTime,
    parts: BTreeSet<Part>,
}

impl Sensors {
    /// Tells each silence once, until the next reading. Takes time by the number of datastreams.
    pub(crate) fn look_for_silence(&self, now: OffsetDateTime) {
        let fences = self.fences.all();
        let Some(catalogue) = self.catalogue() else { return };
        let (links, summaries) = (self.link_table(), self.summaries());
        let mut events: Vec<Happening> = Vec::new();
        for fence in fences.iter() {
            let Some(limit) = fence.silence() else { continue };
            let silent = fence.silent(&catalogue, &links, &summaries, now - limit);
            let new = self.fences.memory().newly_silent(fence.geofence.id, silent);
            events.extend(new.into_iter().flat_map(|it| fence.silence_events(it)));
        }
        self.ring.push(events);
    }

    /// Who is silent already is no event.
    pub(super) fn remember_silence(&self, fence: &Prepared) {
        let (Some(catalogue), Some(limit)) = (self.catalogue(), fence.silence()) else { return };
        let (links, summaries) = (self.link_table(), self.summaries());
        let since = OffsetDateTime::now_utc() - limit;
        let silent = fence.silent(&catalogue, &links, &summaries, since);
        let silent = silent.into_iter().map(|it| (fence.geofence.id, it.datastream));
        self.fences.memory().silent.extend(silent);
    }
}

impl Memory {
    /// Those whose silence has not been told; who has spoken since can fall silent again.
    fn newly_silent(&mut self, fence: EntityId, silent: Vec<Silent>) -> Vec<Silent> {
        let still: BTreeSet<EntityId> = silent.iter().map(|it| it.datastream).collect();
        self.silent.retain(|(other, datastream)| *other != fence || still.contains(datastream));
        silent.into_iter().filter(|it| self.silent.insert((fence, it.datastream))).collect()
    }
}

impl Prepared {
    fn silence(&self) -> Option<Duration> {
        match self.geofence.condition {
            Condition::SilentFor(seconds) => Some(Duration::seconds(seconds.cast_signed())),
            _ => None,
        }
    }

    /// Datastreams in the fence whose last reading is older than the instant. Who never said anything is not silent.
    fn silent(
        &self,
        catalogue: &Catalogue,
        links: &LinkTable,
        summaries: &Summaries,
        since: OffsetDateTime,
    ) -> Vec<Silent> {
        let properties = self.properties(catalogue);
        let watched = catalogue.datastreams.values().filter(|it| self.watches(it.thing));
        let silent = watched.filter_map(|datastream: &std::sync::Arc<Datastream>| {
            channels(datastream, properties.as_ref()).next()?;
            let latest = summaries.get(&datastream.id)?.latest.as_ref()?;
            let last = latest.phenomenon_time.end();
            if last >= since {
                return None;
            }
            let parts = self.area.parts_at(links, datastream.thing, OffsetDateTime::now_utc());
            let (thing, datastream) = (datastream.thing, datastream.id);
            (!parts.is_empty()).then_some(Silent { thing, datastream, since: last, parts })
        });
        silent.collect()
    }

    fn silence_events(&self, silent: Silent) -> Vec<Happening> {
        let what = What {
            condition: "silent",
            datastream: Some(silent.datastream),
            value: None,
            time: silent.since,
        };
        let parts = silent.parts.into_iter();
        parts.map(|part| self.event(silent.thing, part, what)).collect()
    }
}
