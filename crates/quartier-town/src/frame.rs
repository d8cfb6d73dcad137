use geo_types::Coord;

use crate::{
    convex::{Convex, Corner, Edge, cross, dot, left},
    warp::rounded,
};

/// A row's own axes: x along its street, y away from it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    origin: Coord,
    along: Coord,
}

impl Frame {
    pub(crate) fn at(front: Edge) -> Self {
        Self { origin: front.from, along: front.direction() }
    }

    pub(crate) fn place(self, local: Coord) -> Coord {
        rounded(self.origin + self.along * local.x + left(self.along) * local.y)
    }

    pub(crate) fn local(self, shape: &Convex) -> Convex {
        let local = |at: Coord| {
            let offset = at - self.origin;
            Coord { x: dot(offset, self.along), y: cross(self.along, offset) }
        };
        let corners = shape.corners.iter();
        Convex {
            corners: corners.map(|corner| Corner { at: local(corner.at), ..*corner }).collect(),
        }
    }
}
