use geo_types::Coord;

use crate::{
    convex::{cross, length, to_millimetre},
    noise::{scramble, smooth},
    plan::Site,
};

/// Streets get a vertex at least this often, so that they bend and do not break.
const VERTEX_EVERY_M: f64 = 45.0;

/// From the regular plan to the ground: bends what is straight, and moves the town to its site.
#[derive(Debug, Clone)]
pub(crate) struct Warp {
    centre: Coord,
    salt: u64,
    radius: f64,
}

impl Warp {
    pub(crate) fn new(site: Site, radius: f64) -> Self {
        let salt = scramble(site.seed).wrapping_add(site.town * 16);
        Self { centre: site.centre, salt, radius }
    }

    /// One to one: the bends' slopes stay below one half in each direction.
    pub(crate) fn apply(&self, plan: Coord) -> Coord {
        let bend = |spacing: f64, height: f64, salt: u64| Coord {
            x: height * smooth(plan, spacing, self.salt + salt),
            y: height * smooth(plan, spacing, self.salt + salt + 1),
        };
        let large = bend(self.radius * 0.85, self.radius * 0.1, 0);
        plan + large + bend(1_150.0, 55.0, 4) + bend(620.0, 24.0, 2) + self.centre
    }

    /// A line along a street of the plan, with the bends.
    pub(crate) fn line(&self, from: Coord, to: Coord) -> Vec<Coord> {
        let pieces = (length(to - from) / VERTEX_EVERY_M).ceil().max(1.0) as u32;
        let at = |piece: u32| from + (to - from) * (f64::from(piece) / f64::from(pieces));
        (0..=pieces).map(|piece| rounded(self.apply(at(piece)))).collect()
    }

    /// A line between quarters: the same vertices in either direction.
    pub(crate) fn rim(&self, from: Coord, to: Coord, is_forward: bool) -> Vec<Coord> {
        if is_forward {
            return self.line(from, to);
        }
        let mut line = self.line(to, from);
        line.reverse();
        line
    }

    pub(crate) fn area(&self, plan: &[Coord]) -> f64 {
        let ring = plan.iter().map(|point| self.apply(*point) - self.centre);
        let next = plan.iter().cycle().skip(1).map(|point| self.apply(*point) - self.centre);
        ring.zip(next).map(|(from, to)| cross(from, to)).sum::<f64>() / 2.0
    }
}

/// Metres above sea level; the country rolls gently.
pub(crate) fn ground_m(at: Coord) -> f64 {
    let height = 58.0 + 7.0 * smooth(at, 2100.0, 101) + 2.0 * smooth(at, 480.0, 102);
    (height * 100.0).round() / 100.0
}

pub(crate) fn rounded(at: Coord) -> Coord {
    Coord { x: to_millimetre(at.x), y: to_millimetre(at.y) }
}
