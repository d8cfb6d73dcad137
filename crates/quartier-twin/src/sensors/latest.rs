use std::{collections::BTreeMap, sync::Arc};

use geo_types::Coord;
use quartier_model::{
    Bbox, CollectionId, Datastream, EntityId, Link, Observation, ObservedProperty, ResultValue,
    Thing, Unit,
};
use quartier_store::{Bounds, ObservationFilter, ObservationOrder, ObservationQuery, OrderBy};
use time::{Duration, OffsetDateTime};

use super::{
    Catalogue, Sensors, Summaries,
    links::{LinkTable, degrees_at},
    readings::{Asked, PropertyNames, age, asked, channel_value, stale_after},
};
use crate::Result;

/// Datastreams whose state at a past time is read together.
const DATASTREAMS_PER_READ: usize = 1_000;

/// Which datastreams' latest values are asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LatestQuery {
    /// Only those that belong to an object of this collection, as its readings or as ones from within it.
    pub collection: Option<CollectionId>,
    /// All where none is named.
    pub properties: PropertyNames,
    /// Around where the thing was, in WGS 84 degrees.
    pub bbox: Option<Bbox>,
    /// The latest whose phenomenon time does not end after this; the latest of all where none is given.
    pub as_of: Option<OffsetDateTime>,
}

/// One channel of a datastream, and the last that it said.
#[derive(Debug, Clone, PartialEq)]
pub struct LatestRow {
    pub datastream: Arc<Datastream>,
    pub thing: Arc<Thing>,
    pub property: Arc<ObservedProperty>,
    pub unit: Unit,
    pub observation: EntityId,
    pub value: ResultValue,
    /// The end of the phenomenon time.
    pub time: OffsetDateTime,
    /// Counted to `as_of`, or to now; never negative.
    pub age: Duration,
    pub is_stale: bool,
    /// What it is a reading of; an object of the collection where one was asked for.
    pub link: Option<Arc<Link>>,
    /// Where the thing was, in WGS 84 degrees, east first.
    pub degrees: Option<Coord<f64>>,
}

/// One moment of the sensors, and what is asked of it.
struct Moment {
    catalogue: Arc<Catalogue>,
    links: Arc<LinkTable>,
    asked: BTreeMap<EntityId, Asked>,
    query: LatestQuery,
    at: OffsetDateTime,
    stale_after: super::Span,
}

impl Sensors {
    /// The latest value of each datastream, by datastream and channel. Datastreams without observations are left out.
    pub async fn latest(&self, query: &LatestQuery) -> Result<Vec<LatestRow>> {
        let Some(catalogue) = self.catalogue() else { return Err(crate::Error::Loading) };
        let moment = Moment {
            asked: asked(&catalogue, &query.properties),
            catalogue,
            links: self.link_table(),
            query: query.clone(),
            at: query.as_of.unwrap_or_else(OffsetDateTime::now_utc),
            stale_after: self.settings().stale_after,
        };
        let summaries = self.summaries();
        let past = self.past(&moment, &summaries).await?;
        let rows = tokio::task::spawn_blocking(move || moment.rows(&summaries, &past));
        Ok(rows.await?)
    }

    /// As [`Sensors::latest`], of some datastreams, in their order.
    pub fn latest_of(&self, datastreams: impl IntoIterator<Item = EntityId>) -> Vec<LatestRow> {
        let Some(catalogue) = self.catalogue() else { return Vec::new() };
        let query = LatestQuery::default();
        let moment = Moment {
            asked: asked(&catalogue, &query.properties),
            catalogue,
            links: self.link_table(),
            query,
            at: OffsetDateTime::now_utc(),
            stale_after: self.settings().stale_after,
        };
        let mut rows = Vec::new();
        let summaries = self.summaries();
        for id in datastreams {
            if let Some(latest) = summaries.get(&id).and_then(|it| it.latest.as_ref()) {
                moment.push_rows(id, latest, &mut rows);
            }
        }
        rows
    }

    /// The latest at a past time, of those datastreams that have said something since.
    async fn past(
        &self,
        moment: &Moment,
        summaries: &Summaries,
    ) -> Result<BTreeMap<EntityId, Observation>> {
        let Some(as_of) = moment.query.as_of else { return Ok(BTreeMap::new()) };
        let is_newer = |id: &EntityId| {
            let latest = summaries.get(id).and_then(|it| it.latest.as_ref());
            latest.is_some_and(|latest| latest.phenomenon_time.end() > as_of)
        };
        let newer: Vec<EntityId> = moment.datastreams().filter(is_newer).collect();
        self.latest_before(&newer, as_of).await
    }

    /// Each datastream's observation with the latest phenomenon time that does not end after an instant.
    pub(super) async fn latest_before(
        &self,
        datastreams: &[EntityId],
        as_of: OffsetDateTime,
    ) -> Result<BTreeMap<EntityId, Observation>> {
        let mut past = BTreeMap::new();
        for step in datastreams.chunks(DATASTREAMS_PER_READ) {
            let query = ObservationQuery {
                filter: ObservationFilter {
                    datastreams: Some(step.to_vec()),
                    phenomenon_end: Bounds { min: None, max: Some(as_of) },
                    ..ObservationFilter::default()
                },
                order: ObservationOrder { by: OrderBy::PhenomenonTime, is_descending: true },
                limit: 1,
                for_each_datastream: true,
                ..ObservationQuery::default()
            };
            let found = self.counted(self.store.observations(&query).await)?;
            past.extend(found.into_iter().map(|it| (it.datastream, it)));
        }
        Ok(past)
    }
}

impl Moment {
    /// Those that measure what is asked for, by id.
    fn datastreams(&self) -> impl Iterator<Item = EntityId> + '_ {
        let measures = |it: &Datastream| {
            it.channels.iter().any(|it| self.asked.contains_key(&it.observed_property))
        };
        let all = self.catalogue.datastreams.iter();
        all.filter(move |(_, it)| measures(it)).map(|(id, _)| *id)
    }

    fn rows(
        &self,
        summaries: &Summaries,
        past: &BTreeMap<EntityId, Observation>,
    ) -> Vec<LatestRow> {
        let mut rows = Vec::new();
        for id in self.datastreams() {
            let latest = summaries.get(&id).and_then(|it| it.latest.as_ref());
            let latest = latest.filter(|it| it.phenomenon_time.end() <= self.at || self.is_now());
            if let Some(latest) = latest.or_else(|| past.get(&id)) {
                self.push_rows(id, latest, &mut rows);
            }
        }
        rows
    }

    fn is_now(&self) -> bool {
        self.query.as_of.is_none()
    }

    fn push_rows(&self, id: EntityId, latest: &Observation, rows: &mut Vec<LatestRow>) {
        let Some(datastream) = self.catalogue.datastreams.get(&id) else { return };
        let Some(thing) = self.catalogue.things.get(&datastream.thing) else { return };
        let measured = latest.phenomenon_time.start();
        let link = match &self.query.collection {
            None => self.links.subject_at(thing.id, measured),
            Some(collection) => self.links.link_into(collection, thing.id, measured),
        };
        if self.query.collection.is_some() && link.is_none() {
            return;
        }
        let degrees = degrees_at(&self.catalogue, thing, measured);
        if self.query.bbox.is_some_and(|bbox| !degrees.is_some_and(|it| is_in(&bbox, it))) {
            return;
        }
        let time = latest.phenomenon_time.end();
        let age = age(time, self.at);
        let is_stale = age > stale_after(datastream, self.stale_after);
        for (at, channel) in datastream.channels.iter().enumerate() {
            let property = self.catalogue.observed_properties.get(&channel.observed_property);
            let property = property.filter(|it| self.asked.contains_key(&it.id));
            let value = channel_value(datastream, at, &latest.result);
            let Some((property, value)) = property.zip(value) else { continue };
            rows.push(LatestRow {
                datastream: Arc::clone(datastream),
                thing: Arc::clone(thing),
                property: Arc::clone(property),
                unit: channel.unit.clone(),
                observation: latest.id,
                value,
                time,
                age,
                is_stale,
                link: link.cloned(),
                degrees,
            });
        }
    }
}

fn is_in(bbox: &Bbox, at: Coord<f64>) -> bool {
    bbox.min_x <= at.x && at.x <= bbox.max_x && bbox.min_y <= at.y && at.y <= bbox.max_y
}
