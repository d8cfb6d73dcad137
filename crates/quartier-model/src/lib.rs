//! The words of the twin: plain values that every other crate speaks.
//!
//! **Invariants:** no I/O, no async, no HTTP and no SQL in this crate. A coordinate is always x (east, longitude)
//! before y (north, latitude), whatever the CRS says; axes are turned at the door, by `quartier-api` and
//! `quartier-import`. A value that exists is valid: text and numbers from outside are parsed here, once.

mod bbox;
mod body;
mod collection;
mod crs;
mod filter;
mod geometry;
mod id;
mod object;
mod schema;
mod sensor;
mod time_range;

pub use bbox::{Bbox, BboxError};
pub use body::{Body, Form, Lod, LodError, Part, Structure, Surface, SurfaceKind};
pub use collection::{Collection, Readers};
pub use crs::{Crs, CrsError};
pub use filter::{Filter, PropertyEquals, SpatialFilter};
pub use geometry::{Geometry, GeometryError, GeometryKind};
pub use id::{CollectionId, FeatureId, IdError, ObjectId};
pub use object::{CityObject, Feature, Properties};
pub use schema::{Property, PropertyKind, Schema};
pub use sensor::{
    Channel, Condition, Datastream, Entity, EntityId, EntityKind, FeatureOfInterest, Fence,
    Geofence, HistoricalLocation, Link, Location, Method, NewObservation, Observation,
    ObservedProperty, Period, PeriodError, Place, Repeats, ResultValue, Role, Rollup, Sensor, Step,
    Subject, Thing, Unit,
};
pub use time_range::{TimeRange, TimeRangeError};
