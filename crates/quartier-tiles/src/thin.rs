use std::cmp::Ordering;

use geo_types::Coord;

/// A point among others that are too many to be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrowdPoint {
    /// The cell of the zoom's grid that it lies in. Cells of one zoom lie whole in those of the zoom above.
    pub cell: Coord<i64>,
    /// A point stands for others only where this is equal.
    pub look: u64,
    /// The one that has most of it stands for its cell…
    pub rank: f64,
    /// …and of equals the one with the lowest id.
    pub id: u64,
}

/// A point that is shown, and for how many it stands, itself included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its place in the list.
    pub point: usize,
    pub count: usize,
}

/// Leaves one point in each cell, in the order in which they came: evenly, whatever the crowd. Since cells nest, who
/// stands for a cell also stands for the part of it that the next zoom makes a cell of its own.
pub fn thin(points: &[CrowdPoint]) -> Vec<Standing> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_unstable_by(|one, other| points[*one].standing_before(&points[*other]));
    let cells = order.chunk_by(|one, other| points[*one].group() == points[*other].group());
    let mut standing: Vec<_> =
        cells.map(|cell| Standing { point: cell[0], count: cell.len() }).collect();
    standing.sort_unstable_by_key(|standing| standing.point);
    standing
}

impl CrowdPoint {
    fn group(&self) -> (i64, i64, u64) {
        (self.cell.y, self.cell.x, self.look)
    }

    fn standing_before(&self, other: &Self) -> Ordering {
        let by_group = self.group().cmp(&other.group());
        by_group.then(other.rank.total_cmp(&self.rank)).then(self.id.cmp(&other.id))
    }
}
