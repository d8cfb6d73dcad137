use std::{collections::BTreeSet, sync::Arc};

use quartier_model::{CollectionId, Datastream, EntityId, FeatureId, Fence, Geofence};
use time::OffsetDateTime;

use super::{
    GeofenceError,
    area::{Area, Part},
};
use crate::sensors::{Catalogue, FenceEvent, Happening, Sensors, readings::properties_named};

/// A geofence, ready to be asked.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(super) geofence: Arc<Geofence>,
    pub(super) area: Area,
}

impl Sensors {
    pub(super) fn prepared(&self, geofence: Arc<Geofence>) -> Result<Prepared, GeofenceError> {
        let area = match &geofence.area {
            Fence::Polygon(sent) => self.polygon(sent)?,
            Fence::Objects { collection, objects } => Area::Objects {
                collection: collection.clone(),
                objects: objects.iter().cloned().collect(),
            },
        };
        Ok(Prepared { geofence, area })
    }
}

impl Prepared {
    /// The observed properties whose readings count; `None` for all.
    pub(super) fn properties(&self, catalogue: &Catalogue) -> Option<BTreeSet<EntityId>> {
        let named = self.geofence.subject.property.as_deref()?;
        Some(properties_named(catalogue, named))
    }

    pub(super) fn watches(&self, thing: EntityId) -> bool {
        self.geofence.subject.thing.is_none_or(|watched| watched == thing)
    }

    /// The word that its condition came true.
    pub(super) fn event(&self, thing: EntityId, part: Part, what: What) -> Happening {
        let object: Option<(CollectionId, FeatureId)> = part;
        Happening::Fence(Arc::new(FenceEvent {
            geofence: self.geofence.id,
            name: self.geofence.name.clone(),
            condition: what.condition,
            thing,
            datastream: what.datastream,
            object,
            value: what.value,
            time: what.time,
        }))
    }
}

/// What made a condition true.
#[derive(Debug, Clone, Copy)]
pub(super) struct What {
    pub(super) condition: &'static str,
    pub(super) datastream: Option<EntityId>,
    pub(super) value: Option<f64>,
    pub(super) time: OffsetDateTime,
}

/// The channels of a datastream that measure one of the properties.
pub(super) fn channels(
    datastream: &Datastream,
    properties: Option<&BTreeSet<EntityId>>,
) -> impl Iterator<Item = usize> {
    let counts = move |property| properties.is_none_or(|those| those.contains(property));
    let channels = datastream.channels.iter().enumerate();
    channels.filter(move |(_, it)| counts(&it.observed_property)).map(|(at, _)| at)
}
