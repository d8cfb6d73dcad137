use quartier_model::{EntityId, EntityKind, FeatureOfInterest, Location};

use super::{Catalogue, Numbers};
use crate::{Error, Result};

/// The feature of interest of observations that name none: the place where their thing is.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "made once per location, and taken apart at once")]
pub enum AutoFeature {
    Known(EntityId),
    /// To be written with the observations; the location names it from then on.
    Made {
        feature: FeatureOfInterest,
        location: Location,
    },
}

impl AutoFeature {
    pub fn id(&self) -> EntityId {
        match self {
            Self::Known(id) => *id,
            Self::Made { feature, .. } => feature.id,
        }
    }
}

/// Finds the feature of interest that belongs to where a datastream's thing is, or makes it.
pub fn feature_of_interest(
    catalogue: &Catalogue,
    datastream: EntityId,
    numbers: &mut Numbers,
) -> Result<AutoFeature> {
    let location = location_of(catalogue, datastream)?;
    let known = location.feature.filter(|id| catalogue.features.contains_key(id));
    Ok(known.map_or_else(|| made(location, numbers), AutoFeature::Known))
}

/// Of several encodings of one place, the first with a geometry.
fn location_of(catalogue: &Catalogue, datastream: EntityId) -> Result<&Location> {
    let known = catalogue.datastreams.get(&datastream);
    let thing = known.ok_or(Error::UnknownDatastream(datastream))?.thing;
    let locations = || {
        let ids = catalogue.things.get(&thing).into_iter().flat_map(|it| &it.locations);
        ids.filter_map(|id| catalogue.locations.get(id).map(AsRef::as_ref))
    };
    let placed = locations().find(|it: &&Location| it.place.degrees.is_some());
    placed.or_else(|| locations().next()).ok_or(Error::NoLocation { thing, datastream })
}

fn made(location: &Location, numbers: &mut Numbers) -> AutoFeature {
    let id = numbers.next(EntityKind::FeatureOfInterest);
    let feature = FeatureOfInterest {
        id,
        name: location.name.clone(),
        description: location.description.clone(),
        encoding: location.encoding.clone(),
        place: location.place.clone(),
        properties: location.properties.clone(),
    };
    AutoFeature::Made { feature, location: Location { feature: Some(id), ..location.clone() } }
}
