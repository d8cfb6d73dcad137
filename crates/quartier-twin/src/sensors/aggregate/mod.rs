//! One number for each zone and window of time.

mod members;
mod past;
mod piece;
mod staleness;
mod value;

use quartier_model::{CollectionId, FeatureId, ObjectId, Unit};
use time::{Duration, OffsetDateTime};

use self::members::{Asked, Member};
use super::{Sensors, readings::label, recent::micros};
use crate::Snapshot;

/// Zones that are told of although there is no sensor in them: the quarters of a large city are some hundreds.
pub const ZONES_MAX: usize = 10_000;

/// The longest window that can be summed up: ten years.
pub const WINDOW_MAX: Duration = Duration::days(3653);

#[derive(Debug, Clone, PartialEq)]
pub struct AggregateQuery {
    /// The collection whose objects are the zones.
    pub zones: CollectionId,
    /// An observed property's name, definition or id.
    pub property: String,
    pub aggregation: Aggregation,
    /// Positive, at most [`WINDOW_MAX`].
    pub window: Duration,
    /// The end of the window; now where none is given.
    pub as_of: Option<OffsetDateTime>,
}

/// How readings become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregation {
    /// The mean of the sensors' means, so that a sensor that speaks often does not count for more than one that speaks
    /// seldom; of directions the circular mean of circular means.
    Mean,
    /// The least of all readings.
    Min,
    /// The greatest of all readings.
    Max,
    /// Of all readings.
    Sum,
    /// How many readings there were.
    Count,
    /// The newest reading; of several at one instant that of the lowest datastream.
    Last,
}

/// A number for each zone.
///
/// The window is from `start` up to, but not including, `end`. A reading that is a number counts by the start of its
/// phenomenon time, in the zone in which its thing stood then. Whole hours that are older than what is kept in memory
/// come from hourly and daily sums; those of readings that were deleted for their age are still in them.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregates {
    pub start: OffsetDateTime,
    pub end: OffsetDateTime,
    /// What the sensors measure in; `None` where there are none.
    pub unit: Option<Unit>,
    /// By feature id; every object of the collection, but in one of more than [`ZONES_MAX`] only those in which there
    /// were sensors.
    pub zones: Vec<ZoneAggregate>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ZoneAggregate {
    pub fid: FeatureId,
    pub object: ObjectId,
    /// `None` where there were no readings, or where directions cancel each other out.
    pub value: Option<f64>,
    /// Sensors (datastreams' channels) with readings in the window.
    pub n: usize,
    /// Of the sensors that were in the zone during the window, those whose last reading was stale at its end.
    pub n_stale: usize,
    /// Sensors that were in the zone during the window.
    pub n_linked: usize,
    pub n_readings: u64,
    /// The share of the linked sensors that had readings; 0 where none are linked.
    pub coverage: f64,
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AggregateError {
    #[error("there is no collection `{0}`")]
    UnknownZones(CollectionId),
    #[error("there is no observed property `{0}`: name one by its name, definition or id")]
    UnknownProperty(String),
    #[error("the window must be longer than nothing and at most {} days", WINDOW_MAX.whole_days())]
    Window,
    #[error("`{property}` is measured in different units ({}), which have no common value", units.join(", "))]
    MixedUnits { property: String, units: Vec<String> },
    #[error(
        "the window takes too many single readings: ask for a shorter one, or one that starts at a full hour"
    )]
    TooMuch,
    #[error(transparent)]
    Twin(#[from] crate::Error),
}

impl Sensors {
    /// Sums up what was measured in each object of a collection.
    pub async fn aggregate(
        &self,
        city: &Snapshot,
        query: &AggregateQuery,
    ) -> Result<Aggregates, AggregateError> {
        let end = query.as_of.unwrap_or_else(OffsetDateTime::now_utc);
        let is_fair = query.window.is_positive() && query.window <= WINDOW_MAX;
        let start = end.checked_sub(query.window).filter(|_| is_fair);
        let start = start.ok_or(AggregateError::Window)?;
        let asked = self.asked(city, query, (micros(start), micros(end)))?;
        let view = self.recent.view();
        let (asked, mut members) = tokio::task::spawn_blocking(move || {
            let members = asked.members(&view);
            (asked, members)
        })
        .await
        .map_err(crate::Error::from)?;
        let unit = one_unit(&query.property, &members)?;
        self.add_past(&mut members).await?;
        let is_stale = self.staleness(&members, query.as_of, end).await?;
        let zones = zones(&asked, &members, &is_stale, query.aggregation);
        Ok(Aggregates { start, end, unit, zones })
    }
}

fn one_unit(property: &str, members: &[Member]) -> Result<Option<Unit>, AggregateError> {
    let mut units: Vec<&Unit> = Vec::new();
    for member in members {
        if !units.iter().any(|unit| label(unit) == label(member.unit())) {
            units.push(member.unit());
        }
    }
    match units.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(Unit::clone(only))),
        several => Err(AggregateError::MixedUnits {
            property: property.to_owned(),
            units: several.iter().map(|unit| label(unit).to_owned()).collect(),
        }),
    }
}

fn zones(
    asked: &Asked,
    members: &[Member],
    is_stale: &[bool],
    aggregation: Aggregation,
) -> Vec<ZoneAggregate> {
    let mut by_zone: Vec<Vec<(&Member, bool)>> = vec![Vec::new(); asked.zones.len()];
    for (member, is_stale) in members.iter().zip(is_stale) {
        by_zone[member.zone].push((member, *is_stale));
    }
    let zones = asked.zones.iter().zip(by_zone);
    zones.map(|((fid, object), members)| zone(*fid, object, &members, aggregation)).collect()
}

fn zone(
    fid: FeatureId,
    object: &ObjectId,
    members: &[(&Member, bool)],
    aggregation: Aggregation,
) -> ZoneAggregate {
    let heard: Vec<&Member> =
        members.iter().map(|(member, _)| *member).filter(|it| it.sums.count > 0).collect();
    let (n, n_linked) = (heard.len(), members.len());
    ZoneAggregate {
        fid,
        object: object.clone(),
        value: value::value(&heard, aggregation),
        n,
        n_stale: members.iter().filter(|(_, is_stale)| *is_stale).count(),
        n_linked,
        n_readings: heard.iter().map(|it| it.sums.count).sum(),
        coverage: if n_linked == 0 { 0.0 } else { n as f64 / n_linked as f64 },
    }
}
