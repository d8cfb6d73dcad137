use geo_types::Coord;

use crate::{
    convex::{Convex, Corner, Side, length},
    dice::Dice,
    fabric::rim_width_m,
    mesh::{Mesh, Rim},
    warp::Warp,
    zone::Zone,
    zoning,
};

/// The dice of the plan; quarters throw those of their own number.
const PLAN_DICE: u64 = u64::MAX;

/// Mean density with fields, parks and works: what the first guess of a town's radius is made from.
const BUILDINGS_PER_SQUARE_METRE: f64 = 9.0e-4;

/// A town's main streets and what lies between them.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) site: Site,
    pub(crate) warp: Warp,
    pub(crate) quarters: Vec<Quarter>,
    /// How many streets run around and out of the town: the first numbers of its streets are theirs.
    pub(crate) main_streets: u64,
}

/// Where a town is, and how large.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site {
    pub(crate) seed: u64,
    pub(crate) town: u64,
    pub(crate) centre: Coord,
    pub(crate) buildings: u64,
}

/// What lies between main streets.
#[derive(Debug, Clone)]
pub(crate) struct Quarter {
    pub(crate) shape: Convex,
    /// In the order of the shape's edges: its sides are these streets.
    pub(crate) rims: Vec<Rim>,
    pub(crate) zone: Zone,
    pub(crate) buildings: u64,
    pub(crate) place: Place,
    /// Where the river enters and leaves.
    pub(crate) river: Option<(Coord, Coord)>,
}

/// Which of the rings around the market, and which of the sectors between the roads out of town.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) ring: usize,
    pub(crate) sector: usize,
    /// Counts the ring's quarters, counter-clockwise from east.
    pub(crate) step: usize,
}

impl Plan {
    pub(crate) fn new(site: Site) -> Self {
        let mut dice = Dice::new(site.seed, site.town, PLAN_DICE);
        let guess = (site.buildings as f64 / BUILDINGS_PER_SQUARE_METRE / 3.0).sqrt();
        let mut mesh = Mesh::new(guess, &mut dice);
        let zones = zoning::zones(&mesh, site.seed ^ site.town, &mut dice);
        let mut warp = Warp::new(site, mesh.radius());
        for _ in 0..3 {
            let room = capacity(&mesh, &warp, &zones);
            mesh.scale((site.buildings as f64 / room).sqrt());
            warp = Warp::new(site, mesh.radius());
        }
        let mut quarters = quarters(&mesh, &zones, &mut dice);
        share_out(&mut quarters, &warp, site.buildings);
        Self { site, warp, quarters, main_streets: mesh.streets() }
    }

    /// The plan's own dice for a quarter.
    pub(crate) fn dice(&self, quarter: usize) -> Dice {
        Dice::new(self.site.seed, self.site.town, quarter as u64)
    }

    /// The quarter's outline with the bends of its streets, to the millimetre, open.
    pub(crate) fn outline(&self, quarter: &Quarter) -> Vec<Coord> {
        let edges = quarter.shape.edges().zip(&quarter.rims);
        edges
            .flat_map(|(edge, rim)| {
                let mut line = self.warp.rim(edge.from, edge.to, rim.is_forward);
                line.pop();
                line
            })
            .collect()
    }
}

fn quarters(mesh: &Mesh, zones: &[Zone], dice: &mut Dice) -> Vec<Quarter> {
    let river = mesh.river(dice);
    let mut quarters: Vec<Quarter> = mesh
        .places()
        .into_iter()
        .zip(zones)
        .map(|(place, zone)| {
            let (points, rims) = mesh.outline(place);
            let corner = |(index, at)| Corner { at, side: Side::Street(index) };
            let shape = Convex { corners: points.into_iter().enumerate().map(corner).collect() };
            let river = river.iter().find(|(wet, _)| *wet == place).map(|(_, course)| *course);
            Quarter { shape, rims, zone: *zone, buildings: 0, place, river }
        })
        .collect();
    // The last quarter takes what did not fit before it, so it must be one that has room.
    let roomy = quarters.iter().rposition(|quarter| quarter.zone == Zone::Detached);
    if let Some(roomy) = roomy {
        let quarter = quarters.remove(roomy);
        quarters.push(quarter);
    }
    quarters
}

/// How many buildings the town would have room for.
fn capacity(mesh: &Mesh, warp: &Warp, zones: &[Zone]) -> f64 {
    let outlines = mesh.places().into_iter().map(|place| mesh.outline(place));
    outlines.zip(zones).map(|((points, rims), zone)| room(&points, &rims, *zone, warp)).sum()
}

/// How many buildings there is room for between these main streets.
fn room(points: &[Coord], rims: &[Rim], zone: Zone, warp: &Warp) -> f64 {
    let next = points.iter().cycle().skip(1);
    let edges = points.iter().zip(next).zip(rims);
    let streets: f64 =
        edges.map(|((from, to), rim)| length(*to - *from) * rim_width_m(rim.class) / 2.0).sum();
    (warp.area(points) - streets).max(0.0) / 10_000.0 * zone.density()
}

fn share_out(quarters: &mut [Quarter], warp: &Warp, buildings: u64) {
    let room = |quarter: &Quarter| {
        let points: Vec<Coord> = quarter.shape.points().collect();
        room(&points, &quarter.rims, quarter.zone, warp)
    };
    let total: f64 = quarters.iter().map(room).sum();
    let (mut seen, mut given) = (0.0, 0);
    for quarter in quarters {
        seen += room(quarter);
        let until = (buildings as f64 * seen / total).round() as u64;
        quarter.buildings = until - given;
        given = until;
    }
}

/// No town of this size reaches farther from its market.
pub(crate) fn reach_m(buildings: u64) -> f64 {
    (buildings as f64 / BUILDINGS_PER_SQUARE_METRE / 3.0).sqrt() * 1.2 + 150.0
}
