use geo_types::Coord;

use crate::{
    convex::{Convex, Edge, HalfPlane, Side, dot, left, unit},
    dice::Dice,
    mesh::{Rim, RimClass},
    plan::{Plan, Quarter},
    zone::{Division, Zone},
};

/// Blocks stay this far from the middle of the river.
const BANK_M: f64 = 19.0;

/// From the middle of the river to its shore.
const WATER_M: f64 = 9.0;

/// From the middle of a main street to where the river can be seen again.
const BRIDGE_M: f64 = 5.0;

/// Enough for a quarter of fields, halved down to old-town blocks.
const DIVISIONS_MAX: u32 = 12;

/// A quarter's streets and blocks.
#[derive(Debug)]
pub(crate) struct Fabric {
    pub(crate) streets: Vec<Street>,
    pub(crate) blocks: Vec<Block>,
    /// The river's surface, open.
    pub(crate) water: Option<Vec<Coord>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Street {
    /// In the plan, from where the house numbers start.
    pub(crate) from: Coord,
    pub(crate) to: Coord,
    pub(crate) width_m: f64,
    pub(crate) kind: StreetKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreetKind {
    Main(Rim),
    Residential,
    Path,
}

#[derive(Debug)]
pub(crate) struct Block {
    /// On the ground.
    pub(crate) shape: Convex,
    pub(crate) land: Land,
}

/// What a block is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Land {
    Built,
    Church,
    School,
    Kindergarten,
    Green,
    Market,
    Park,
    Field,
}

impl Fabric {
    pub(crate) fn new(plan: &Plan, quarter: &Quarter, dice: &mut Dice) -> Self {
        let streets = quarter.shape.edges().zip(&quarter.rims).map(|(edge, rim)| {
            let (from, to) =
                if rim.is_forward { (edge.from, edge.to) } else { (edge.to, edge.from) };
            Street { from, to, width_m: rim_width_m(rim.class), kind: StreetKind::Main(*rim) }
        });
        let mut weaver = Weaver {
            streets: streets.collect(),
            shapes: Vec::new(),
            division: quarter.zone.division(),
            kind: if quarter.zone == Zone::Park {
                StreetKind::Path
            } else {
                StreetKind::Residential
            },
            dice,
        };
        for bank in banks(quarter) {
            weaver.divide(bank, DIVISIONS_MAX);
        }
        let Weaver { streets, shapes, .. } = weaver;
        let ground = shapes.iter().filter_map(|shape| {
            let ground = shape.map(|point| plan.warp.apply(point))?;
            ground.inset(|side| strip(side, &streets))
        });
        let shapes: Vec<Convex> = ground.filter(|shape| shape.area() > 60.0).collect();
        let blocks = with_lands(shapes, quarter.zone, dice);
        Self { streets, blocks, water: water(plan, quarter) }
    }
}

fn water(plan: &Plan, quarter: &Quarter) -> Option<Vec<Coord>> {
    let (from, to) = quarter.river?;
    let bank = |normal| HalfPlane { at: from, normal }.moved(-WATER_M);
    let across = left(unit(to - from));
    let surface = quarter.shape.cut(bank(across), Side::River)?;
    let surface = surface.cut(bank(across * -1.0), Side::River)?;
    let bridges = surface.inset(|side| if side == Side::River { 0.0 } else { BRIDGE_M })?;
    let line = |edge: Edge| {
        let mut line = plan.warp.line(edge.from, edge.to);
        line.pop();
        line
    };
    Some(bridges.edges().flat_map(line).collect())
}

/// The quarter, or what the river leaves of it.
fn banks(quarter: &Quarter) -> Vec<Convex> {
    let Some((from, to)) = quarter.river else { return vec![quarter.shape.clone()] };
    let water = HalfPlane { at: from, normal: left(unit(to - from)) };
    let sides = [water, water.turned()];
    sides.into_iter().filter_map(|side| quarter.shape.cut(side, Side::River)).collect()
}

struct Weaver<'dice> {
    streets: Vec<Street>,
    shapes: Vec<Convex>,
    division: Division,
    kind: StreetKind,
    dice: &'dice mut Dice,
}

impl Weaver<'_> {
    /// Lays streets through until every block is small enough.
    fn divide(&mut self, shape: Convex, left_to_do: u32) {
        let Some(line) = self.next_street(&shape).filter(|_| left_to_do > 0) else {
            self.shapes.push(shape);
            return;
        };
        let side = Side::Street(self.streets.len());
        let (Some(one), Some(other)) = (shape.cut(line, side), shape.cut(line.turned(), side))
        else {
            self.shapes.push(shape);
            return;
        };
        if let Some(edge) = one.edges().find(|edge| edge.side == side) {
            let width_m = self.division.street_width;
            self.streets.push(Street { from: edge.from, to: edge.to, width_m, kind: self.kind });
        }
        self.divide(one, left_to_do - 1);
        self.divide(other, left_to_do - 1);
    }

    fn next_street(&mut self, shape: &Convex) -> Option<HalfPlane> {
        let edge = shape.longest_edge()?.direction();
        let (along, across) = (shape.reach(edge), shape.reach(left(edge)));
        let is_long = along.1 - along.0 >= across.1 - across.0;
        let (long, wide, axis) =
            if is_long { (along, across, edge) } else { (across, along, left(edge)) };
        let long_parts = (long.1 - long.0) / self.division.block_length;
        let wide_parts = (wide.1 - wide.0) / self.division.block_depth;
        let (reach, parts, normal) = match (long_parts, wide_parts) {
            (long_parts, wide_parts) if long_parts.max(wide_parts) < 1.34 => return None,
            (long_parts, wide_parts) if long_parts > wide_parts => (long, long_parts, axis),
            _ => (wide, wide_parts, if is_long { left(axis) } else { edge }),
        };
        let parts = parts.round().max(2.0);
        let uneven = self.division.unevenness;
        let share = (parts / 2.0).floor() / parts + self.dice.between(-uneven, uneven);
        let tilt = left(normal) * self.dice.between(-uneven, uneven);
        let at = normal * (reach.0 + (reach.1 - reach.0) * share);
        let through = at + left(normal) * dot(shape.middle(), left(normal));
        Some(HalfPlane { at: through, normal: unit(normal + tilt) })
    }
}

fn strip(side: Side, streets: &[Street]) -> f64 {
    match side {
        Side::Street(index) => streets[index].width_m / 2.0,
        Side::River => BANK_M,
        Side::Plot => 0.0,
    }
}

pub(crate) fn rim_width_m(class: RimClass) -> f64 {
    match class {
        RimClass::Market => 9.0,
        RimClass::Promenade => 30.0,
        RimClass::Road(_) => 20.0,
        RimClass::Street => 14.0,
    }
}

fn with_lands(shapes: Vec<Convex>, zone: Zone, dice: &mut Dice) -> Vec<Block> {
    let usual = match zone {
        Zone::Market => Land::Market,
        Zone::Park => Land::Park,
        Zone::Fields => Land::Field,
        _ => Land::Built,
    };
    let mut blocks: Vec<Block> =
        shapes.into_iter().map(|shape| Block { shape, land: usual }).collect();
    if usual == Land::Built && zone != Zone::Industry {
        for land in wishes(dice) {
            let chosen = dice.below(blocks.len().max(1));
            if let Some(block) = blocks.get_mut(chosen).filter(|block| has_room(block, land)) {
                block.land = land;
            }
        }
    }
    blocks
}

fn wishes(dice: &mut Dice) -> Vec<Land> {
    let wishes = [
        (Land::Green, 0.55),
        (Land::Green, 0.25),
        (Land::Church, 0.22),
        (Land::School, 0.25),
        (Land::Kindergarten, 0.4),
    ];
    wishes.into_iter().filter(|(_, chance)| dice.chance(*chance)).map(|(land, _)| land).collect()
}

fn has_room(block: &Block, land: Land) -> bool {
    let area = block.shape.area();
    match land {
        Land::School => area > 5_000.0,
        Land::Church => area > 3_000.0,
        Land::Kindergarten => area > 2_000.0,
        _ => area < 9_000.0,
    }
}
