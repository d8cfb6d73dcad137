use std::collections::HashMap;

use geo_types::Coord;

use super::{
    corner::{CORNERS, DRAWN, is_edge, place},
    ground::Ground,
    straighten::{Corner, straightened},
};
use crate::rings::{Rings, Role, doubled_area};

/// The sides of a cell, in the order of a walk around it that has it to its right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Top,
    Right,
    Bottom,
    Left,
}

/// The outlines of numbered faces, each of cells that hang together by their sides; 0 is no face.
pub(crate) fn outlines(faces: &[u32], count: usize, ground: &Ground) -> Vec<Rings> {
    let mut walker = Walker { faces, ground, walked: vec![false; DRAWN * DRAWN] };
    let mut found: Vec<Vec<Vec<Coord<i32>>>> = vec![Vec::new(); count];
    for cell in 0..DRAWN * DRAWN {
        if faces[cell] == 0 || walker.walked[cell] || walker.is_inner(cell, Side::Top) {
            continue;
        }
        let ring = walker.walk(cell);
        let rings = &mut found[faces[cell] as usize - 1];
        for ring in parted(ring) {
            rings.push(straightened(&ring));
        }
    }
    found.into_iter().map(polygon).collect()
}

/// A face has one exterior; what is wound the other way is a hole.
fn polygon(mut found: Vec<Vec<Coord<i32>>>) -> Rings {
    found.sort_by_key(|ring| doubled_area(ring) < 0);
    let mut rings = Rings::default();
    for ring in found {
        let role = if doubled_area(&ring) < 0 { Role::Hole } else { Role::Exterior };
        rings.push(&ring, role);
    }
    rings
}

struct Walker<'a> {
    faces: &'a [u32],
    ground: &'a Ground,
    /// Whose top side has been walked along; every ring has one.
    walked: Vec<bool>,
}

impl Walker<'_> {
    fn walk(&mut self, start: usize) -> Vec<Corner> {
        let (mut cell, mut side) = (start, Side::Top);
        let mut ring = Vec::new();
        loop {
            self.walked[cell] |= side == Side::Top;
            ring.push(self.corner(from(cell, side)));
            (cell, side) = self.next(cell, side);
            if (cell, side) == (start, Side::Top) {
                return ring;
            }
        }
    }

    /// Keeps to the face's own cells: where only a corner is shared, it turns away.
    fn next(&self, cell: usize, side: Side) -> (usize, Side) {
        let face = self.faces[cell];
        let ahead = neighbour(cell, side.next()).filter(|ahead| self.faces[*ahead] == face);
        let Some(ahead) = ahead else { return (cell, side.next()) };
        match neighbour(ahead, side).filter(|beyond| self.faces[*beyond] == face) {
            Some(beyond) => (beyond, side.next().next().next()),
            None => (ahead, side),
        }
    }

    fn is_inner(&self, cell: usize, side: Side) -> bool {
        neighbour(cell, side).is_some_and(|other| self.faces[other] == self.faces[cell])
    }

    fn corner(&self, index: usize) -> Corner {
        let (column, row) = (index % CORNERS, index / CORNERS);
        let is_node = is_edge(column) || is_edge(row) || self.degree(column, row) > 2;
        Corner { index, at: place(self.ground, index), is_node }
    }

    /// How many sides between different faces meet at a corner.
    fn degree(&self, column: usize, row: usize) -> usize {
        let face = |column: usize, row: usize| {
            let is_drawn = (1..=DRAWN).contains(&column) && (1..=DRAWN).contains(&row);
            if is_drawn { self.faces[(row - 1) * DRAWN + column - 1] } else { 0 }
        };
        let around = [
            face(column, row),
            face(column + 1, row),
            face(column + 1, row + 1),
            face(column, row + 1),
        ];
        (0..4).filter(|side| around[*side] != around[(side + 1) % 4]).count()
    }
}

impl Side {
    fn next(self) -> Self {
        match self {
            Self::Top => Self::Right,
            Self::Right => Self::Bottom,
            Self::Bottom => Self::Left,
            Self::Left => Self::Top,
        }
    }
}

fn neighbour(cell: usize, side: Side) -> Option<usize> {
    let (column, row) = (cell % DRAWN, cell / DRAWN);
    match side {
        Side::Top => (row > 0).then(|| cell - DRAWN),
        Side::Right => (column + 1 < DRAWN).then(|| cell + 1),
        Side::Bottom => (row + 1 < DRAWN).then(|| cell + DRAWN),
        Side::Left => (column > 0).then(|| cell - 1),
    }
}

/// The corner where a side begins.
fn from(cell: usize, side: Side) -> usize {
    let corner = cell / DRAWN * CORNERS + cell % DRAWN;
    match side {
        Side::Top => corner,
        Side::Right => corner + 1,
        Side::Bottom => corner + CORNERS + 1,
        Side::Left => corner + CORNERS,
    }
}

/// Cuts a ring where it comes back to a corner: exteriors and holes then touch in points only.
fn parted(ring: Vec<Corner>) -> Vec<Vec<Corner>> {
    let mut nodes: Vec<_> = ring.iter().filter(|it| it.is_node).map(|it| it.index).collect();
    nodes.sort_unstable();
    if nodes.array_windows().all(|[one, next]| one != next) {
        return vec![ring];
    }
    let mut rings = Vec::new();
    let mut open: Vec<Corner> = Vec::with_capacity(ring.len());
    let mut places = HashMap::new();
    for corner in ring {
        if corner.is_node {
            if let Some(&place) = places.get(&corner.index) {
                let part = open.split_off(place);
                places.retain(|_, at| *at < place);
                rings.push(part);
            }
            places.insert(corner.index, open.len());
        }
        open.push(corner);
    }
    rings.push(open);
    rings
}
