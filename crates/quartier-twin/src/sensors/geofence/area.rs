use std::collections::BTreeSet;

use quartier_model::{CollectionId, EntityId, FeatureId, GeometryKind, ObjectId};
use time::OffsetDateTime;

use super::GeofenceError;
use crate::sensors::{Sensors, join::covers, links::LinkTable};

/// Where a geofence is, ready to be asked.
#[derive(Debug)]
pub(super) enum Area {
    Objects {
        collection: CollectionId,
        /// All of the collection where none is named.
        objects: BTreeSet<ObjectId>,
    },
    /// In the working CRS.
    Polygon(geo_types::Geometry<f64>),
}

/// A part of a geofence that a thing can be in: one of its objects, or its polygon.
pub(super) type Part = Option<(CollectionId, FeatureId)>;

impl Area {
    /// The parts that a thing was in at a time.
    pub(super) fn parts_at(
        &self,
        links: &LinkTable,
        thing: EntityId,
        at: OffsetDateTime,
    ) -> BTreeSet<Part> {
        match self {
            Self::Objects { collection, objects } => {
                let then = links.links_of(thing).iter().filter(|link| link.valid.contains(at));
                let inside = then.filter(|link| {
                    link.collection == *collection
                        && (objects.is_empty() || objects.contains(&link.object))
                });
                inside.map(|link| Some((link.collection.clone(), link.fid))).collect()
            }
            Self::Polygon(plane) => {
                let spot = links.placed_at(thing, at).and_then(|it| it.spot.as_ref().ok());
                let is_in = spot.is_some_and(|spot| covers(plane, spot.point));
                is_in.then_some(None).into_iter().collect()
            }
        }
    }
}

impl Sensors {
    /// A polygon that a client sent, in the working CRS.
    pub(super) fn polygon(&self, sent: &serde_json::Value) -> Result<Area, GeofenceError> {
        let refused = |why: &str| GeofenceError::Polygon(why.to_owned());
        let place = self.place(sent.clone()).map_err(|error| refused(&error.to_string()))?;
        let degrees = place.degrees.ok_or_else(|| refused("it is no GeoJSON geometry"))?;
        if !matches!(degrees.kind(), GeometryKind::Polygon | GeometryKind::MultiPolygon) {
            return Err(refused(&format!("it is a {}", degrees.kind().name())));
        }
        let working = place.working.ok_or_else(|| {
            refused("it lies outside the area of the twin's coordinate reference system")
        })?;
        Ok(Area::Polygon(working.into_parts().0))
    }
}
