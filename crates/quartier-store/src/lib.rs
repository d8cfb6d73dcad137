//! Where the twin keeps its city: one contract, two databases.
//!
//! **Invariants:** all SQL of the program is in this crate and in `migrations/`. A write has been committed, durably,
//! when it returns. A batch is written whole or not at all.

mod batch;
mod change;
mod classify;
mod collection;
mod columns;
mod error;
mod fingerprint;
mod follower;
mod geopackage;
mod json;
mod migrate;
mod open;
mod plan;
mod postgis;
mod prepare;
mod sensor;
mod shapes;
mod url;
mod wkb;

use async_trait::async_trait;
use quartier_model::{
    CityObject, Collection, CollectionId, Crs, Feature, FeatureId, ObjectId, TimeRange,
};
use tokio::sync::watch;

pub use batch::{Batch, Change, Existing, Outcome, Receipt, Sequence};
pub use error::{Error, Result};
pub use open::{DEFAULT_WORKING_CRS, Inspection, inspect, open};
pub use sensor::{
    Appended, Bounds, KeyValue, ObservationFilter, ObservationKey, ObservationOrder,
    ObservationQuery, OrderBy, SensorBatch, SensorReceipt, SensorStore, StoredEntities, Summary,
};
pub use url::{StoreUrl, StoreUrlError};

/// The contract that both databases fulfil, and that `tests/contract` checks.
///
/// Every change of an object makes a new version; the one before it is kept with the time in which it was current
/// (transaction time), and each has the time in which it is true of the real world (valid time).
#[async_trait]
pub trait Store: SensorStore {
    /// The CRS that every object in the store is in; fixed when the store is made.
    fn working_crs(&self) -> Crs;

    /// Asks the database for a sign of life.
    async fn ping(&self) -> Result<()>;

    /// Brings what is committed into the store's file, where it is one, so that the file can be copied alone.
    async fn flush(&self) -> Result<()> {
        Ok(())
    }

    /// Every collection, by id.
    async fn collections(&self) -> Result<Vec<Collection>>;

    /// Makes a collection, or changes what is said of it; renews its typed SQL view.
    async fn put_collection(&self, collection: &Collection) -> Result<()>;

    /// Writes a batch in one transaction. What is the same as before makes no new version.
    async fn write(&self, collection: &CollectionId, batch: Batch) -> Result<Receipt>;

    /// What [`Store::write`] would do with these objects, were they put; writes nothing.
    async fn compare(
        &self,
        collection: &CollectionId,
        objects: &[CityObject],
    ) -> Result<Vec<Outcome>>;

    /// Current objects in the order of their feature ids, after the given one; at most `limit`.
    async fn scan(
        &self,
        collection: &CollectionId,
        after: Option<FeatureId>,
        limit: u32,
    ) -> Result<Vec<StoredFeature>>;

    /// The lowest and the highest feature id in a collection, to share out a scan; `None` where it is empty.
    async fn feature_id_range(
        &self,
        collection: &CollectionId,
    ) -> Result<Option<(FeatureId, FeatureId)>>;

    /// These objects as they are now; what is deleted or unknown is left out.
    async fn features(
        &self,
        collection: &CollectionId,
        ids: &[FeatureId],
    ) -> Result<Vec<StoredFeature>>;

    /// One object with its 3D geometry as it is now.
    async fn object(
        &self,
        collection: &CollectionId,
        id: &ObjectId,
    ) -> Result<Option<StoredObject>>;

    /// Every version of an object, oldest first; a deleted object's versions too.
    async fn history(&self, collection: &CollectionId, id: &ObjectId) -> Result<Vec<StoredObject>>;

    /// What tells this store from every other one, for as long as it lives.
    async fn identity(&self) -> Result<String>;

    /// The number of the newest change; everything up to it can be read.
    async fn sequence(&self) -> Result<Sequence>;

    /// What no other change has, in no other store and in none that was brought back from an older copy. Whoever finds
    /// the mark of a change again has the same history up to it. `None` where there is no such change.
    async fn mark(&self, change: Sequence) -> Result<Option<String>>;

    /// Changes after a number, oldest first, whoever made them; at most `limit`.
    async fn changes(&self, after: Sequence, limit: u32) -> Result<Vec<Change>>;

    /// Tells the newest change's number as it grows, whoever made the change.
    fn watch(&self) -> watch::Receiver<Sequence>;
}

/// An object's current state without its 3D geometry.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredFeature {
    pub fid: FeatureId,
    /// Counts up from 1 with each change of the object.
    pub version: u32,
    pub feature: Feature,
}

/// One version of an object, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredObject {
    pub fid: FeatureId,
    pub version: u32,
    /// When this version was the current one in the store (transaction time).
    pub recorded: TimeRange,
    pub object: CityObject,
}
