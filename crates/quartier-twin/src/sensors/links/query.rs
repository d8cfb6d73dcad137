use std::sync::Arc;

use geo_types::Coord;
use quartier_model::{CollectionId, EntityId, FeatureId, Link, Role};
use time::OffsetDateTime;

use super::super::{Sensors, join::Reason};

/// Which links are meant: those that fulfil every condition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LinkFilter {
    pub thing: Option<EntityId>,
    pub collection: Option<CollectionId>,
    pub fid: Option<FeatureId>,
    pub role: Option<Role>,
    /// Links that are valid at this time; all times' where none is given.
    pub at: Option<OffsetDateTime>,
}

/// A thing without an object, or one that names an object that is not there.
#[derive(Debug, Clone, PartialEq)]
pub struct Unlinked {
    pub thing: EntityId,
    pub reason: Reason,
    /// Where it is now, in WGS 84 degrees, east first.
    pub degrees: Option<Coord<f64>>,
}

impl Sensors {
    /// Links by thing, start and role.
    pub fn links(&self, filter: &LinkFilter) -> Vec<Arc<Link>> {
        unimplemented!("{filter:?}")
    }

    /// Things whose current place gives them no object, by id.
    pub fn unlinked(&self) -> Vec<Unlinked> {
        unimplemented!()
    }
}
