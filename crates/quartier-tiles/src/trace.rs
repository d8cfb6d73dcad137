use std::{cmp::Ordering, collections::HashMap};

use geo_types::Coord;

use crate::rings::turn;

/// A piece of a boundary: what is filled lies to the left of the way from `from` to `to`, seen with y upwards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BoundaryEdge {
    pub(crate) from: Coord<i32>,
    pub(crate) to: Coord<i32>,
}

/// The simple rings around each filled face, from edges that share nothing but corners.
///
/// Each walk keeps to the boundary of one face, so that faces which touch in a point come out apart, and a ring that
/// comes back to a corner is cut in two there: exteriors and holes then touch in points only, as OGC Simple Features
/// wants it.
pub(crate) fn trace(mut edges: Vec<BoundaryEdge>) -> Vec<Vec<Coord<i32>>> {
    edges.sort_unstable_by_key(|edge| (edge.from.x, edge.from.y));
    let mut is_walked = vec![false; edges.len()];
    let mut rings = Vec::new();
    for start in 0..edges.len() {
        let mut walk = Vec::new();
        let mut next = Some(start);
        while let Some(index) = next.filter(|index| !is_walked[*index]) {
            is_walked[index] = true;
            walk.push(edges[index].from);
            next = follow(&edges, edges[index]);
        }
        cut_at_repeats(&walk, &mut rings);
    }
    rings
}

/// The edge on which the boundary of the face to the left goes on.
fn follow(edges: &[BoundaryEdge], edge: BoundaryEdge) -> Option<usize> {
    let place = |coord: Coord<i32>| (coord.x, coord.y);
    let first = edges.partition_point(|other| place(other.from) < place(edge.to));
    let leaving = edges[first..].iter().take_while(|other| other.from == edge.to);
    let leaving = leaving.enumerate();
    let next =
        leaving.min_by(|(_, one), (_, other)| clockwise(edge.to, edge.from, one.to, other.to))?;
    Some(first + next.0)
}

/// Which of two directions comes first when turning clockwise, seen with y upwards, from the way back.
fn clockwise(corner: Coord<i32>, back: Coord<i32>, one: Coord<i32>, other: Coord<i32>) -> Ordering {
    let half = |to: Coord<i32>| match turn(corner, back, to) {
        ..0 => 0,
        0 => 1,
        1.. => 2,
    };
    half(one).cmp(&half(other)).then_with(|| turn(corner, one, other).cmp(&0))
}

/// Cuts a closed walk into rings without repeated corners.
fn cut_at_repeats(walk: &[Coord<i32>], rings: &mut Vec<Vec<Coord<i32>>>) {
    let mut open: Vec<Coord<i32>> = Vec::with_capacity(walk.len());
    let mut places = HashMap::with_capacity(walk.len());
    for &corner in walk {
        if let Some(&place) = places.get(&corner) {
            let ring = open.split_off(place);
            for corner in &ring {
                places.remove(corner);
            }
            rings.push(ring);
        }
        places.insert(corner, open.len());
        open.push(corner);
    }
    if !open.is_empty() {
        rings.push(open);
    }
}
