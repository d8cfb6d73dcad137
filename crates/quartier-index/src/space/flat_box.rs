use geo_types::Coord;
use quartier_model::Bbox;

use super::Verdict;

/// A box in single precision, relative to a [`Frame`] and rounded outward: it holds the box that it stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FlatBox {
    pub(crate) min_x: f32,
    pub(crate) min_y: f32,
    pub(crate) max_x: f32,
    pub(crate) max_y: f32,
}

/// The middle of a set of boxes, from which single precision resolves a millimetre in a city.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    origin: Coord<f64>,
}

impl FlatBox {
    pub(crate) const NOWHERE: Self = Self {
        min_x: f32::INFINITY,
        min_y: f32::INFINITY,
        max_x: f32::NEG_INFINITY,
        max_y: f32::NEG_INFINITY,
    };

    pub(crate) fn from_numbers([min_x, min_y, max_x, max_y]: [f32; 4]) -> Self {
        Self { min_x, min_y, max_x, max_y }
    }

    pub(crate) fn numbers(self) -> [f32; 4] {
        [self.min_x, self.min_y, self.max_x, self.max_y]
    }

    #[must_use]
    pub(crate) fn union(self, other: Self) -> Self {
        Self {
            min_x: self.min_x.min(other.min_x),
            min_y: self.min_y.min(other.min_y),
            max_x: self.max_x.max(other.max_x),
            max_y: self.max_y.max(other.max_y),
        }
    }

    /// False only where the boxes that the two stand for share no point.
    #[inline]
    pub(crate) fn may_touch(&self, other: &Self) -> bool {
        self.min_x <= other.max_x
            && other.min_x <= self.max_x
            && self.min_y <= other.max_y
            && other.min_y <= self.max_y
    }

    /// What is known of all that is in this box about a window.
    #[inline]
    pub(crate) fn verdict_in(&self, window: &Self) -> Verdict {
        match (self.may_touch(window), self.is_surely_in(window)) {
            (false, _) => Verdict::Outside,
            (true, true) => Verdict::Inside,
            (true, false) => Verdict::Perhaps,
        }
    }

    /// True only where the box that this stands for lies in the one that the other stands for.
    ///
    /// Strictly: a bound that was rounded down lies above another exactly if its number does.
    #[inline]
    pub(crate) fn is_surely_in(&self, window: &Self) -> bool {
        self.spans_x_in(window) && self.spans_y_in(window)
    }

    /// True only where what touches each side of this box surely touches the window: it lies in the window by one
    /// axis, and one of its ends does by the other.
    pub(crate) fn has_a_side_surely_in(&self, window: &Self) -> bool {
        let low_y = self.min_y > window.min_y && self.min_y.next_up() < window.max_y;
        let high_y = self.max_y.next_down() > window.min_y && self.max_y < window.max_y;
        let low_x = self.min_x > window.min_x && self.min_x.next_up() < window.max_x;
        let high_x = self.max_x.next_down() > window.min_x && self.max_x < window.max_x;
        (self.spans_x_in(window) && (low_y || high_y))
            || (self.spans_y_in(window) && (low_x || high_x))
    }

    fn spans_x_in(&self, window: &Self) -> bool {
        self.min_x > window.min_x && self.max_x < window.max_x
    }

    fn spans_y_in(&self, window: &Self) -> bool {
        self.min_y > window.min_y && self.max_y < window.max_y
    }
}

impl Frame {
    /// A frame around the middle of a box.
    pub(crate) fn of(extent: Option<Bbox>) -> Self {
        let middle = |low: f64, high: f64| low / 2.0 + high / 2.0;
        let origin = extent.map_or(Coord::zero(), |extent| Coord {
            x: middle(extent.min_x, extent.max_x),
            y: middle(extent.min_y, extent.max_y),
        });
        Self { origin }
    }

    pub(crate) fn at(x: f64, y: f64) -> Self {
        Self { origin: Coord { x, y } }
    }

    pub(crate) fn origin(&self) -> Coord<f64> {
        self.origin
    }

    pub(crate) fn flat(&self, bbox: &Bbox) -> FlatBox {
        FlatBox {
            min_x: floor(bbox.min_x - self.origin.x),
            min_y: floor(bbox.min_y - self.origin.y),
            max_x: ceil(bbox.max_x - self.origin.x),
            max_y: ceil(bbox.max_y - self.origin.y),
        }
    }

    /// A box that holds every box that is flattened to the given one.
    pub(crate) fn world(&self, flat: &FlatBox) -> Bbox {
        Bbox {
            min_x: below(self.origin.x, flat.min_x),
            min_y: below(self.origin.y, flat.min_y),
            max_x: -below(-self.origin.x, -flat.max_x),
            max_y: -below(-self.origin.y, -flat.max_y),
            heights: None,
        }
    }
}

/// Both the flattening and this sum may have rounded.
fn below(origin: f64, offset: f32) -> f64 {
    let offset = f64::from(offset);
    let slack = 4.0 * f64::EPSILON * (origin.abs() + offset.abs());
    (origin + offset - slack).clamp(f64::MIN, f64::MAX)
}

fn floor(number: f64) -> f32 {
    let nearest = number as f32;
    if f64::from(nearest) > number { nearest.next_down() } else { nearest }
}

fn ceil(number: f64) -> f32 {
    -floor(-number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_box_holds_the_box_that_it_stands_for() {
        let city = Bbox::new(390_000.0, 5_700_000.0, 430_000.0, 5_790_000.0).unwrap();
        let frame = Frame::of(Some(city));
        let house =
            Bbox::new(405_123.456_7, 5_756_001.000_1, 405_123.456_8, 5_756_001.000_2).unwrap();
        let held = frame.world(&frame.flat(&house));
        assert!(held.contains(&house));
        assert!(held.max_x - held.min_x < 0.004);
    }

    #[test]
    fn boxes_that_touch_are_never_missed() {
        let frame = Frame { origin: Coord { x: 0.1, y: 0.3 } };
        for step in 0..1000 {
            let edge = f64::from(step) * 0.123_456_789;
            let left = frame.flat(&Bbox::new(0.0, 0.0, edge, 1.0).unwrap());
            let right = frame.flat(&Bbox::new(edge, 0.0, edge + 1.0, 1.0).unwrap());
            assert!(left.may_touch(&right));
        }
    }

    #[test]
    fn what_is_beyond_single_precision_has_a_box_without_end() {
        let flat = Frame::of(None).flat(&Bbox::new(-1e300, 0.0, 1e300, 0.0).unwrap());
        assert!(flat.min_x.is_infinite() && flat.max_x.is_infinite());
    }
}
