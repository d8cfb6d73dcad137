use geo_types::Coord;
use quartier_model::CityObject;
use serde_json::json;

use super::{Scene, buildings, land::is_shown_here, object, point, properties};
use crate::{convex::left, fabric::StreetKind, mesh::RimClass, warp::rounded, zone::Zone};

/// How far inside its building an address stands, behind the front's middle.
const DOOR_M: f64 = 1.5;

pub(super) fn addresses(scene: &Scene<'_>, before: u64) -> Vec<CityObject> {
    let mut plot_before = None;
    let mains = scene.numbered().filter(|(_, plot, _)| plot_before.replace(*plot) != Some(*plot));
    let addressed = mains
        .filter_map(|(number, plot, building)| {
            Some((number, plot, building, scene.addresses[plot].as_ref()?))
        })
        .zip(before + 1..);
    let objects = addressed.map(|((building_number, plot, building, address), number)| {
        let outline = &building.form.outline;
        let door = (outline[0] + outline[1]) * 0.5 + Coord { x: 0.0, y: DOOR_M };
        let known = properties([
            ("street", json!(scene.street_of(address))),
            ("house_number", json!(address.house_number)),
            ("postcode", json!(scene.postcode)),
            ("building", json!(buildings::id(building_number))),
        ]);
        let at = scene.plots[plot].frame.place(door);
        object(format!("address-{number:09}"), point(at), known)
    });
    objects.collect()
}

pub(super) fn sensors(scene: &Scene<'_>, before: u64) -> Vec<CityObject> {
    let sites = sites(scene).into_iter().zip(before + 1..);
    let objects = sites.map(|((kind, at, place), number)| {
        let title = match kind {
            "air" => "Luftgüte",
            "bicycle" => "Radzählstelle",
            "parking" => "Parkplatz",
            "noise" => "Lärm",
            _ => "Pegel",
        };
        let known =
            properties([("name", json!(format!("{title} {place}"))), ("kind", json!(kind))]);
        object(format!("sensor-site-{number:06}"), point(rounded(at)), known)
    });
    objects.collect()
}

/// Kind, place and the name of the place.
fn sites<'scene>(scene: &'scene Scene<'_>) -> Vec<(&'static str, Coord, &'scene str)> {
    let mut sites = Vec::new();
    let streets = scene.fabric.streets.iter().zip(&scene.street_names);
    for (street, name) in streets.filter(|(street, _)| is_shown_here(street)) {
        let StreetKind::Main(rim) = street.kind else { continue };
        let kind = match (rim.class, scene.index % 3) {
            (RimClass::Promenade, _) | (RimClass::Road(_), 0) => "bicycle",
            (RimClass::Road(_), 1) => "noise",
            (RimClass::Road(_), _) => "air",
            _ => continue,
        };
        let along = street.to - street.from;
        let kerb = left(crate::convex::unit(along)) * (street.width_m / 2.0 - 1.5);
        let at = scene.plan.warp.apply(street.from + along * 0.4 + kerb);
        sites.push((kind, at, name.as_str()));
    }
    if matches!(scene.quarter.zone, Zone::OldTown | Zone::Perimeter | Zone::Market)
        && let Some(block) = scene.fabric.blocks.first()
    {
        sites.push(("parking", block.shape.middle(), scene.district.name.as_str()));
    }
    if matches!(scene.quarter.zone, Zone::Park | Zone::Industry)
        && let Some(block) = scene.fabric.blocks.first()
    {
        sites.push(("air", block.shape.middle(), scene.district.name.as_str()));
    }
    if let Some((from, to)) = scene.quarter.river {
        let at = scene.plan.warp.apply((from + to) * 0.5);
        sites.push(("water", at, scene.district.name.as_str()));
    }
    sites
}
