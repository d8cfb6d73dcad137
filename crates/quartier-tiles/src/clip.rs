use geo_types::Coord;

use crate::EXTENT;

/// The square that a tile keeps: itself and its buffer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    min: f64,
    max: f64,
}

/// Where coordinates lie against a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Inside,
    Across,
    Outside,
}

impl Window {
    pub(crate) fn with_buffer(buffer: u16) -> Self {
        Self { min: -f64::from(buffer), max: f64::from(EXTENT) + f64::from(buffer) }
    }

    pub(crate) fn contains(&self, coord: Coord<f64>) -> bool {
        (self.min..=self.max).contains(&coord.x) && (self.min..=self.max).contains(&coord.y)
    }

    /// By the coordinates' box; [`Place::Outside`] also where a coordinate is not finite.
    pub(crate) fn place(&self, coords: &[Coord<f64>]) -> Place {
        let Some(first) = coords.first() else { return Place::Outside };
        let (mut min, mut max, mut sum) = (*first, *first, 0.0);
        for coord in coords {
            min = Coord { x: min.x.min(coord.x), y: min.y.min(coord.y) };
            max = Coord { x: max.x.max(coord.x), y: max.y.max(coord.y) };
            sum += coord.x * 0.0 + coord.y * 0.0;
        }
        if sum == 0.0 { self.place_of_box(min, max) } else { Place::Outside }
    }

    /// By the lowest and the highest coordinate.
    pub(crate) fn place_of_box(&self, min: Coord<f64>, max: Coord<f64>) -> Place {
        if min.x > self.max || min.y > self.max || max.x < self.min || max.y < self.min {
            Place::Outside
        } else if self.contains(min) && self.contains(max) {
            Place::Inside
        } else {
            Place::Across
        }
    }

    /// Clips an unclosed ring, side by side after Sutherland and Hodgman. Where that falls apart, the pieces stay
    /// joined along the window's edge; `repair` parts them.
    pub(crate) fn clip_ring(&self, ring: &mut Vec<Coord<f64>>, spare: &mut Vec<Coord<f64>>) {
        clip_side(ring, spare, |c| c.x - self.min, |c| Coord { x: self.min, ..c });
        clip_side(spare, ring, |c| self.max - c.x, |c| Coord { x: self.max, ..c });
        clip_side(ring, spare, |c| c.y - self.min, |c| Coord { y: self.min, ..c });
        clip_side(spare, ring, |c| self.max - c.y, |c| Coord { y: self.max, ..c });
    }

    /// The part of an edge in the window, after Liang and Barsky.
    pub(crate) fn clip_edge(
        &self,
        a: Coord<f64>,
        b: Coord<f64>,
    ) -> Option<(Coord<f64>, Coord<f64>)> {
        let edge = b - a;
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (step, room) in [
            (-edge.x, a.x - self.min),
            (edge.x, self.max - a.x),
            (-edge.y, a.y - self.min),
            (edge.y, self.max - a.y),
        ] {
            if step == 0.0 && room < 0.0 {
                return None;
            } else if step < 0.0 {
                enter = enter.max(room / step);
            } else if step > 0.0 {
                leave = leave.min(room / step);
            }
        }
        let at =
            |share: f64| self.clamp(Coord { x: a.x + edge.x * share, y: a.y + edge.y * share });
        let start = if enter > 0.0 { at(enter) } else { a };
        let end = if leave < 1.0 { at(leave) } else { b };
        (enter <= leave).then_some((start, end))
    }

    fn clamp(&self, coord: Coord<f64>) -> Coord<f64> {
        Coord { x: coord.x.clamp(self.min, self.max), y: coord.y.clamp(self.min, self.max) }
    }
}

/// Keeps what has a `depth` of at least 0 behind one side; `onto` corrects what the arithmetic misses of it.
fn clip_side(
    from: &[Coord<f64>],
    to: &mut Vec<Coord<f64>>,
    depth: impl Fn(Coord<f64>) -> f64,
    onto: impl Fn(Coord<f64>) -> Coord<f64>,
) {
    to.clear();
    let Some(last) = from.last() else { return };
    let (mut a, mut depth_a) = (*last, depth(*last));
    for &b in from {
        let depth_b = depth(b);
        if (depth_a < 0.0) != (depth_b < 0.0) && depth_a != 0.0 && depth_b != 0.0 {
            to.push(onto(crossing((a, depth_a), (b, depth_b))));
        }
        if depth_b >= 0.0 {
            to.push(b);
        }
        (a, depth_a) = (b, depth_b);
    }
}

/// Where an edge meets a side; the same point whichever way the edge is walked.
fn crossing((a, depth_a): (Coord<f64>, f64), (b, depth_b): (Coord<f64>, f64)) -> Coord<f64> {
    let (a, b, share) = if depth_a < depth_b {
        (a, b, depth_a / (depth_a - depth_b))
    } else {
        (b, a, depth_b / (depth_b - depth_a))
    };
    a + (b - a) * share
}
