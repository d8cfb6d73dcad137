const ORDER: u32 = 16;

/// The greatest coordinate on the curve's grid.
pub(super) const GRID_MAX: u32 = (1 << ORDER) - 1;

/// How far along a Hilbert curve a cell of the grid lies; cells that are near on the curve are near in the plane.
pub(super) fn distance_along(mut x: u32, mut y: u32) -> u32 {
    let mut distance = 0;
    for bit in (0..ORDER).rev() {
        let (right, upper) = (x >> bit & 1, y >> bit & 1);
        distance = distance << 2 | ((3 * right) ^ upper);
        if upper == 0 {
            if right == 1 {
                (x, y) = (GRID_MAX - x, GRID_MAX - y);
            }
            (x, y) = (y, x);
        }
    }
    distance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_follow_each_other_on_the_curve_are_neighbours() {
        let mut cells: Vec<_> = (0..32_u32)
            .flat_map(|x| (0..32_u32).map(move |y| (distance_along(x, y), x, y)))
            .collect();
        cells.sort_unstable();
        for pair in cells.windows(2) {
            assert_eq!(pair[0].0 + 1, pair[1].0);
            assert_eq!(pair[0].1.abs_diff(pair[1].1) + pair[0].2.abs_diff(pair[1].2), 1);
        }
    }
}
