use std::sync::Arc;

use geo_types::Coord;
use quartier_model::{
    Bbox, CollectionId, Datastream, EntityId, Link, ObservedProperty, ResultValue, Thing, Unit,
};
use time::{Duration, OffsetDateTime};

use super::{Sensors, readings::PropertyNames};
use crate::Result;

/// Which datastreams' latest values are asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LatestQuery {
    /// Only those that belong to an object of this collection, as its readings or as ones from within it.
    pub collection: Option<CollectionId>,
    /// All where none is named.
    pub properties: PropertyNames,
    /// Around where the thing was, in WGS 84 degrees.
    pub bbox: Option<Bbox>,
    /// The latest whose phenomenon time is not after this; the latest of all where none is given.
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

impl Sensors {
    /// The latest value of each datastream, by datastream and channel. Datastreams without observations are left out.
    #[expect(clippy::unused_async, reason = "being written")]
    pub async fn latest(&self, query: &LatestQuery) -> Result<Vec<LatestRow>> {
        unimplemented!("{query:?}")
    }
}
