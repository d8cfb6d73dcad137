use geo_types::Coord;

use crate::{
    nest::side,
    rings::{Rings, turn},
};

/// Below this many edges every pair is looked at; above, they are sorted along x first.
const EDGES_UNSORTED_MAX: usize = 16;

/// Contacts above which rings are a scribble: more than any real outline has after snapping, few enough that untying
/// them takes milliseconds.
const CONTACTS_MAX: usize = 20_000;

/// Pairs of edges looked at before the question is passed on to the repair; some 50 ms.
const PAIRS_MAX: usize = 20_000_000;

/// What rings are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    /// They touch neither themselves nor each other, and holes lie in the exterior.
    Sound,
    /// They can be untied.
    Tangled,
    /// They cross themselves so often that untying them would take minutes and show nothing.
    Scribble,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    min: Coord<i32>,
    max: Coord<i32>,
    a: Coord<i32>,
    b: Coord<i32>,
    ring: u32,
    /// Which edge of its ring it is.
    place: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Surveyor {
    edges: Vec<Edge>,
}

impl Surveyor {
    /// Looks at one polygon: the rings from `first` on.
    pub(crate) fn survey(&mut self, rings: &Rings, first: usize) -> Condition {
        match self.contacts(rings, first) {
            Condition::Sound if !holes_are_inside(rings, first) => Condition::Tangled,
            condition => condition,
        }
    }

    /// Looks for edges that share more than the corner between them.
    pub(crate) fn contacts(&mut self, rings: &Rings, first: usize) -> Condition {
        self.collect(rings, first);
        let is_sorted = self.edges.len() > EDGES_UNSORTED_MAX;
        if is_sorted {
            self.edges.sort_unstable_by_key(|edge| edge.min.x);
        }
        let (mut pairs, mut contacts) = (0, 0);
        for (index, edge) in self.edges.iter().enumerate() {
            let others = &self.edges[index + 1..];
            let reached = others.iter().take_while(|other| !is_sorted || other.min.x <= edge.max.x);
            for other in reached {
                pairs += 1;
                contacts +=
                    usize::from(edge.boxes_meet(other) && edge.touches(other, rings, first));
            }
            if contacts > CONTACTS_MAX {
                return Condition::Scribble;
            }
            if pairs > PAIRS_MAX || (contacts > 0 && self.is_small()) {
                return Condition::Tangled;
            }
        }
        if contacts > 0 { Condition::Tangled } else { Condition::Sound }
    }

    /// Whether the edges are too few to be a scribble.
    fn is_small(&self) -> bool {
        self.edges.len() * self.edges.len() / 2 <= CONTACTS_MAX
    }

    fn collect(&mut self, rings: &Rings, first: usize) {
        self.edges.clear();
        for (ring, points) in rings.iter_from(first).enumerate() {
            let Some(mut a) = points.last().copied() else { continue };
            for (place, &b) in points.iter().enumerate() {
                self.edges.push(Edge {
                    min: Coord { x: a.x.min(b.x), y: a.y.min(b.y) },
                    max: Coord { x: a.x.max(b.x), y: a.y.max(b.y) },
                    a,
                    b,
                    ring: ring as u32,
                    place: place as u32,
                });
                a = b;
            }
        }
    }
}

impl Edge {
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "which of the four decides cannot be foretold"
    )]
    #[inline]
    fn boxes_meet(&self, other: &Self) -> bool {
        (self.min.x <= other.max.x)
            & (other.min.x <= self.max.x)
            & (self.min.y <= other.max.y)
            & (other.min.y <= self.max.y)
    }

    fn touches(&self, other: &Self, rings: &Rings, first: usize) -> bool {
        !self.is_next_to(other, rings, first) && self.meets(other)
    }

    /// Neighbours in a ring share a corner and, since a snapped ring has no spikes, nothing else.
    fn is_next_to(&self, other: &Self, rings: &Rings, first: usize) -> bool {
        let apart = self.place.abs_diff(other.place) as usize;
        self.ring == other.ring
            && (apart == 1 || apart + 1 == rings.ring(first + self.ring as usize).len())
    }

    /// Whether two edges whose boxes meet share a point.
    fn meets(&self, other: &Self) -> bool {
        let (c, d) = (turn(self.a, self.b, other.a), turn(self.a, self.b, other.b));
        let (a, b) = (turn(other.a, other.b, self.a), turn(other.a, other.b, self.b));
        c.signum() * d.signum() <= 0 && a.signum() * b.signum() <= 0
    }
}

/// Whether each hole lies in the exterior and in no other hole, given that no two rings touch.
fn holes_are_inside(rings: &Rings, first: usize) -> bool {
    let mut holes = rings.iter_from(first).enumerate();
    let Some((_, exterior)) = holes.next() else { return true };
    holes.clone().all(|(index, hole)| {
        let mut others = holes.clone().filter(|(other, _)| *other != index);
        side(exterior, 1, hole[0]).is_gt()
            && !others.any(|(_, other)| side(other, 1, hole[0]).is_gt())
    })
}
