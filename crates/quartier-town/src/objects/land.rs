use quartier_model::CityObject;
use serde_json::json;

use super::{Scene, line, object, polygon, properties};
use crate::{
    fabric::{Land, Street, StreetKind},
    mesh::RimClass,
    warp::rounded,
    zone::Zone,
};

pub(super) fn parcels(scene: &Scene<'_>, before: u64) -> Vec<CityObject> {
    let section = scene.index + 1;
    let numbers = 1_u64..;
    let parcels = scene.plots.iter().zip(numbers).map(|(plot, number)| {
        let known = properties([
            ("number", json!(format!("{number}/{}", plot.block + 1))),
            ("section", json!(section)),
            ("area_m2", json!(plot.shape().area().round() as u64)),
            ("district", json!(scene.district.name)),
        ]);
        object(format!("parcel-{:09}", before + number), polygon(plot.corners()), known)
    });
    parcels.collect()
}

pub(super) fn blocks(scene: &Scene<'_>, before: u64) -> Vec<CityObject> {
    let built = scene.fabric.blocks.iter().map(|block| {
        let corners = block.shape.points().map(rounded).collect();
        (used(block.land, scene.quarter.zone), block.shape.area(), corners)
    });
    let water = scene.fabric.water.iter().map(|outline| {
        let ring = geo_types::LineString(outline.clone());
        ("water", area(&ring), outline.clone())
    });
    let numbers = before + 1..;
    let blocks = built.chain(water).zip(numbers).map(|((land, area, corners), number)| {
        let known = properties([
            ("use", json!(land)),
            ("area_m2", json!(area.round() as u64)),
            ("district", json!(scene.district.name)),
        ]);
        object(format!("block-{number:07}"), polygon(corners), known)
    });
    blocks.collect()
}

fn area(ring: &geo_types::LineString) -> f64 {
    let first = ring.0[0];
    let next = ring.0.iter().cycle().skip(1);
    let twice = ring.0.iter().zip(next);
    twice.map(|(from, to)| crate::convex::cross(*from - first, *to - first)).sum::<f64>() / 2.0
}

fn used(land: Land, zone: Zone) -> &'static str {
    match land {
        Land::Church | Land::School | Land::Kindergarten => "public",
        Land::Green | Land::Park => "park",
        Land::Market => "square",
        Land::Field => "field",
        Land::Built => match zone {
            Zone::OldTown | Zone::Perimeter | Zone::Market => "mixed",
            Zone::Industry => "commercial",
            _ => "residential",
        },
    }
}

pub(super) fn streets(scene: &Scene<'_>, before: u64) -> Vec<CityObject> {
    let named = scene.fabric.streets.iter().zip(&scene.street_names);
    let own = named.filter(|(street, _)| is_shown_here(street));
    let numbers = before + 1..;
    let streets = own.zip(numbers).map(|((street, name), number)| {
        let known = properties([
            ("name", json!(name)),
            ("class", json!(class(street))),
            ("width_m", json!(street.width_m)),
        ]);
        let course = scene.plan.warp.line(street.from, street.to);
        object(format!("street-{number:07}"), line(course), known)
    });
    streets.collect()
}

pub(super) fn is_shown_here(street: &Street) -> bool {
    !matches!(street.kind, StreetKind::Main(rim) if !rim.is_own)
}

fn class(street: &Street) -> &'static str {
    match street.kind {
        StreetKind::Residential => "residential",
        StreetKind::Path => "path",
        StreetKind::Main(rim) => match rim.class {
            RimClass::Promenade | RimClass::Road(_) => "primary",
            RimClass::Street => "secondary",
            RimClass::Market => "residential",
        },
    }
}
