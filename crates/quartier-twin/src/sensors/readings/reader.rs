use std::{collections::BTreeMap, sync::Arc};

use quartier_model::{CollectionId, Datastream, EntityId, FeatureId, Observation};
use time::OffsetDateTime;
use xxhash_rust::xxh3::Xxh3;

use super::{
    ObjectReading, PropertyNames, age, channel_value,
    combine::{Sample, combined},
    properties_named, stale_after,
};
use crate::sensors::{Catalogue, Sensors, Span, Summaries, links::LinkTable};

/// The name that stands for all observed properties.
pub(super) const ALL: &str = "*";

/// Reads one moment's values of some properties, object after object.
#[derive(Debug)]
pub struct Reader {
    catalogue: Arc<Catalogue>,
    summaries: Arc<Summaries>,
    links: Arc<LinkTable>,
    asked: BTreeMap<EntityId, Asked>,
    at: OffsetDateTime,
    stale_after: Span,
}

/// What an observed property is called in the answer, in the order in which they were asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked {
    place: usize,
    name: String,
}

impl Reader {
    /// `None` until the sensors are loaded.
    pub(super) fn new(
        sensors: &Sensors,
        names: &PropertyNames,
        at: OffsetDateTime,
    ) -> Option<Self> {
        let catalogue = sensors.catalogue()?;
        Some(Self {
            asked: asked(&catalogue, names),
            summaries: sensors.summaries(),
            links: sensors.link_table(),
            catalogue,
            at,
            stale_after: sensors.settings().stale_after,
        })
    }

    /// As [`Sensors::readings`].
    pub fn of(&self, collection: &CollectionId, fid: FeatureId) -> Vec<ObjectReading> {
        let mut samples: BTreeMap<&Asked, Vec<Sample<'_>>> = BTreeMap::new();
        self.visit(collection, fid, |sample, asked| samples.entry(asked).or_default().push(sample));
        let readings =
            samples.iter().map(|(asked, samples)| combined(&asked.name, samples, self.at));
        readings.flatten().collect()
    }

    /// A number that changes whenever a value, a time or a staleness of these objects' readings does; ages do not count.
    pub fn stamp(
        &self,
        collection: &CollectionId,
        fids: impl IntoIterator<Item = FeatureId>,
    ) -> u64 {
        let mut hash = Xxh3::new();
        for fid in fids {
            self.visit(collection, fid, |sample, asked| sample.stamp(fid, asked.place, &mut hash));
        }
        hash.digest()
    }

    /// Tells each latest value that was measured while its thing belonged to the object.
    fn visit<'a>(
        &'a self,
        collection: &CollectionId,
        fid: FeatureId,
        mut see: impl FnMut(Sample<'a>, &'a Asked),
    ) {
        let things = self.links.things_of(fid);
        let datastreams = things.flat_map(|thing| self.catalogue.datastreams_of(thing));
        for datastream in datastreams.filter_map(|id| self.catalogue.datastreams.get(&id)) {
            if let Some(latest) = self.latest_at(datastream, collection, fid) {
                self.visit_channels(datastream, latest, &mut see);
            }
        }
    }

    /// The latest observation, if the thing belonged to the object when it was made.
    fn latest_at(
        &self,
        datastream: &Datastream,
        collection: &CollectionId,
        fid: FeatureId,
    ) -> Option<&Observation> {
        let latest = self.summaries.get(&datastream.id)?.latest.as_ref()?;
        let link = self.links.subject_at(datastream.thing, latest.phenomenon_time.start())?;
        (link.fid == fid && link.collection == *collection).then_some(latest)
    }

    fn visit_channels<'a>(
        &'a self,
        datastream: &'a Datastream,
        latest: &Observation,
        see: &mut impl FnMut(Sample<'a>, &'a Asked),
    ) {
        let time = latest.phenomenon_time.end();
        let is_stale = age(time, self.at) > stale_after(datastream, self.stale_after);
        for (at, channel) in datastream.channels.iter().enumerate() {
            let Some(asked) = self.asked.get(&channel.observed_property) else { continue };
            let property = self.catalogue.observed_properties.get(&channel.observed_property);
            let value = channel_value(datastream, at, &latest.result);
            if let (Some(property), Some(value)) = (property, value) {
                let (unit, observation) = (&channel.unit, latest.id);
                see(
                    Sample { datastream, unit, property, observation, value, time, is_stale },
                    asked,
                );
            }
        }
    }
}

/// A property that several names mean is called by the first. All are meant where none is named.
pub(crate) fn asked(catalogue: &Catalogue, names: &PropertyNames) -> BTreeMap<EntityId, Asked> {
    let mut asked = BTreeMap::new();
    let all = [ALL.to_owned()];
    let names = if names.0.is_empty() { &all } else { names.0.as_slice() };
    for (place, name) in names.iter().enumerate() {
        if name == ALL {
            for property in catalogue.observed_properties.values() {
                let name = property.name.clone();
                asked.entry(property.id).or_insert(Asked { place, name });
            }
            continue;
        }
        for id in properties_named(catalogue, name) {
            asked.entry(id).or_insert_with(|| Asked { place, name: name.clone() });
        }
    }
    asked
}
