use std::{cmp::Ordering, collections::BinaryHeap};

use geo_types::Coord;

/// A house stays four-cornered however small it is drawn.
const RING_POINTS_MIN: usize = 4;
const LINE_POINTS_MIN: usize = 2;

/// Up to so many vertices, looking through all of them is faster than keeping them in order.
const SCANNED_MAX: usize = 24;

/// Weighs the vertices of paths: Visvalingam's elimination takes out the least one, always, with a vertex weighed by
/// its distance from the edge that would replace it, and never less than one that went before it. No input makes it
/// slow (n log n). All is reckoned in whole numbers, and of equals the one furthest left and up goes first, so that a
/// path weighs the same in both directions.
#[derive(Debug, Default)]
pub(super) struct Weigher {
    links: Vec<Link>,
    weights: Vec<f64>,
    queue: BinaryHeap<Candidate>,
}

/// Which vertex stands before and after another, as vertices go.
#[derive(Debug, Clone, Copy)]
struct Link {
    before: u32,
    after: u32,
    is_gone: bool,
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    weight: f64,
    coord: Coord<i32>,
    index: u32,
}

impl Weigher {
    /// The squares of lengths for the vertices of an unclosed ring; infinite for the four that go last.
    pub(super) fn ring(&mut self, coords: &[Coord<i32>]) -> &[f64] {
        let last = coords.len().wrapping_sub(1);
        self.link(coords, |index| {
            (index.checked_sub(1).unwrap_or(last), if index == last { 0 } else { index + 1 })
        });
        self.eliminate(coords, RING_POINTS_MIN);
        &self.weights
    }

    /// The squares of lengths for the vertices of a line; infinite for its ends.
    pub(super) fn line(&mut self, coords: &[Coord<i32>]) -> &[f64] {
        let last = coords.len().wrapping_sub(1);
        self.link(coords, |index| (index.saturating_sub(1), (index + 1).min(last)));
        self.eliminate(coords, LINE_POINTS_MIN);
        &self.weights
    }

    fn link(&mut self, coords: &[Coord<i32>], around: impl Fn(usize) -> (usize, usize)) {
        self.links.clear();
        self.weights.clear();
        for (index, coord) in coords.iter().enumerate() {
            let (before, after) = around(index);
            let is_end = before == index || after == index;
            let weight = squared_distance(*coord, coords[before], coords[after]);
            self.weights.push(if is_end { f64::INFINITY } else { weight });
            self.links.push(Link { before: before as u32, after: after as u32, is_gone: false });
        }
    }

    /// Leaves every vertex with the weight that it had when it went, and those that stay with an infinite one.
    fn eliminate(&mut self, coords: &[Coord<i32>], points_min: usize) {
        let is_long = coords.len() > SCANNED_MAX;
        self.queue.clear();
        for index in (0..coords.len()).filter(|_| is_long) {
            self.queue.push(self.candidate(coords, index));
        }
        for _ in points_min..coords.len() {
            let lightest = if is_long { self.pop() } else { self.scan(coords) };
            let Some(lightest) = lightest.filter(|it| it.weight.is_finite()) else { break };
            let link = &mut self.links[lightest.index as usize];
            link.is_gone = true;
            let (before, after) = (link.before as usize, link.after as usize);
            self.links[before].after = after as u32;
            self.links[after].before = before as u32;
            self.reweigh(coords, before, lightest.weight);
            self.reweigh(coords, after, lightest.weight);
        }
        for (link, weight) in self.links.iter().zip(&mut self.weights) {
            *weight = if link.is_gone { *weight } else { f64::INFINITY };
        }
    }

    fn candidate(&self, coords: &[Coord<i32>], index: usize) -> Candidate {
        Candidate { weight: self.weights[index], coord: coords[index], index: index as u32 }
    }

    fn pop(&mut self) -> Option<Candidate> {
        loop {
            let candidate = self.queue.pop()?;
            let index = candidate.index as usize;
            if !self.links[index].is_gone && self.weights[index] == candidate.weight {
                return Some(candidate);
            }
        }
    }

    fn scan(&self, coords: &[Coord<i32>]) -> Option<Candidate> {
        let left = (0..coords.len()).filter(|index| !self.links[*index].is_gone);
        left.map(|index| self.candidate(coords, index)).max()
    }

    /// Weighs a vertex anew after its neighbour went, never below what went: that keeps the order of detail.
    fn reweigh(&mut self, coords: &[Coord<i32>], index: usize, least: f64) {
        if self.weights[index].is_finite() {
            let link = self.links[index];
            let (before, after) = (coords[link.before as usize], coords[link.after as usize]);
            self.weights[index] = squared_distance(coords[index], before, after).max(least);
            if coords.len() > SCANNED_MAX {
                self.queue.push(self.candidate(coords, index));
            }
        }
    }
}

/// The square of the distance from a point to the stretch between a and b: to the bit the same for b and a.
#[inline]
fn squared_distance(point: Coord<i32>, a: Coord<i32>, b: Coord<i32>) -> f64 {
    let (edge, from_a) = (wide(b) - wide(a), wide(point) - wide(a));
    let length = dot(edge, edge);
    let along = dot(edge, from_a);
    if along <= 0 {
        dot(from_a, from_a) as f64
    } else if along >= length {
        let from_b = wide(point) - wide(b);
        dot(from_b, from_b) as f64
    } else {
        let doubled_area = (edge.x * from_a.y - edge.y * from_a.x) as f64;
        doubled_area * doubled_area / length as f64
    }
}

#[inline]
fn dot(a: Coord<i64>, b: Coord<i64>) -> i64 {
    a.x * b.x + a.y * b.y
}

#[inline]
fn wide(coord: Coord<i32>) -> Coord<i64> {
    Coord { x: i64::from(coord.x), y: i64::from(coord.y) }
}

impl Ord for Candidate {
    /// The lightest is the greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |it: &Self| (it.coord.x, it.coord.y, it.index);
        other.weight.total_cmp(&self.weight).then_with(|| place(other).cmp(&place(self)))
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
