use std::cmp::Ordering;

use geo_types::Coord;

use crate::rings::{Rings, Role, doubled_area, turn};

/// Adds polygons given as a heap of rings that may touch in points, never cross: each hole goes to the smallest of
/// the exteriors around it.
pub(crate) fn nest(
    exteriors: Vec<Vec<Coord<i32>>>,
    holes: Vec<Vec<Coord<i32>>>,
    rings: &mut Rings,
) {
    let mut shells: Vec<Shell> = exteriors.into_iter().map(Shell::new).collect();
    for hole in holes {
        let around = shells.iter_mut().filter(|shell| shell.encloses(&hole));
        if let Some(home) = around.min_by_key(|shell| shell.area) {
            home.holes.push(hole);
        }
    }
    for shell in shells {
        rings.push(&shell.ring, Role::Exterior);
        shell.holes.iter().for_each(|hole| rings.push(hole, Role::Hole));
    }
}

struct Shell {
    ring: Vec<Coord<i32>>,
    min: Coord<i32>,
    max: Coord<i32>,
    area: i64,
    holes: Vec<Vec<Coord<i32>>>,
}

impl Shell {
    fn new(ring: Vec<Coord<i32>>) -> Self {
        let xs = || ring.iter().map(|point| point.x);
        let ys = || ring.iter().map(|point| point.y);
        Self {
            min: Coord { x: xs().min().unwrap_or(0), y: ys().min().unwrap_or(0) },
            max: Coord { x: xs().max().unwrap_or(0), y: ys().max().unwrap_or(0) },
            area: doubled_area(&ring).abs(),
            holes: Vec::new(),
            ring,
        }
    }

    /// A corner of a hole may lie on the shell; an edge lies there in single points at most, so some midpoint does not.
    fn encloses(&self, hole: &[Coord<i32>]) -> bool {
        let in_box = |point: &Coord<i32>| {
            (self.min.x..=self.max.x).contains(&point.x)
                && (self.min.y..=self.max.y).contains(&point.y)
        };
        let doubled_middle = |pair: &[Coord<i32>]| pair[0] + pair[1];
        let mut middles = hole.windows(2).map(doubled_middle);
        hole.iter().all(in_box)
            && middles
                .find_map(|middle| match side(&self.ring, 2, middle) {
                    Ordering::Less => Some(false),
                    Ordering::Equal => None,
                    Ordering::Greater => Some(true),
                })
                .unwrap_or(false)
    }
}

/// Where a point lies: in the ring as enlarged by `scale` (greater), on it (equal), or outside (less).
pub(crate) fn side(ring: &[Coord<i32>], scale: i32, point: Coord<i32>) -> Ordering {
    let Some(last) = ring.last() else { return Ordering::Less };
    let mut a = *last * scale;
    let mut is_inside = false;
    for corner in ring {
        let b = *corner * scale;
        let turned = turn(a, b, point);
        if turned == 0 && lies_between(a, b, point) {
            return Ordering::Equal;
        }
        is_inside ^= (a.y > point.y) != (b.y > point.y) && (turned > 0) == (b.y > a.y);
        a = b;
    }
    if is_inside { Ordering::Greater } else { Ordering::Less }
}

/// Whether a point on the line through a and b is between them.
pub(crate) fn lies_between(a: Coord<i32>, b: Coord<i32>, point: Coord<i32>) -> bool {
    (a.x.min(b.x)..=a.x.max(b.x)).contains(&point.x)
        && (a.y.min(b.y)..=a.y.max(b.y)).contains(&point.y)
}
