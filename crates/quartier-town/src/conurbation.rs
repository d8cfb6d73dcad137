use geo_types::Coord;

use crate::{dice::Dice, plan::Site};

/// A town is no larger than this on average; more buildings make more towns.
const BUILDINGS_PER_TOWN: f64 = 36_000.0;

/// In EPSG:25832; in the Münster bay, where there is room in the coordinates though not in the country.
const CENTRE: Coord = Coord { x: 405_000.0, y: 5_757_000.0 };

/// Throws what concerns all towns together.
const COUNTRY_DICE: u64 = u64::MAX;

/// The towns side by side, each with its share of the buildings.
pub(crate) fn sites(buildings: u64, seed: u64) -> Vec<Site> {
    let mut dice = Dice::new(seed, COUNTRY_DICE, 0);
    let count = (buildings as f64 / BUILDINGS_PER_TOWN).round().max(1.0) as u64;
    let weights: Vec<f64> = (0..count).map(|_| dice.between(0.6, 1.4)).collect();
    let total: f64 = weights.iter().sum();
    let spacing = spacing(buildings as f64 / count as f64 * 1.4);
    let columns = (count as f64).sqrt().ceil() as u64;
    let rows = count.div_ceil(columns);
    let (mut seen, mut given) = (0.0, 0);
    let mut sites = Vec::with_capacity(weights.len());
    for (town, weight) in (0..count).zip(weights) {
        seen += weight;
        let until = (buildings as f64 * seen / total).round() as u64;
        let (column, row) = ((town % columns) as f64, town / columns);
        // Every other row is shifted, as honeycombs are, and each town strays from its place.
        let shift = if row % 2 == 1 { 0.5 } else { 0.0 };
        let mut place = |at: f64, of: u64| {
            let stray = if count > 1 { dice.between(-0.07, 0.07) } else { 0.0 };
            ((at - (of - 1) as f64 / 2.0 + stray) * spacing).round()
        };
        let offset = Coord { x: place(column + shift, columns), y: place(row as f64, rows) };
        sites.push(Site { seed, town, centre: CENTRE + offset, buildings: until - given });
        given = until;
    }
    sites
}

/// Twice the largest town's radius, with some country in between.
fn spacing(buildings: f64) -> f64 {
    (buildings / 9.0e-4 / 3.0).sqrt() * 2.25
}

pub(crate) fn centre() -> Coord {
    CENTRE
}
