use geo_types::Coord;

/// Rings without closing points, one behind the other: each polygon's exterior, wound so that its area is positive,
/// and then its holes, wound the other way.
#[derive(Debug, Default)]
pub(crate) struct Rings {
    points: Vec<Coord<i32>>,
    ends: Vec<usize>,
}

/// How a ring is to be wound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Exterior,
    Hole,
}

impl Rings {
    pub(crate) fn clear(&mut self) {
        self.points.clear();
        self.ends.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Forgets all rings but the first so many.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        self.points.truncate(self.ends.last().copied().unwrap_or(0));
    }

    /// Adds a ring and winds it.
    pub(crate) fn push(&mut self, points: &[Coord<i32>], role: Role) {
        let is_positive = doubled_area(points) > 0;
        if is_positive == (role == Role::Exterior) {
            self.points.extend_from_slice(points);
        } else {
            self.points.extend(points.iter().rev());
        }
        self.ends.push(self.points.len());
    }

    /// The rings from a number on.
    pub(crate) fn iter_from(&self, first: usize) -> impl Iterator<Item = &[Coord<i32>]> + Clone {
        (first..self.len()).map(|index| self.ring(index))
    }

    pub(crate) fn ring(&self, index: usize) -> &[Coord<i32>] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.points[start..self.ends[index]]
    }
}

/// Twice the area, positive where the ring turns right on a screen (y runs down).
pub(crate) fn doubled_area(points: &[Coord<i32>]) -> i64 {
    let Some(last) = points.last() else { return 0 };
    let mut sum = 0;
    let mut previous = *last;
    for point in points {
        sum +=
            i64::from(previous.x) * i64::from(point.y) - i64::from(point.x) * i64::from(previous.y);
        previous = *point;
    }
    sum
}

/// The area of an unclosed ring, positive where it turns right on a screen; reckoned from its first vertex, so that far
/// coordinates lose no digits.
pub(crate) fn signed_area(mut ring: impl Iterator<Item = Coord<f64>>) -> f64 {
    let Some(first) = ring.next() else { return 0.0 };
    let (mut doubled, mut before) = (0.0, Coord { x: 0.0, y: 0.0 });
    for coord in ring {
        let off = coord - first;
        doubled += before.x * off.y - off.x * before.y;
        before = off;
    }
    doubled / 2.0
}

/// Twice the area of a triangle: positive where c lies to the right of the way from a to b on a screen.
#[inline]
pub(crate) fn turn(a: Coord<i32>, b: Coord<i32>, c: Coord<i32>) -> i64 {
    i64::from(b.x - a.x) * i64::from(c.y - a.y) - i64::from(b.y - a.y) * i64::from(c.x - a.x)
}
