use geo_types::Coord;
use quartier_model::CityObject;
use serde_json::json;

use super::{DICE_OF_GREEN, Scene, land::is_shown_here, object, point, properties, tenths};
use crate::{
    collections::SPECIES,
    convex::{Convex, Side, left, length, unit},
    dice::Dice,
    fabric::{Land, Street, StreetKind},
    mesh::RimClass,
    plots::Plot,
    warp::rounded,
};

/// No tree stands closer to where a street ends in another.
const CROSSING_M: f64 = 14.0;

#[derive(Debug, Clone, Copy)]
enum Kind {
    Street,
    Park,
    Garden,
    River,
}

pub(super) fn objects(scene: &Scene<'_>, before: u64) -> Vec<CityObject> {
    let mut dice = scene.plan.dice(scene.index + DICE_OF_GREEN);
    let mut trees = Vec::new();
    for street in scene.fabric.streets.iter().filter(|street| is_shown_here(street)) {
        avenue(scene, street, &mut trees, &mut dice);
    }
    for block in &scene.fabric.blocks {
        match block.land {
            Land::Park | Land::Green => grove(&block.shape, 13.0, &mut trees, &mut dice),
            Land::Field => grove(&block.shape, 75.0, &mut trees, &mut dice),
            _ => {}
        }
        bank(&block.shape, &mut trees, &mut dice);
    }
    for plot in scene.plots.iter().filter(|plot| plot.land == Land::Built) {
        garden(plot, &mut trees, &mut dice);
    }
    let numbered = trees.into_iter().zip(before + 1..);
    numbered.map(|((kind, at), number)| tree(kind, at, number, &mut dice)).collect()
}

type Trees = Vec<(Kind, Coord)>;

fn avenue(scene: &Scene<'_>, street: &Street, trees: &mut Trees, dice: &mut Dice) {
    let edge = street.width_m / 2.0;
    let (rows, spacing) = match street.kind {
        StreetKind::Main(rim) => match rim.class {
            RimClass::Promenade => (vec![-12.0, -6.5, 6.5, 12.0], 11.0),
            RimClass::Road(_) => (vec![1.8 - edge, edge - 1.8], 14.0),
            RimClass::Street => (vec![1.5 - edge, edge - 1.5], 17.0),
            RimClass::Market => return,
        },
        StreetKind::Residential if street.width_m > 9.0 => (vec![1.6 - edge, edge - 1.6], 19.0),
        StreetKind::Residential if dice.chance(0.35) => (vec![edge - 1.0], 21.0),
        StreetKind::Path if dice.chance(0.6) => (vec![-3.5, 3.5], 16.0),
        _ => return,
    };
    let line = scene.plan.warp.line(street.from, street.to);
    let total: f64 = line.windows(2).map(|pair| length(pair[1] - pair[0])).sum();
    let mut at = CROSSING_M;
    while at < total - CROSSING_M {
        if let Some((middle, along)) = walked(&line, at) {
            let standing = rows.iter().map(|row| (Kind::Street, middle + left(along) * *row));
            trees.extend(standing.filter(|_| dice.chance(0.86)));
        }
        at += spacing;
    }
}

/// The point after a distance along a line, and the line's direction there.
fn walked(line: &[Coord], distance: f64) -> Option<(Coord, Coord)> {
    let mut left_to_go = distance;
    for pair in line.windows(2) {
        let step = length(pair[1] - pair[0]);
        if left_to_go <= step {
            let along = unit(pair[1] - pair[0]);
            return Some((pair[0] + along * left_to_go, along));
        }
        left_to_go -= step;
    }
    None
}

/// Trees about every `spacing` metres.
fn grove(shape: &Convex, spacing: f64, trees: &mut Trees, dice: &mut Dice) {
    let (east, north) = (Coord { x: 1.0, y: 0.0 }, Coord { x: 0.0, y: 1.0 });
    let ((min_x, max_x), (min_y, max_y)) = (shape.reach(east), shape.reach(north));
    let Some(inner) = shape.inset(|_| 2.5) else { return };
    let (columns, rows) = ((max_x - min_x) / spacing, (max_y - min_y) / spacing);
    for cell in 0..(columns.ceil() * rows.ceil()) as u32 {
        let (row, column) = (cell / columns.ceil() as u32, cell % columns.ceil() as u32);
        let x = min_x + (f64::from(column) + dice.unit()) * spacing;
        let y = min_y + (f64::from(row) + dice.unit()) * spacing;
        if dice.chance(0.6) && inner.contains(Coord { x, y }) {
            trees.push((Kind::Park, Coord { x, y }));
        }
    }
}

fn bank(shape: &Convex, trees: &mut Trees, dice: &mut Dice) {
    for edge in shape.edges().filter(|edge| edge.side == Side::River) {
        let outward = left(edge.direction()) * -3.5;
        let steps = (edge.length() / 13.0) as u32;
        let at = |step: u32| edge.from + edge.direction() * (f64::from(step) * 13.0) + outward;
        let standing = (1..steps).map(|step| (Kind::River, at(step)));
        trees.extend(standing.filter(|_| dice.chance(0.7)));
    }
}

/// One behind some houses, at the far fence.
fn garden(plot: &Plot, trees: &mut Trees, dice: &mut Dice) {
    if !dice.chance(0.55) {
        return;
    }
    let depth = plot.shape().reach(Coord { x: 0.0, y: 1.0 }).1;
    let back = plot.buildings.iter().map(|building| building.form.back()).fold(0.0, f64::max);
    let y = depth - dice.between(1.5, 4.0);
    let Some(span) = plot.shape().span((y, y)).filter(|_| y > back + 2.0) else { return };
    let x = span.0 + (span.1 - span.0) * dice.between(0.2, 0.8);
    trees.push((Kind::Garden, plot.frame.place(Coord { x, y })));
}

fn tree(kind: Kind, at: Coord, number: u64, dice: &mut Dice) -> CityObject {
    let (species, height_m) = match kind {
        Kind::Street => (dice.below(5), dice.between(7.0, 19.0)),
        Kind::Park => (dice.below(7), dice.between(8.0, 26.0)),
        Kind::Garden => (4 + dice.below(6), dice.between(3.0, 11.0)),
        Kind::River => (6 + dice.below(2), dice.between(8.0, 18.0)),
    };
    let known = properties([
        ("species", json!(SPECIES[species].0)),
        ("height_m", json!(tenths(height_m))),
        ("crown_m", json!(tenths(height_m * dice.between(0.4, 0.65)))),
    ]);
    object(format!("tree-{number:09}"), point(rounded(at)), known)
}
