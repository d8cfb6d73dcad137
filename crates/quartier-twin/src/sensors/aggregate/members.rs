use std::{collections::BTreeMap, collections::BTreeSet, sync::Arc};

use quartier_model::{
    Datastream, EntityId, FeatureId, Filter, Link, ObjectId, ObservedProperty, TimeRange, Unit,
};

use super::{AggregateError, AggregateQuery, ZONES_MAX};
use crate::{
    CollectionSnapshot, Snapshot,
    sensors::{
        Catalogue, Sensors,
        links::LinkTable,
        readings::{is_direction, properties_named},
        recent::{Sums, View, micros},
    },
};

/// One moment of the sensors, and what is asked of it.
pub(super) struct Asked {
    catalogue: Arc<Catalogue>,
    links: Arc<LinkTable>,
    properties: BTreeSet<EntityId>,
    /// By feature id.
    pub(super) zones: Vec<(FeatureId, ObjectId)>,
    /// From the first up to, but not including, the second.
    window_us: (i64, i64),
}

/// One channel of a datastream that was in a zone during the window.
#[derive(Debug)]
pub(super) struct Member {
    /// The zone's place among those that are asked for.
    pub(super) zone: usize,
    pub(super) datastream: Arc<Datastream>,
    pub(super) channel: usize,
    pub(super) is_direction: bool,
    /// Of what is in memory first, of everything in the end.
    pub(super) sums: Sums,
    /// Times that memory does not have.
    pub(super) missing_us: Vec<(i64, i64)>,
}

impl Sensors {
    pub(super) fn asked(
        &self,
        city: &Snapshot,
        query: &AggregateQuery,
        window_us: (i64, i64),
    ) -> Result<Asked, AggregateError> {
        let zones = city.collection(query.zones.as_str());
        let zones = zones.ok_or_else(|| AggregateError::UnknownZones(query.zones.clone()))?;
        let catalogue = self.catalogue().ok_or(crate::Error::Loading)?;
        let properties = properties_named(&catalogue, &query.property);
        if properties.is_empty() {
            return Err(AggregateError::UnknownProperty(query.property.clone()));
        }
        let links = self.link_table();
        let zones = zones_of(zones, &links);
        Ok(Asked { catalogue, links, properties, zones, window_us })
    }
}

fn zones_of(collection: &CollectionSnapshot, links: &LinkTable) -> Vec<(FeatureId, ObjectId)> {
    if collection.index.len() <= ZONES_MAX {
        let all = collection.index.page(&Filter::default(), None, ZONES_MAX).objects;
        let id = |id: &str| id.parse().expect("the index was filled with object ids");
        return all.into_iter().map(|object| (object.fid(), id(object.id()))).collect();
    }
    let is_in = |link: &&Arc<Link>| link.collection == collection.collection.id;
    let links = links.things().flat_map(|(_, it)| &it.links).filter(is_in);
    let linked: BTreeMap<_, _> = links.map(|link| (link.fid, link.object.clone())).collect();
    linked.into_iter().collect()
}

impl Asked {
    /// Everyone who was in one of the zones during the window, with the sums that are in memory.
    pub(super) fn members(&self, view: &View) -> Vec<Member> {
        let zones = self.zones.iter().enumerate();
        let things = zones.flat_map(|(zone, (fid, _))| {
            self.links.things_of(*fid).map(move |thing| (zone, *fid, thing))
        });
        let mut members = Vec::new();
        for (zone, fid, thing) in things {
            let stays = self.links.stays_in(thing, fid);
            let times_us: Vec<_> = stays.iter().filter_map(|it| self.in_window(*it)).collect();
            let was_there = Some(thing).filter(|_| !times_us.is_empty());
            let channels = was_there.into_iter().flat_map(|thing| self.channels(thing));
            members.extend(channels.map(|it| it.member(zone, &times_us, view)));
        }
        members
    }

    fn in_window(&self, stay: TimeRange) -> Option<(i64, i64)> {
        let start = stay.start().map_or(i64::MIN, micros).max(self.window_us.0);
        let end = stay.end().map_or(i64::MAX, micros).min(self.window_us.1);
        (start < end).then_some((start, end))
    }

    /// The channels of a thing's datastreams that measure what is asked for.
    fn channels(&self, thing: EntityId) -> impl Iterator<Item = Measured<'_>> {
        let datastreams = self.catalogue.datastreams_of(thing);
        let datastreams = datastreams.filter_map(|id| self.catalogue.datastreams.get(&id));
        datastreams.flat_map(move |datastream| {
            let channels = datastream.channels.iter().enumerate();
            channels.filter_map(move |(channel, it)| {
                let property = self.catalogue.observed_properties.get(&it.observed_property)?;
                let is_asked = self.properties.contains(&property.id);
                is_asked.then_some(Measured { datastream, channel, property })
            })
        })
    }
}

struct Measured<'a> {
    datastream: &'a Arc<Datastream>,
    channel: usize,
    property: &'a ObservedProperty,
}

impl Measured<'_> {
    fn member(&self, zone: usize, times_us: &[(i64, i64)], view: &View) -> Member {
        let mut sums = Sums::NONE;
        let mut missing_us = Vec::new();
        for &(from_us, to_us) in times_us {
            let (known, since_us) = view.sums(self.datastream.id, self.channel, from_us, to_us);
            sums.merge(&known);
            missing_us.extend((from_us < since_us).then_some((from_us, since_us)));
        }
        let unit = &self.datastream.channels[self.channel].unit;
        Member {
            zone,
            datastream: Arc::clone(self.datastream),
            channel: self.channel,
            is_direction: is_direction(unit, self.property),
            sums,
            missing_us,
        }
    }
}

impl Member {
    pub(super) fn unit(&self) -> &Unit {
        &self.datastream.channels[self.channel].unit
    }
}
