use geo_types::Coord;

use super::obstacles::{Obstacles, Reach};
use crate::{nest::lies_between, rings::turn};

/// Edges looked at for one arc before it keeps what is left of it whole: some 50 ms, and many times what the border of
/// a country takes.
const EDGES_MAX: usize = 20_000_000;

/// Keeps simplified outlines from crossing each other: a vertex whose going would sweep an edge over a vertex of
/// another outline stays. It depends on where all vertices are, not on which of them are left, so that the order in
/// which arcs are looked at decides nothing.
#[derive(Debug, Default)]
pub(super) struct Parter {
    /// The arc's vertices and their numbers, in order of their places.
    own: Vec<(i32, i32, usize)>,
    /// The vertices that the next zoom shows.
    kept: Vec<usize>,
    /// Stretches of `kept`, first and last vertex included, that are to become one edge.
    pending: Vec<(usize, usize)>,
    edges_left: usize,
}

/// The part of an outline between two vertices that always stay.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc<'a> {
    pub(super) coords: &'a [Coord<i32>],
    pub(super) weights: &'a [f64],
}

impl Parter {
    /// Brings the zooms of an arc's vertices forward where it must.
    pub(super) fn part(&mut self, arc: Arc<'_>, zooms: &mut [u8], obstacles: &Obstacles) {
        self.own.clear();
        self.own.extend(arc.coords.iter().enumerate().map(|(index, it)| (it.x, it.y, index)));
        self.own.sort_unstable();
        self.edges_left = EDGES_MAX;
        let deepest = zooms.iter().copied().max().unwrap_or(0);
        for zoom in (0..deepest).rev() {
            if zooms.contains(&(zoom + 1)) {
                self.leave(arc, zoom, zooms, obstacles);
            }
        }
    }

    /// Looks at every vertex that the next zoom shows and this one does not.
    fn leave(&mut self, arc: Arc<'_>, zoom: u8, zooms: &mut [u8], obstacles: &Obstacles) {
        self.kept.clear();
        self.kept.extend((0..zooms.len()).filter(|index| zooms[*index] <= zoom + 1));
        let mut first = 0;
        for place in 1..self.kept.len() {
            if zooms[self.kept[place]] <= zoom {
                self.pending.push((first, place));
                first = place;
            }
        }
        while let Some((first, last)) = self.pending.pop() {
            let inner = &self.kept[first + 1..last];
            if inner.is_empty() || self.is_free(arc, first, last, obstacles) {
                continue;
            }
            let rank = |index: usize| (arc.coords[index].x, arc.coords[index].y);
            let heavier = |one: usize, other: usize| {
                let weights = arc.weights[one].total_cmp(&arc.weights[other]);
                weights.then_with(|| rank(one).cmp(&rank(other)))
            };
            let places = first + 1..last;
            let heaviest = places.max_by(|one, other| heavier(self.kept[*one], self.kept[*other]));
            let Some(heaviest) = heaviest else { continue };
            zooms[self.kept[heaviest]] = zoom;
            self.pending.extend([(first, heaviest), (heaviest, last)]);
        }
    }

    /// Whether a stretch can become one edge without passing over a vertex that is not its own.
    fn is_free(&mut self, arc: Arc<'_>, first: usize, last: usize, obstacles: &Obstacles) -> bool {
        let stretch = &self.kept[first..=last];
        let own = stretch[0]..=stretch[stretch.len() - 1];
        let ring = || stretch.iter().map(|index| arc.coords[*index]);
        let Some(reach) = Reach::around(ring()) else { return true };
        let (known, edges_left) = (&self.own, &mut self.edges_left);
        let is_hit = obstacles.any(&reach, |coord| {
            *edges_left = edges_left.saturating_sub(stretch.len());
            let is_own = || {
                let at = known.partition_point(|it| (it.0, it.1) < (coord.x, coord.y));
                let same = known[at..].iter().take_while(|it| (it.0, it.1) == (coord.x, coord.y));
                same.into_iter().any(|it| own.contains(&it.2))
            };
            *edges_left == 0 || (surrounds(ring(), coord) && !is_own())
        });
        !is_hit
    }
}

/// Whether an unclosed ring goes around a point or touches it.
fn surrounds(ring: impl Iterator<Item = Coord<i32>> + Clone, point: Coord<i32>) -> bool {
    let mut rounds = 0;
    for (a, b) in ring.clone().zip(ring.cycle().skip(1)) {
        let side = turn(a, b, point);
        if side == 0 && lies_between(a, b, point) {
            return true;
        }
        match (a.y <= point.y, b.y <= point.y) {
            (true, false) if side > 0 => rounds += 1,
            (false, true) if side < 0 => rounds -= 1,
            _ => {}
        }
    }
    rounds != 0
}
