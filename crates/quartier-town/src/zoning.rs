use crate::{
    dice::Dice,
    mesh::Mesh,
    noise::{direction, smooth},
    plan::Place,
    zone::Zone,
};

/// What each quarter is built up with, in the order of the mesh's places.
pub(crate) fn zones(mesh: &Mesh, salt: u64, dice: &mut Dice) -> Vec<Zone> {
    let works = dice.unit();
    let park = dice.below(mesh.steps(2.min(mesh.rings())));
    let places = mesh.places();
    places.into_iter().map(|place| zone(mesh, place, salt, (works, park), dice)).collect()
}

fn zone(mesh: &Mesh, place: Place, salt: u64, picked: (f64, usize), dice: &mut Dice) -> Zone {
    let (works, park) = picked;
    let rings = mesh.rings();
    match place.ring {
        0 => Zone::Market,
        1 => Zone::OldTown,
        2 if place.step == park && rings > 2 => Zone::Park,
        2 if rings > 3 && dice.chance(0.8) => Zone::Perimeter,
        3 if rings > 5 && dice.chance(0.4) => Zone::Perimeter,
        ring if rings > 2 && is_works(mesh, place, works) && ring + 2 > rings => Zone::Industry,
        _ if is_open_country(mesh, place, salt, dice) => Zone::Fields,
        _ if rings > 3 && dice.chance(0.04) => Zone::Park,
        _ => homes(mesh, place, salt, dice),
    }
}

/// Whether the quarter lies in the direction of the works, downwind of the town.
fn is_works(mesh: &Mesh, place: Place, works: f64) -> bool {
    let apart = (mesh.turn(place) - works).rem_euclid(1.0);
    apart.min(1.0 - apart) < 0.09
}

/// Between the roads out of town the country reaches in: more at the very edge, more on some sides.
fn is_open_country(mesh: &Mesh, place: Place, salt: u64, dice: &mut Dice) -> bool {
    let side = smooth(direction(mesh.turn(place)), 0.55, salt ^ 0x63) + dice.between(-0.3, 0.3);
    let from_edge = mesh.rings() - place.ring;
    match from_edge {
        0 => mesh.rings() > 2 && side > -0.1,
        1 => mesh.rings() > 5 && side > 0.42,
        _ => false,
    }
}

/// Homes of a kind stand together, so the choice changes smoothly over the town.
fn homes(mesh: &Mesh, place: Place, salt: u64, dice: &mut Dice) -> Zone {
    let at = direction(mesh.turn(place)) * place.ring as f64;
    let mood = smooth(at, 1.7, salt ^ 0x4D) + dice.between(-0.35, 0.35);
    let from_edge = mesh.rings() - place.ring;
    let is_small = mesh.rings() < 4;
    match mood {
        high if high > 0.52 && from_edge > 0 => Zone::Slabs,
        high if high > if is_small { 0.45 } else { 0.12 } => Zone::Terraces,
        _ => Zone::Detached,
    }
}
