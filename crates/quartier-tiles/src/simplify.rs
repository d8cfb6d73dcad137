use std::{cmp::Ordering, collections::BinaryHeap};

use geo_types::Coord;

/// A house stays four-cornered however small it is drawn.
const RING_POINTS_MIN: usize = 4;
const LINE_POINTS_MIN: usize = 2;

/// Takes vertices out of paths, always the least one first: Visvalingam's elimination, with a vertex weighed by its
/// distance from the edge that would replace it, so that the tolerance is a length. No input makes it slow (n log n),
/// and what it takes hardly depends on where a ring starts, so that neighbours lose the same vertices.
#[derive(Debug, Default)]
pub(crate) struct Simplifier {
    /// Which vertex stands before and after each, as vertices go.
    links: Vec<Link>,
    queue: BinaryHeap<Candidate>,
}

#[derive(Debug, Clone, Copy)]
struct Link {
    before: u32,
    after: u32,
    /// The weight that the vertex has now; infinite for the ends of a line, negative once it is gone.
    weight: f64,
}

#[derive(Debug)]
struct Candidate {
    weight: f64,
    index: u32,
}

/// Marks a vertex that was taken out.
const GONE: f64 = -1.0;

impl Simplifier {
    /// Simplifies an unclosed ring; a ring of four vertices or fewer stays as it is.
    pub(crate) fn ring(&mut self, coords: &mut Vec<Coord<f64>>, tolerance: f64) {
        let last = coords.len().wrapping_sub(1);
        let around = |index: usize| {
            (index.checked_sub(1).unwrap_or(last), if index == last { 0 } else { index + 1 })
        };
        self.simplify(coords, tolerance, RING_POINTS_MIN, around);
    }

    /// Simplifies a line; its ends stay.
    pub(crate) fn line(&mut self, coords: &mut Vec<Coord<f64>>, tolerance: f64) {
        let last = coords.len().wrapping_sub(1);
        let around = |index: usize| (index.saturating_sub(1), (index + 1).min(last));
        self.simplify(coords, tolerance, LINE_POINTS_MIN, around);
    }

    fn simplify(
        &mut self,
        coords: &mut Vec<Coord<f64>>,
        tolerance: f64,
        points_min: usize,
        around: impl Fn(usize) -> (usize, usize),
    ) {
        let limit = tolerance * tolerance;
        if coords.len() <= points_min || limit <= 0.0 {
            return;
        }
        let weigh = |index: usize| {
            let (before, after) = around(index);
            squared_distance(coords[index], coords[before], coords[after])
        };
        if (0..coords.len()).all(|index| {
            let (before, after) = around(index);
            before == index || after == index || weigh(index) >= limit
        }) {
            return;
        }
        self.link(coords, around);
        self.eliminate(coords, limit, points_min);
        let mut links = self.links.iter();
        coords.retain(|_| links.next().is_some_and(|link| link.weight != GONE));
    }

    fn link(&mut self, coords: &[Coord<f64>], around: impl Fn(usize) -> (usize, usize)) {
        self.links.clear();
        self.queue.clear();
        for index in 0..coords.len() {
            let (before, after) = around(index);
            let is_end = before == index || after == index;
            let weight = if is_end {
                f64::INFINITY
            } else {
                squared_distance(coords[index], coords[before], coords[after])
            };
            self.links.push(Link { before: before as u32, after: after as u32, weight });
            self.queue.push(Candidate { weight, index: index as u32 });
        }
    }

    fn eliminate(&mut self, coords: &[Coord<f64>], limit: f64, points_min: usize) {
        let mut left = coords.len();
        while left > points_min
            && let Some(candidate) = self.queue.pop()
            && candidate.weight < limit
        {
            let link = self.links[candidate.index as usize];
            if link.weight != candidate.weight {
                continue;
            }
            self.links[candidate.index as usize].weight = GONE;
            self.links[link.before as usize].after = link.after;
            self.links[link.after as usize].before = link.before;
            left -= 1;
            self.reweigh(coords, link.before, candidate.weight);
            self.reweigh(coords, link.after, candidate.weight);
        }
    }

    /// Weighs a vertex anew after its neighbour went, never below what went: that keeps the order of detail.
    fn reweigh(&mut self, coords: &[Coord<f64>], index: u32, least: f64) {
        let link = &mut self.links[index as usize];
        if link.weight == f64::INFINITY {
            return;
        }
        let (before, after) = (coords[link.before as usize], coords[link.after as usize]);
        link.weight = squared_distance(coords[index as usize], before, after).max(least);
        self.queue.push(Candidate { weight: link.weight, index });
    }
}

/// The square of the distance from a point to the stretch from a to b.
#[inline]
fn squared_distance(point: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (edge, to_point) = (b - a, point - a);
    let length = edge.x * edge.x + edge.y * edge.y;
    let along = edge.x * to_point.x + edge.y * to_point.y;
    let share = if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (to_point.x - edge.x * share, to_point.y - edge.y * share);
    x * x + y * y
}

impl Ord for Candidate {
    /// The lightest is the greatest; of equals the first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.weight.total_cmp(&self.weight).then(other.index.cmp(&self.index))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate {}
