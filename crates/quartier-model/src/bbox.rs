use serde::{Deserialize, Serialize};

/// A box of finite numbers in the CRS that its context names: x from `min_x` to `max_x`, y likewise; heights are
/// in metres and `None` where the box takes any height.
///
/// A box never crosses the antimeridian: whoever reads one from outside that does, makes two of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bbox {
    pub min_x: f64,
    pub min_y: f64,
    pub max_x: f64,
    pub max_y: f64,
    pub heights: Option<(f64, f64)>,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BboxError {
    #[error("a bbox has 4 or 6 numbers, this one has {0}")]
    Count(usize),
    #[error("`{0}` is not a finite number")]
    Number(String),
    #[error("the {axis} minimum {min} is greater than the maximum {max}")]
    Upended { axis: &'static str, min: f64, max: f64 },
}

impl Bbox {
    /// A flat box.
    pub fn new(min_x: f64, min_y: f64, max_x: f64, max_y: f64) -> Result<Self, BboxError> {
        for number in [min_x, min_y, max_x, max_y] {
            finite(number)?;
        }
        ascending("x", min_x, max_x)?;
        ascending("y", min_y, max_y)?;
        Ok(Self { min_x, min_y, max_x, max_y, heights: None })
    }

    /// The same box, for heights in metres from `min` to `max` only.
    pub fn with_heights(self, min: f64, max: f64) -> Result<Self, BboxError> {
        finite(min)?;
        finite(max)?;
        ascending("height", min, max)?;
        Ok(Self { heights: Some((min, max)), ..self })
    }

    /// The box of points, flat; `None` of no points.
    pub fn around(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        points.into_iter().map(|(x, y)| Self::at(x, y)).reduce(Self::union)
    }

    fn at(x: f64, y: f64) -> Self {
        Self { min_x: x, min_y: y, max_x: x, max_y: y, heights: None }
    }

    /// The smallest flat box that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            min_x: self.min_x.min(other.min_x),
            min_y: self.min_y.min(other.min_y),
            max_x: self.max_x.max(other.max_x),
            max_y: self.max_y.max(other.max_y),
            heights: None,
        }
    }

    /// Whether the flat boxes share a point; touching counts.
    pub fn intersects(&self, other: &Self) -> bool {
        self.min_x <= other.max_x
            && other.min_x <= self.max_x
            && self.min_y <= other.max_y
            && other.min_y <= self.max_y
    }

    /// What both flat boxes hold; `None` where they do not touch.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        self.intersects(other).then(|| Self {
            min_x: self.min_x.max(other.min_x),
            min_y: self.min_y.max(other.min_y),
            max_x: self.max_x.min(other.max_x),
            max_y: self.max_y.min(other.max_y),
            heights: None,
        })
    }

    /// Whether the other flat box lies in this one; touching counts.
    pub fn contains(&self, other: &Self) -> bool {
        self.min_x <= other.min_x
            && other.max_x <= self.max_x
            && self.min_y <= other.min_y
            && other.max_y <= self.max_y
    }

    /// The box grown by a distance in its own unit on every side.
    #[must_use]
    pub fn grown(self, distance: f64) -> Self {
        Self {
            min_x: self.min_x - distance,
            min_y: self.min_y - distance,
            max_x: self.max_x + distance,
            max_y: self.max_y + distance,
            ..self
        }
    }

    pub fn to_rect(self) -> geo_types::Rect<f64> {
        geo_types::Rect::new((self.min_x, self.min_y), (self.max_x, self.max_y))
    }
}

fn finite(number: f64) -> Result<(), BboxError> {
    if number.is_finite() { Ok(()) } else { Err(BboxError::Number(number.to_string())) }
}

fn ascending(axis: &'static str, min: f64, max: f64) -> Result<(), BboxError> {
    if min <= max { Ok(()) } else { Err(BboxError::Upended { axis, min, max }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_that_is_upside_down_is_refused() {
        let error = Bbox::new(0.0, 2.0, 1.0, 1.0).unwrap_err();
        assert_eq!(error.to_string(), "the y minimum 2 is greater than the maximum 1");
    }

    #[test]
    fn a_box_that_is_nowhere_is_refused() {
        assert!(Bbox::new(f64::NAN, 0.0, 1.0, 1.0).is_err());
    }

    #[test]
    fn boxes_that_touch_intersect() {
        let left = Bbox::new(0.0, 0.0, 1.0, 1.0).unwrap();
        let right = Bbox::new(1.0, 1.0, 2.0, 2.0).unwrap();
        assert!(left.intersects(&right));
    }
}
