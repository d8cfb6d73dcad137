use quartier_model::{Bbox, CityObject, Collection, CollectionId, Crs};

use crate::{
    collections::collection,
    conurbation,
    error::TownError,
    kind::Kind,
    objects::{Count, Site},
    plan::{self, Plan},
};

const BUILDINGS_MIN: u64 = 1_000;
const BUILDINGS_MAX: u64 = 10_000_000;

/// An invented town in EPSG:25832, given by its size and a seed.
#[derive(Debug, Clone)]
pub struct Town {
    sites: Vec<plan::Site>,
}

impl Town {
    /// What every coordinate of a town is in.
    pub const CRS: Crs = crate::collections::CRS;

    /// A town of exactly so many buildings, from 1,000 to 10,000,000.
    pub fn new(buildings: u64, seed: u64) -> Result<Self, TownError> {
        if !(BUILDINGS_MIN..=BUILDINGS_MAX).contains(&buildings) {
            return Err(TownError::Size(buildings));
        }
        Ok(Self { sites: conurbation::sites(buildings, seed) })
    }

    /// What the town is described by, each with its full schema; everyone may read them.
    pub fn collections(&self) -> Vec<Collection> {
        Kind::ALL.into_iter().map(collection).collect()
    }

    /// The objects of one of [`Town::collections`], made as they are asked for; none for any other.
    pub fn objects(&self, collection: &CollectionId) -> Objects {
        Objects {
            kind: Kind::of(collection),
            sites: self.sites.clone().into_iter(),
            site: None,
            quarter: Vec::new().into_iter(),
            count: Count::default(),
        }
    }

    /// A box that holds the whole town.
    pub fn bbox(&self) -> Bbox {
        let boxes = self.sites.iter().map(|site| {
            let reach = plan::reach_m(site.buildings);
            Bbox {
                min_x: site.centre.x - reach,
                min_y: site.centre.y - reach,
                max_x: site.centre.x + reach,
                max_y: site.centre.y + reach,
                heights: None,
            }
        });
        boxes.reduce(Bbox::union).expect("a town has a site")
    }

    /// The market of the town that is nearest to the middle: x, y.
    pub fn centre(&self) -> (f64, f64) {
        let middle = conurbation::centre();
        let apart = |site: &plan::Site| {
            let offset = site.centre - middle;
            offset.x * offset.x + offset.y * offset.y
        };
        let nearest = self.sites.iter().min_by(|one, other| apart(one).total_cmp(&apart(other)));
        nearest.map_or((middle.x, middle.y), |site| (site.centre.x, site.centre.y))
    }
}

/// The objects of one collection, quarter by quarter.
#[derive(Debug)]
pub struct Objects {
    kind: Option<Kind>,
    sites: std::vec::IntoIter<plan::Site>,
    site: Option<Site>,
    quarter: std::vec::IntoIter<CityObject>,
    count: Count,
}

impl Iterator for Objects {
    type Item = CityObject;

    fn next(&mut self) -> Option<CityObject> {
        let kind = self.kind?;
        loop {
            if let Some(object) = self.quarter.next() {
                return Some(object);
            }
            let Some(site) = &mut self.site else {
                self.site = Some(Site::new(Plan::new(self.sites.next()?)));
                continue;
            };
            match site.next_quarter(kind, &mut self.count) {
                Some(objects) => self.quarter = objects.into_iter(),
                None => self.site = None,
            }
        }
    }
}
