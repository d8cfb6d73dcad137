use geo_types::Coord;
use rayon::prelude::*;

use super::{Form, Path, joints::Joints};

/// Up to so many points, looking at all of them is faster than parting them.
const LEAF: usize = 16;

/// Points that are parted by two threads.
const FORKED_MIN: usize = 1 << 14;

/// The vertices of all rings that share some: what a simplified outline must not pass over. A k-d tree without
/// pointers: the middle of a slice parts it, along x and y in turns.
#[derive(Debug)]
pub(super) struct Obstacles {
    coords: Vec<Coord<i32>>,
}

/// A box, its edges included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    pub(super) min: Coord<i32>,
    pub(super) max: Coord<i32>,
}

#[derive(Debug, Clone, Copy)]
enum Axis {
    X,
    Y,
}

impl Obstacles {
    pub(super) fn of(paths: &[Path<'_>], starts: &[usize], joints: &Joints) -> Self {
        let rings = paths.iter().enumerate().filter(|(index, path)| {
            path.form == Form::Ring && joints.touch(starts[*index]..starts[index + 1])
        });
        let mut coords: Vec<_> = rings.flat_map(|(_, path)| path.coords).copied().collect();
        coords.par_sort_unstable_by_key(|coord| (coord.x, coord.y));
        coords.dedup();
        part(&mut coords, Axis::X);
        Self { coords }
    }

    /// Whether any vertex in a box meets a condition.
    pub(super) fn any(&self, reach: &Reach, mut is_it: impl FnMut(Coord<i32>) -> bool) -> bool {
        any(&self.coords, Axis::X, reach, &mut is_it)
    }
}

fn part(coords: &mut [Coord<i32>], axis: Axis) {
    if coords.len() <= LEAF {
        return;
    }
    let middle = coords.len() / 2;
    coords.select_nth_unstable_by_key(middle, |coord| axis.of(*coord));
    let is_forked = coords.len() >= FORKED_MIN;
    let (low, high) = coords.split_at_mut(middle);
    if is_forked {
        rayon::join(|| part(low, axis.next()), || part(&mut high[1..], axis.next()));
    } else {
        part(low, axis.next());
        part(&mut high[1..], axis.next());
    }
}

fn any(
    coords: &[Coord<i32>],
    axis: Axis,
    reach: &Reach,
    is_it: &mut impl FnMut(Coord<i32>) -> bool,
) -> bool {
    if coords.len() <= LEAF {
        return coords.iter().any(|coord| reach.contains(*coord) && is_it(*coord));
    }
    let middle = coords.len() / 2;
    let (low, high) = coords.split_at(middle);
    let (parting, high) = (high[0], &high[1..]);
    (axis.of(reach.min) <= axis.of(parting) && any(low, axis.next(), reach, is_it))
        || (reach.contains(parting) && is_it(parting))
        || (axis.of(reach.max) >= axis.of(parting) && any(high, axis.next(), reach, is_it))
}

impl Axis {
    fn of(self, coord: Coord<i32>) -> i32 {
        match self {
            Self::X => coord.x,
            Self::Y => coord.y,
        }
    }

    fn next(self) -> Self {
        match self {
            Self::X => Self::Y,
            Self::Y => Self::X,
        }
    }
}

impl Reach {
    pub(super) fn around(mut coords: impl Iterator<Item = Coord<i32>>) -> Option<Self> {
        let first = coords.next()?;
        Some(coords.fold(Self { min: first, max: first }, |reach, coord| Self {
            min: Coord { x: reach.min.x.min(coord.x), y: reach.min.y.min(coord.y) },
            max: Coord { x: reach.max.x.max(coord.x), y: reach.max.y.max(coord.y) },
        }))
    }

    fn contains(&self, coord: Coord<i32>) -> bool {
        (self.min.x..=self.max.x).contains(&coord.x) && (self.min.y..=self.max.y).contains(&coord.y)
    }
}
