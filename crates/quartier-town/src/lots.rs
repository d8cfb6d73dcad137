use geo_types::Coord;

use crate::{
    convex::{Convex, Corner, Edge, HalfPlane, Side},
    dice::Dice,
    frame::Frame,
    zone::Zone,
};

/// Blocks that are shallower have one row of parcels, from street to street.
const ROW_DEPTH_MIN_M: f64 = 17.0;

/// Parcels side by side along one side of a block.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) frame: Frame,
    pub(crate) front: Side,
    pub(crate) lots: Vec<Lot>,
}

/// A parcel in its row's frame.
#[derive(Debug)]
pub(crate) struct Lot {
    pub(crate) shape: Convex,
    /// From where to where a house may stand that shares its neighbours' walls.
    pub(crate) party: (f64, f64),
    /// Where the parcel ends at another street.
    pub(crate) side_street: Option<Hand>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hand {
    Left,
    Right,
}

/// How wide parcels are along the street, in metres.
#[derive(Debug, Clone, Copy)]
struct Cutting {
    width: (f64, f64),
    /// Houses stand in groups of this many, with a path between groups; 0 where there are no paths.
    group: (u32, u32),
}

const PATH_M: f64 = 3.0;

/// The rows of a block's parcels. A block without a street has none.
pub(crate) fn rows(block: &Convex, zone: Zone, dice: &mut Dice) -> Vec<Row> {
    let Some(front) = longest_front(block, |_| true) else { return Vec::new() };
    let frame = Frame::at(front);
    let local = frame.local(block);
    let (_, depth) = local.reach(Coord { x: 0.0, y: 1.0 });
    let middle = HalfPlane {
        at: Coord { x: 0.0, y: (depth / 2.0).max(ROW_DEPTH_MIN_M) },
        normal: Coord { x: 0.0, y: -1.0 },
    };
    let Some(back) = local.cut(middle.turned(), Side::Plot) else {
        return vec![row(&local, frame, front.side, zone, dice)];
    };
    let near = local.cut(middle, Side::Plot).unwrap_or_else(|| local.clone());
    let mut rows = vec![row(&near, frame, front.side, zone, dice)];
    let world = Convex {
        corners: back
            .corners
            .iter()
            .map(|corner| Corner { at: frame.place(corner.at), ..*corner })
            .collect(),
    };
    let faces_back = |edge: Edge| edge.direction().x < -0.5;
    let opposite = back
        .edges()
        .zip(world.edges())
        .filter(|(local, _)| matches!(local.side, Side::Street(_)) && faces_back(*local))
        .max_by(|(one, _), (other, _)| one.length().total_cmp(&other.length()));
    let opposite = opposite.map(|(_, edge)| edge).or_else(|| longest_front(&world, |_| true));
    if let Some(front) = opposite {
        let frame = Frame::at(front);
        rows.push(row(&frame.local(&world), frame, front.side, zone, dice));
    }
    rows
}

fn longest_front(shape: &Convex, suits: impl Fn(Edge) -> bool) -> Option<Edge> {
    shape
        .edges()
        .filter(|edge| matches!(edge.side, Side::Street(_)) && suits(*edge))
        .max_by(|one, other| one.length().total_cmp(&other.length()))
}

/// The whole block as one parcel, seen from its longest street.
pub(crate) fn whole(block: &Convex) -> Option<Row> {
    let front = longest_front(block, |_| true).or_else(|| block.longest_edge())?;
    let frame = Frame::at(front);
    let shape = frame.local(block);
    let party = shape.reach(Coord { x: 1.0, y: 0.0 });
    Some(Row { frame, front: front.side, lots: vec![Lot { shape, party, side_street: None }] })
}

fn row(shape: &Convex, frame: Frame, front: Side, zone: Zone, dice: &mut Dice) -> Row {
    let reach = shape.reach(Coord { x: 1.0, y: 0.0 });
    let strips = strips(reach, cutting(zone), dice);
    let lots = strips.into_iter().filter_map(|(strip, party)| {
        let right_of = HalfPlane { at: at(strip.0), normal: Coord { x: 1.0, y: 0.0 } };
        let left_of = HalfPlane { at: at(strip.1), normal: Coord { x: -1.0, y: 0.0 } };
        let shape = shape.cut(right_of, Side::Plot)?.cut(left_of, Side::Plot)?;
        let side_street = side_street(&shape);
        Some(Lot { shape, party, side_street })
    });
    Row { frame, front, lots: lots.collect() }
}

fn side_street(shape: &Convex) -> Option<Hand> {
    let mut steep = shape
        .edges()
        .filter(|edge| matches!(edge.side, Side::Street(_)) && edge.direction().y.abs() > 0.8);
    steep.next().map(|edge| if edge.direction().y > 0.0 { Hand::Right } else { Hand::Left })
}

fn at(x: f64) -> Coord {
    Coord { x, y: 0.0 }
}

type Span = (f64, f64);

/// From where to where each parcel goes, and its house if it shares walls.
fn strips(reach: Span, cutting: Cutting, dice: &mut Dice) -> Vec<(Span, Span)> {
    let mut strips = Vec::new();
    let usual = dice.between(cutting.width.0, cutting.width.1);
    let mut from = reach.0;
    let mut left_in_group = group(cutting, dice);
    while from < reach.1 {
        left_in_group -= 1;
        let is_last = left_in_group == 0;
        let path = if is_last { PATH_M } else { 0.0 };
        let house = if cutting.group.0 > 0 { usual } else { usual * dice.between(0.85, 1.18) };
        let rest = reach.1 - from - house - path;
        let to = if rest < usual * 0.7 { reach.1 } else { from + house + path };
        let party = (from, if is_last { (from + house).min(to) } else { to });
        strips.push(((from, to), party));
        if is_last {
            left_in_group = group(cutting, dice);
        }
        from = to;
    }
    strips
}

fn group(cutting: Cutting, dice: &mut Dice) -> u32 {
    match cutting.group {
        (0, _) => u32::MAX,
        (low, high) => dice.whole(low, high),
    }
}

fn cutting(zone: Zone) -> Cutting {
    let (width, group) = match zone {
        Zone::OldTown | Zone::Market => ((8.0, 11.5), (0, 0)),
        Zone::Perimeter => ((14.0, 18.5), (0, 0)),
        Zone::Terraces => ((6.0, 7.4), (4, 8)),
        Zone::Slabs => ((44.0, 60.0), (0, 0)),
        Zone::Industry => ((55.0, 105.0), (0, 0)),
        Zone::Fields => ((120.0, 220.0), (0, 0)),
        Zone::Detached | Zone::Park => ((16.5, 22.5), (0, 0)),
    };
    Cutting { width, group }
}
