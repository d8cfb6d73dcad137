use geo_types::Coord;

/// What lies beyond an edge of a quarter, block or parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// A street of the quarter, by its place in the quarter's list.
    Street(usize),
    River,
    /// A neighbour.
    Plot,
}

/// A convex polygon, counter-clockwise, that knows what lies beyond each of its edges.
#[derive(Debug, Clone, Default)]
pub(crate) struct Convex {
    pub(crate) corners: Vec<Corner>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Corner {
    pub(crate) at: Coord,
    /// Beyond the edge from here to the next corner.
    pub(crate) side: Side,
}

/// An edge of a polygon.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) from: Coord,
    pub(crate) to: Coord,
    pub(crate) side: Side,
}

/// The side of a line that its normal points to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HalfPlane {
    pub(crate) at: Coord,
    pub(crate) normal: Coord,
}

impl HalfPlane {
    pub(crate) fn turned(self) -> Self {
        Self { normal: self.normal * -1.0, ..self }
    }

    pub(crate) fn moved(self, distance: f64) -> Self {
        Self { at: self.at + self.normal * distance, ..self }
    }

    fn distance(self, point: Coord) -> f64 {
        dot(point - self.at, self.normal)
    }
}

impl Edge {
    pub(crate) fn length(self) -> f64 {
        length(self.to - self.from)
    }

    pub(crate) fn direction(self) -> Coord {
        unit(self.to - self.from)
    }
}

impl Convex {
    pub(crate) fn edges(&self) -> impl Iterator<Item = Edge> {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().zip(next).map(|(from, to)| Edge {
            from: from.at,
            to: to.at,
            side: from.side,
        })
    }

    pub(crate) fn points(&self) -> impl Iterator<Item = Coord> {
        self.corners.iter().map(|corner| corner.at)
    }

    pub(crate) fn area(&self) -> f64 {
        self.edges().map(|edge| cross(edge.from, edge.to)).sum::<f64>() / 2.0
    }

    pub(crate) fn middle(&self) -> Coord {
        let sum = self.points().fold(Coord { x: 0.0, y: 0.0 }, |sum, point| sum + point);
        sum / self.corners.len() as f64
    }

    pub(crate) fn longest_edge(&self) -> Option<Edge> {
        self.edges().max_by(|one, other| one.length().total_cmp(&other.length()))
    }

    /// How far it reaches in a direction: from, to.
    pub(crate) fn reach(&self, direction: Coord) -> (f64, f64) {
        self.points().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), point| {
            let at = dot(point, direction);
            (low.min(at), high.max(at))
        })
    }

    /// From which x to which it reaches both at one y and at another, and so all the way between.
    pub(crate) fn span(&self, y: (f64, f64)) -> Option<(f64, f64)> {
        let (one, other) = (self.section(y.0)?, self.section(y.1)?);
        let span = (one.0.max(other.0), one.1.min(other.1));
        (span.0 < span.1).then_some(span)
    }

    fn section(&self, y: f64) -> Option<(f64, f64)> {
        let crossings = self.edges().filter(|edge| {
            edge.from.y != edge.to.y
                && edge.from.y.min(edge.to.y) <= y
                && y <= edge.from.y.max(edge.to.y)
        });
        let at = |edge: Edge| {
            let share = (y - edge.from.y) / (edge.to.y - edge.from.y);
            edge.from.x + (edge.to.x - edge.from.x) * share
        };
        crossings.map(at).fold(None, |section: Option<(f64, f64)>, x| match section {
            None => Some((x, x)),
            Some((low, high)) => Some((low.min(x), high.max(x))),
        })
    }

    pub(crate) fn contains(&self, point: Coord) -> bool {
        self.edges().all(|edge| cross(edge.to - edge.from, point - edge.from) >= 0.0)
    }

    /// The part in the half plane; `side` lies beyond the cut. `None` where nothing with an area is left.
    pub(crate) fn cut(&self, keep: HalfPlane, side: Side) -> Option<Self> {
        let mut corners = Vec::with_capacity(self.corners.len() + 1);
        for (index, corner) in self.corners.iter().enumerate() {
            let next = self.corners[(index + 1) % self.corners.len()];
            let (here, there) = (keep.distance(corner.at), keep.distance(next.at));
            if here >= 0.0 {
                corners.push(*corner);
            }
            if (here > 0.0 && there < 0.0) || (here < 0.0 && there > 0.0) {
                let at = corner.at + (next.at - corner.at) * (here / (here - there));
                corners.push(Corner { at, side: corner.side });
            }
            let leaves = here >= 0.0 && there < 0.0;
            if let Some(last) = corners.last_mut().filter(|_| leaves) {
                last.side = side;
            }
        }
        let part = Self { corners };
        (part.corners.len() >= 3 && part.area() > 1.0).then_some(part)
    }

    /// What is left when a strip is taken off along each edge, as wide as its side asks.
    pub(crate) fn inset(&self, strip: impl Fn(Side) -> f64) -> Option<Self> {
        let mut rest = self.clone();
        for edge in self.edges() {
            let direction = edge.direction();
            let normal = Coord { x: -direction.y, y: direction.x };
            let inner = HalfPlane { at: edge.from, normal }.moved(strip(edge.side));
            rest = rest.cut(inner, edge.side)?;
        }
        Some(rest)
    }

    /// The same corners elsewhere, without those that are no longer convex.
    pub(crate) fn map(&self, map: impl Fn(Coord) -> Coord) -> Option<Self> {
        let moved = self.corners.iter().map(|corner| Corner { at: map(corner.at), ..*corner });
        let mut corners: Vec<Corner> = moved.collect();
        while let Some(dented) = dent(&corners) {
            corners.remove(dented);
        }
        let shape = Self { corners };
        (shape.corners.len() >= 3 && shape.area() > 1.0).then_some(shape)
    }
}

fn dent(corners: &[Corner]) -> Option<usize> {
    let count = corners.len();
    let at = |index: usize| corners[index % count].at;
    (0..count).find(|index| {
        let (before, here) = (at(index + count - 1), at(*index));
        let (one, other) = (here - before, at(index + 1) - here);
        cross(one, other) <= 1e-6 * length(one) * length(other)
    })
}

pub(crate) fn dot(one: Coord, other: Coord) -> f64 {
    one.x * other.x + one.y * other.y
}

pub(crate) fn cross(one: Coord, other: Coord) -> f64 {
    one.x * other.y - one.y * other.x
}

pub(crate) fn length(vector: Coord) -> f64 {
    dot(vector, vector).sqrt()
}

pub(crate) fn unit(vector: Coord) -> Coord {
    vector / length(vector)
}

/// Counter-clockwise by a right angle.
pub(crate) fn left(vector: Coord) -> Coord {
    Coord { x: -vector.y, y: vector.x }
}

/// To the millimetre, so that a town is the same in every format.
pub(crate) fn to_millimetre(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
