use std::collections::BTreeMap;

use geo_types::Coord;

use crate::{
    convex::{Side, cross, dot, length, unit},
    fabric::{Fabric, Street, StreetKind},
    mesh::RimClass,
    names,
    plan::Plan,
    plots::Plot,
};

/// Each piece of a main street has a hundred house numbers.
const NUMBERS_PER_PIECE: u32 = 100;

/// Along main streets and along others a number, odd on one side and even on the other, is this long.
const MAIN_STREET_NUMBER_M: f64 = 10.0;
const STREET_NUMBER_M: f64 = 7.5;

#[derive(Debug, Clone)]
pub(crate) struct Address {
    /// By its place in the quarter's list.
    pub(crate) street: usize,
    pub(crate) house_number: String,
}

/// What the quarter's streets are called; `first` is the number of its first street of its own.
pub(crate) fn street_names(plan: &Plan, fabric: &Fabric, first: u64) -> Vec<String> {
    let town = plan.site.seed.rotate_left(17) ^ plan.site.town;
    let mut next = plan.main_streets + first;
    let name = |street: &Street| {
        let StreetKind::Main(rim) = street.kind else {
            next += 1;
            return names::street(town, next - 1);
        };
        let known = match rim.class {
            RimClass::Market => Some("Markt"),
            RimClass::Promenade => Some("Promenade"),
            RimClass::Road(number) => names::road(number),
            RimClass::Street => None,
        };
        known.map_or_else(|| names::street(town, rim.street), str::to_owned)
    };
    fabric.streets.iter().map(name).collect()
}

/// For each plot the address of its main building, where it has one.
pub(crate) fn addresses(plan: &Plan, fabric: &Fabric, plots: &[Plot]) -> Vec<Option<Address>> {
    let lines: Vec<(Coord, Coord)> = fabric
        .streets
        .iter()
        .map(|street| (plan.warp.apply(street.from), plan.warp.apply(street.to)))
        .collect();
    let mut taken: BTreeMap<(usize, u32), u32> = BTreeMap::new();
    let address = |plot: &Plot| {
        let Side::Street(street) = plot.front else { return None };
        let house = plot.buildings.first().filter(|house| house.function.has_address())?;
        let front = plot.frame.place((house.form.outline[0] + house.form.outline[1]) * 0.5);
        let number = number(&fabric.streets[street], lines[street], front);
        let count = taken.entry((street, number)).or_default();
        *count += 1;
        Some(Address { street, house_number: format!("{number}{}", letter(*count)) })
    };
    plots.iter().map(address).collect()
}

fn number(street: &Street, line: (Coord, Coord), front: Coord) -> u32 {
    let along = unit(line.1 - line.0);
    let offset = front - line.0;
    let at = dot(offset, along).clamp(0.0, length(line.1 - line.0));
    // Main streets bend by more than their width, but a quarter lies on one side of each.
    let is_left = match street.kind {
        StreetKind::Main(rim) => rim.is_forward,
        _ => cross(along, offset) > 0.0,
    };
    let (first, step) = match street.kind {
        StreetKind::Main(rim) => (rim.piece * NUMBERS_PER_PIECE, at / MAIN_STREET_NUMBER_M),
        _ => (0, at / STREET_NUMBER_M),
    };
    let pair = (step as u32).min(NUMBERS_PER_PIECE / 2 - 1);
    first + pair * 2 + if is_left { 2 } else { 1 }
}

/// Nothing for the first at a number, then `a`, `b` and on; past `z` the alphabet starts anew, doubled.
fn letter(count: u32) -> String {
    let Some(index) = count.checked_sub(2) else { return String::new() };
    let letter = char::from(b'a' + (index % 26) as u8);
    String::from(letter).repeat(1 + (index / 26) as usize)
}
