use geo_types::Coord;

use super::{
    CELL,
    corner::{CORNERS, REACH, lattice},
};

/// How far an outline may stray from its corners, in tile units: less than half a pixel.
const TOLERANCE: i64 = 3;

/// Corners that one straight stretch may stand for: enough for a whole side, few enough to be looked through often.
const STRETCH_MAX: usize = 48;

/// A corner of an outline: its number on the lattice, and where it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Corner {
    pub(crate) index: usize,
    pub(crate) at: Coord<i32>,
    /// Whether it stays: outlines meet there, or the tile's edge.
    pub(crate) is_node: bool,
}

/// A ring with fewer corners.
///
/// A stretch takes the place of corners only where it passes through the same gaps between the corners' squares as
/// they do; no other outline enters these, so that nothing comes to cross. Stretches between nodes are found from the
/// same end whichever way the ring runs: what two blocks share stays shared.
pub(crate) fn straightened(ring: &[Corner]) -> Vec<Coord<i32>> {
    let start = start(ring);
    let turned: Vec<Corner> = ring[start..].iter().chain(&ring[..=start]).copied().collect();
    let mut simple = Vec::new();
    for arc in arcs(&turned) {
        append(&mut simple, arc);
    }
    if simple.len() < 3 { ring.iter().map(|corner| corner.at).collect() } else { simple }
}

/// The first node, or where there is none the corner of the least number.
fn start(ring: &[Corner]) -> usize {
    let least = |(_, corner): &(usize, &Corner)| (!corner.is_node, corner.index);
    ring.iter().enumerate().min_by_key(least).map_or(0, |(place, _)| place)
}

/// The stretches between nodes, both included.
fn arcs(ring: &[Corner]) -> Vec<&[Corner]> {
    let inner = 1..ring.len() - 1;
    let nodes = inner.filter(|place| ring[*place].is_node);
    let ends: Vec<usize> = nodes.chain([ring.len() - 1]).collect();
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(&ends).map(|(start, end)| &ring[start..=*end]).collect()
}

/// Adds an arc without its last corner.
fn append(simple: &mut Vec<Coord<i32>>, arc: &[Corner]) {
    let [first, second, .., before, last] = arc else {
        simple.extend(arc[..arc.len() - 1].iter().map(|corner| corner.at));
        return;
    };
    if (first.index, second.index) <= (last.index, before.index) {
        let kept = stretches(arc);
        simple.extend(&kept[..kept.len() - 1]);
    } else {
        let reversed: Vec<Corner> = arc.iter().rev().copied().collect();
        let kept = stretches(&reversed);
        simple.extend(kept[1..].iter().rev());
    }
}

/// The ends of the longest stretches, each from where the one before it ends.
fn stretches(arc: &[Corner]) -> Vec<Coord<i32>> {
    let mut kept = vec![arc[0].at];
    let mut anchor = 0;
    while anchor + 1 < arc.len() {
        let mut end = anchor + 1;
        let last = (anchor + STRETCH_MAX).min(arc.len() - 1);
        while end < last && is_straight(&arc[anchor..=end + 1]) {
            end += 1;
        }
        kept.push(arc[end].at);
        anchor = end;
    }
    kept
}

/// Whether the way from the first corner to the last is near those between, and passes through the same gaps.
fn is_straight(run: &[Corner]) -> bool {
    let [first, inner @ .., last] = run else { return false };
    let (from, to) = (first.at, last.at);
    inner.iter().all(|corner| is_near(from, to, corner.at))
        && run.windows(2).all(|pair| passes(from, to, pair[0].index, pair[1].index))
}

fn is_near(from: Coord<i32>, to: Coord<i32>, at: Coord<i32>) -> bool {
    let (way, off) = (to - from, at - from);
    let across = i64::from(way.x) * i64::from(off.y) - i64::from(way.y) * i64::from(off.x);
    let length = i64::from(way.x).pow(2) + i64::from(way.y).pow(2);
    across * across <= TOLERANCE * TOLERANCE * length
}

/// Whether a stretch passes through the gap between the squares of two corners next to each other, in their direction.
fn passes(from: Coord<i32>, to: Coord<i32>, one: usize, next: usize) -> bool {
    let (centre, half) = (lattice(one), CELL as i32 / 2);
    match next as i64 - one as i64 {
        1 => crosses(from, to, centre.x + half, centre.y),
        -1 => crosses(to, from, centre.x - half, centre.y),
        rows if rows == CORNERS as i64 => {
            crosses(turned(from), turned(to), centre.y + half, centre.x)
        }
        _ => crosses(turned(to), turned(from), centre.y - half, centre.x),
    }
}

fn turned(coord: Coord<i32>) -> Coord<i32> {
    Coord { x: coord.y, y: coord.x }
}

/// Whether a stretch to the right meets the line `x` within reach of `y`.
fn crosses(from: Coord<i32>, to: Coord<i32>, x: i32, y: i32) -> bool {
    let run = i64::from(to.x - from.x);
    let rise = i64::from(to.y - from.y) * i64::from(x - from.x);
    let off = i64::from(y - from.y) * run - rise;
    from.x < x && x < to.x && off.abs() <= i64::from(REACH) * run
}
