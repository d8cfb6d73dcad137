//! From a quarter's plan to the city objects of one collection.

mod buildings;
mod districts;
mod land;
mod sites;
mod trees;

use geo_types::{Coord, LineString, Point, Polygon};
use quartier_model::{CityObject, Feature, Geometry, ObjectId, Properties, TimeRange};
use serde_json::Value;

use crate::{
    addresses::{Address, addresses, street_names},
    districts::{District, Districts},
    fabric::Fabric,
    kind::Kind,
    plan::{Plan, Quarter},
    plots::{Plot, plots},
    warp::ground_m,
    zone::Zone,
};

/// Dice for streets, parcels and green are thrown apart: who asks for streets only gets the same streets.
const DICE_OF_PLOTS: usize = 1 << 32;
const DICE_OF_GREEN: usize = 1 << 33;

/// A town that is being built, quarter by quarter.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) plan: Plan,
    districts: Districts,
    next: usize,
    /// Streets of their own in the quarters before.
    streets: u64,
}

/// What the towns and quarters before have used up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    buildings: u64,
    objects: u64,
    /// Buildings for which the quarters before had no room.
    waiting: u64,
}

/// A quarter with all that its objects are made from.
struct Scene<'site> {
    plan: &'site Plan,
    quarter: &'site Quarter,
    district: &'site District,
    index: usize,
    fabric: Fabric,
    street_names: Vec<String>,
    plots: Vec<Plot>,
    addresses: Vec<Option<Address>>,
    postcode: String,
    first_building: u64,
}

impl Site {
    pub(crate) fn new(plan: Plan) -> Self {
        let districts = Districts::new(&plan);
        Self { plan, districts, next: 0, streets: 0 }
    }

    /// The collection's objects in the next quarter; `None` after the last one.
    pub(crate) fn next_quarter(
        &mut self,
        kind: Kind,
        count: &mut Count,
    ) -> Option<Vec<CityObject>> {
        if let Kind::Districts(level) = kind {
            let all = self.next == 0;
            self.next = 1;
            return all.then(|| districts::objects(&self.plan, &self.districts, level));
        }
        let scene = self.scene(kind, count)?;
        let objects = match kind {
            Kind::Buildings => buildings::objects(&scene),
            Kind::Parcels => land::parcels(&scene, count.objects),
            Kind::Blocks => land::blocks(&scene, count.objects),
            Kind::Streets => land::streets(&scene, count.objects),
            Kind::Trees => trees::objects(&scene, count.objects),
            Kind::Addresses => sites::addresses(&scene, count.objects),
            Kind::SensorSites => sites::sensors(&scene, count.objects),
            Kind::Districts(_) => Vec::new(),
        };
        count.objects += objects.len() as u64;
        Some(objects)
    }

    fn scene(&mut self, kind: Kind, count: &mut Count) -> Option<Scene<'_>> {
        let index = self.next;
        let quarter = self.plan.quarters.get(index)?;
        let fabric = Fabric::new(&self.plan, quarter, &mut self.plan.dice(index));
        let street_names = street_names(&self.plan, &fabric, self.streets);
        let first_building = count.buildings;
        let mut scene = Scene {
            plan: &self.plan,
            quarter,
            district: self.districts.around(index),
            index,
            plots: Vec::new(),
            addresses: Vec::new(),
            postcode: String::new(),
            first_building,
            fabric,
            street_names,
        };
        self.next += 1;
        self.streets += scene.fabric.streets.len() as u64 - quarter.rims.len() as u64;
        if !matches!(kind, Kind::Blocks | Kind::Streets) {
            scene.build(count);
        }
        Some(scene)
    }
}

impl Scene<'_> {
    fn build(&mut self, count: &mut Count) {
        let wanted = self.quarter.buildings + count.waiting;
        let mut dice = self.plan.dice(self.index + DICE_OF_PLOTS);
        self.plots = plots(&self.fabric, self.quarter.zone, wanted, &mut dice);
        let is_last = self.index + 1 == self.plan.quarters.len();
        if is_last && self.standing() < wanted {
            self.plots = plots(&self.fabric, Zone::Terraces, wanted, &mut dice);
        }
        self.addresses = addresses(self.plan, &self.fabric, &self.plots);
        let part = self.district.key[0] as u64 + self.plan.site.town * 9;
        self.postcode = format!("{:05}", 48_000 + part % 1_000);
        count.buildings += self.standing();
        count.waiting = wanted - self.standing();
    }

    fn standing(&self) -> u64 {
        self.plots.iter().map(|plot| plot.buildings.len() as u64).sum()
    }

    /// Each building's number in the town, with its plot's place in the list.
    fn numbered(&self) -> impl Iterator<Item = (u64, usize, &crate::building::Building)> {
        let plots = self.plots.iter().enumerate();
        let buildings = plots.flat_map(|(plot, it)| it.buildings.iter().map(move |it| (plot, it)));
        let numbers = self.first_building + 1..;
        numbers.zip(buildings).map(|(number, (plot, building))| (number, plot, building))
    }

    fn street_of(&self, address: &Address) -> &str {
        &self.street_names[address.street]
    }
}

fn object(id: String, geometry: Geometry, properties: Properties) -> CityObject {
    let id: ObjectId = id.try_into().expect("the town's ids are short and plain");
    let geometry = Some(geometry);
    Feature { id, source_id: None, geometry, properties, valid: TimeRange::ALWAYS }.into()
}

fn properties<const N: usize>(values: [(&str, Value); N]) -> Properties {
    let mut properties = Properties::with_capacity(N);
    properties.extend(values.into_iter().map(|(name, value)| (name.to_owned(), value)));
    properties
}

/// A point on the ground.
fn point(at: Coord) -> Geometry {
    Geometry::with_heights(Point(at).into(), vec![ground_m(at)]).expect("the town is finite")
}

/// A line on the ground.
fn line(points: Vec<Coord>) -> Geometry {
    let heights = points.iter().map(|at| ground_m(*at)).collect();
    Geometry::with_heights(LineString(points).into(), heights).expect("the town is finite")
}

/// A flat polygon of an open ring.
fn polygon(corners: Vec<Coord>) -> Geometry {
    let polygon = Polygon::new(LineString(corners), Vec::new());
    Geometry::new(polygon.into()).expect("a ring of three corners and more, all finite")
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
