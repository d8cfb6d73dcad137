//! Things that measure, and what they measured: the entities of OGC 18-088, in the twin's own words.

mod entity;
mod geofence;
mod link;
mod observation;
mod period;
mod rollup;

pub use entity::{
    Channel, Datastream, Entity, EntityId, EntityKind, FeatureOfInterest, HistoricalLocation,
    Location, ObservedProperty, Place, Sensor, Thing, Unit,
};
pub use geofence::{Condition, Fence, Geofence, Subject};
pub use link::{Link, Method, Role};
pub use observation::{NewObservation, Observation, Repeats, ResultValue};
pub use period::{Period, PeriodError};
pub use rollup::{Rollup, Step};
