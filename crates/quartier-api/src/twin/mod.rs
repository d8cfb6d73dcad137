//! What no standard has: `/twin/v1`.

mod aggregate;
mod distance_cursor;
mod feeds;
mod geofences;
mod latest;
mod links;
mod nearest;
mod object;
mod observed_properties;
mod search;
mod search_cursor;

pub(crate) use aggregate::aggregate;
pub(crate) use feeds::feeds;
pub(crate) use geofences::{create_geofence, delete_geofence, geofence, geofences};
pub(crate) use latest::latest;
pub(crate) use links::{links, unlinked};
pub(crate) use nearest::nearest;
pub(crate) use object::{history, structure};
pub(crate) use observed_properties::observed_properties;
pub(crate) use search::search;
