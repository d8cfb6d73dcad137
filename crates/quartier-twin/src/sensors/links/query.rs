use std::sync::Arc;

use geo_types::Coord;
use quartier_model::{CollectionId, EntityId, FeatureId, Link, Role, Thing};
use time::OffsetDateTime;

use crate::sensors::{
    Catalogue, Sensors,
    join::{Reason, representative},
};

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
        let table = self.link_table();
        let fits = |link: &&Arc<Link>| filter.fits(link);
        if let Some(thing) = filter.thing {
            return table.links_of(thing).iter().filter(fits).cloned().collect();
        }
        if let Some(fid) = filter.fid {
            let links = table.things_of(fid).flat_map(|thing| table.links_of(thing));
            return links.filter(fits).cloned().collect();
        }
        table.things().flat_map(|(_, it)| &it.links).filter(fits).cloned().collect()
    }

    /// Things whose current place gives them no object, by id.
    pub fn unlinked(&self) -> Vec<Unlinked> {
        let table = self.link_table();
        let unlinked = table.reasons().map(|(thing, reason)| Unlinked {
            thing,
            reason: reason.clone(),
            degrees: self.degrees(thing),
        });
        unlinked.collect()
    }

    /// Where a thing is now.
    fn degrees(&self, thing: EntityId) -> Option<Coord<f64>> {
        let catalogue = self.catalogue()?;
        let thing = catalogue.things.get(&thing)?;
        degrees_of(&catalogue, &thing.locations)
    }
}

/// Where a thing was at a time: at its first place before that, as the join has it.
pub(crate) fn degrees_at(
    catalogue: &Catalogue,
    thing: &Thing,
    at: OffsetDateTime,
) -> Option<Coord<f64>> {
    let stays = || {
        let ids = catalogue.history_of(thing.id);
        ids.filter_map(|id| catalogue.historical_locations.get(&id))
    };
    let stay = stays().rev().find(|stay| stay.time <= at).or_else(|| stays().next());
    degrees_of(catalogue, stay.map_or(&thing.locations, |stay| &stay.locations))
}

/// Of several encodings of a place, the first that is understood.
fn degrees_of(catalogue: &Catalogue, locations: &[EntityId]) -> Option<Coord<f64>> {
    let known = locations.iter().filter_map(|id| catalogue.locations.get(id));
    known.filter_map(|it| it.place.degrees.as_ref()).find_map(representative)
}

impl LinkFilter {
    fn fits(&self, link: &Link) -> bool {
        self.thing.is_none_or(|thing| thing == link.thing)
            && self.collection.as_ref().is_none_or(|collection| *collection == link.collection)
            && self.fid.is_none_or(|fid| fid == link.fid)
            && self.role.is_none_or(|role| role == link.role)
            && self.at.is_none_or(|at| link.valid.contains(at))
    }
}
