//! What sensors say: the contract beside [`crate::Store`].

mod check;
mod deltas;
mod first_rows;
mod incoming;
mod kind;
mod query;
mod row;
mod summary;
mod times;

use async_trait::async_trait;
use quartier_model::{
    Entity, EntityId, EntityKind, Geofence, Link, NewObservation, Observation, Period, Rollup, Step,
};
use time::OffsetDateTime;

pub use query::{
    Bounds, KeyValue, ObservationFilter, ObservationKey, ObservationOrder, ObservationQuery,
    OrderBy,
};

pub(crate) use self::{
    check::{geofence as storable_geofence, observation as storable_observation, storable},
    deltas::{Deltas, Last, ObservedDelta, RollupDelta, SUM_MAX, SummaryDelta, step_s},
    first_rows::{Shares, first_rows, is_by_number},
    incoming::{Incoming, Key},
    kind::{NUMBERED, kind_word, of_word, word},
    row::{Row, as_new},
    summary::Extents,
    times::{NO_TIME_US, instant, micros},
};

use crate::Result;

/// The sensors' half of a store. Both databases fulfil it; `tests/contract` checks it.
///
/// Observations are kept with their count, their extents and the latest of each datastream, and with hourly and daily
/// sums: all of it is written in the transaction that writes the observation, and is the same in whatever order
/// observations came.
#[async_trait]
pub trait SensorStore: Send + Sync + std::fmt::Debug {
    /// Every entity but observations, by kind and id.
    async fn entities(&self) -> Result<StoredEntities>;

    /// What is known of each datastream that has observations.
    async fn summaries(&self) -> Result<Vec<Summary>>;

    /// Writes everything in the batch in one transaction, durably, or nothing of it.
    async fn write_sensors(&self, batch: &SensorBatch) -> Result<SensorReceipt>;

    /// Replaces an observation of the same id; `None` where there is none. A datastream other than before is allowed.
    async fn replace_observation(&self, observation: &Observation)
    -> Result<Option<SensorReceipt>>;

    /// Observations in the order asked for. A result that is no number is ordered by its JSON text.
    async fn observations(&self, query: &ObservationQuery) -> Result<Vec<Observation>>;

    /// How many observations fulfil the filter. A filter by datastreams or features alone reads kept counts.
    async fn count_observations(&self, filter: &ObservationFilter) -> Result<u64>;

    /// Sums of the datastreams' hours or days (UTC) that start in `from..to`, by datastream and start.
    async fn rollups(
        &self,
        datastreams: &[EntityId],
        step: Step,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<Vec<Rollup>>;

    /// Deletes a datastream's observations that ended before the instant, at most `limit`, the earliest first.
    /// The rollups that they were summed up in and the latest observation stay. The receipt has the new summary: count
    /// and extents of what is left.
    async fn expire(
        &self,
        datastream: EntityId,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<SensorReceipt>;

    /// The links that are current.
    async fn links(&self) -> Result<Vec<Link>>;

    /// Makes these the links of these things; what differs from before is closed and kept (transaction time).
    async fn put_links(&self, things: &[EntityId], links: &[Link]) -> Result<()>;

    async fn geofences(&self) -> Result<Vec<Geofence>>;

    /// Creates a geofence, or replaces the one of its id.
    async fn put_geofence(&self, geofence: &Geofence) -> Result<()>;

    /// Says whether it was there.
    async fn delete_geofence(&self, id: EntityId) -> Result<bool>;
}

/// Every entity but observations.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StoredEntities {
    pub entities: Vec<Entity>,
    /// For each kind, the lowest number that was never given; datastreams' is under [`EntityKind::Datastream`].
    pub next: Vec<(EntityKind, EntityId)>,
}

/// What is written together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SensorBatch {
    /// New or changed, with their numbers; each refers only to entities that are there or in the batch.
    pub puts: Vec<Entity>,
    /// Nothing that stays refers to them. A datastream or a feature of interest takes its observations along; the
    /// links of a thing are closed.
    pub deletes: Vec<(EntityKind, EntityId)>,
    /// Observations to delete, by their numbers; those that are unknown are passed over.
    pub deleted_observations: Vec<EntityId>,
    /// Each has its feature of interest.
    pub observations: Vec<NewObservation>,
}

/// What a write did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SensorReceipt {
    /// One for each observation, in the batch's order.
    pub observations: Vec<Appended>,
    /// The new state of every datastream of which observations were added, deleted or replaced; those that were
    /// deleted themselves are left out.
    pub summaries: Vec<Summary>,
    /// How many observations were deleted, cascades included.
    pub deleted_observations: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    pub id: EntityId,
    /// False where the observation had been taken before: `id` is that one's.
    pub is_new: bool,
}

/// What is kept of a datastream's observations.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    pub datastream: EntityId,
    pub count: u64,
    /// From the earliest start to the latest end; an interval also where that is one instant.
    pub phenomenon_time: Option<Period>,
    pub result_time: Option<Period>,
    /// How many observations are of which feature of interest; by feature.
    pub features: Vec<(EntityId, u64)>,
    /// The one with the latest end of its phenomenon time; of those the latest result time, then the greatest id.
    pub latest: Option<Observation>,
}
