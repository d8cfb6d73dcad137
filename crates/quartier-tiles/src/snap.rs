use geo_types::Coord;

use crate::rings::turn;

/// The grid point next to a coordinate. Halves go right and down, in every tile alike, so that neighbours agree.
#[inline]
fn grid_point(coord: Coord<f64>) -> Coord<i32> {
    Coord { x: floor(coord.x + 0.5), y: floor(coord.y + 0.5) }
}

/// A grid point as a coordinate.
#[inline]
pub(crate) fn plain(point: Coord<i32>) -> Coord<f64> {
    Coord { x: point.x.into(), y: point.y.into() }
}

/// As `f64::floor`, which is a call on processors before SSE 4.1, and for them the program is built.
#[inline]
fn floor(number: f64) -> i32 {
    let towards_zero = number as i32;
    towards_zero.saturating_sub(i32::from(f64::from(towards_zero) > number))
}

/// Coordinates on the grid.
pub(crate) fn snap_points(coords: &[Coord<f64>], out: &mut Vec<Coord<i32>>) {
    out.clear();
    out.extend(coords.iter().map(|coord| grid_point(*coord)));
}

/// A line on the grid, without points that repeat the one before.
pub(crate) fn snap_line(coords: &[Coord<f64>], out: &mut Vec<Coord<i32>>) {
    snap_points(coords, out);
    out.dedup();
}

/// An unclosed ring on the grid, without repeated points, points on a straight edge, and spikes; empty where nothing
/// with an area is left.
pub(crate) fn snap_ring(coords: &[Coord<f64>], out: &mut Vec<Coord<i32>>) {
    out.clear();
    for coord in coords {
        append(out, grid_point(*coord));
    }
    close(out);
}

/// Takes out the points on straight edges; empty where no area is left.
pub(crate) fn straighten(ring: &mut Vec<Coord<i32>>) {
    let mut straight = Vec::with_capacity(ring.len());
    for point in ring.iter() {
        append(&mut straight, *point);
    }
    close(&mut straight);
    *ring = straight;
}

fn append(ring: &mut Vec<Coord<i32>>, point: Coord<i32>) {
    while let [.., before, last] = ring.as_slice()
        && turn(*before, *last, point) == 0
    {
        ring.pop();
    }
    if ring.last() != Some(&point) {
        ring.push(point);
    }
}

/// Does for the place where the ring's end meets its start what [`append`] does for the rest.
fn close(ring: &mut Vec<Coord<i32>>) {
    let mut start = 0;
    while let [first, second, .., before, last] = &ring[start..] {
        if first == last || turn(*before, *last, *first) == 0 {
            ring.pop();
        } else if turn(*last, *first, *second) == 0 {
            start += 1;
        } else {
            break;
        }
    }
    ring.drain(..start);
    if ring.len() < 3 || (ring.len() == 3 && turn(ring[0], ring[1], ring[2]) == 0) {
        ring.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapped(ring: &[(f64, f64)]) -> Vec<(i32, i32)> {
        let coords: Vec<_> = ring.iter().map(|&(x, y)| Coord { x, y }).collect();
        let mut out = Vec::new();
        snap_ring(&coords, &mut out);
        out.into_iter().map(|point| (point.x, point.y)).collect()
    }

    #[test]
    fn a_spike_is_taken_off() {
        let spiked = [(0., 0.), (8., 0.), (20., 0.), (8., 0.), (8., 8.), (0., 8.)];
        assert_eq!(snapped(&spiked), [(0, 0), (8, 0), (8, 8), (0, 8)]);
    }

    #[test]
    fn a_spike_at_the_start_is_taken_off() {
        let spiked = [(20., 0.), (8., 0.), (8., 8.), (0., 8.), (0., 0.)];
        assert_eq!(snapped(&spiked), [(8, 0), (8, 8), (0, 8), (0, 0)]);
    }

    #[test]
    fn a_ring_without_area_is_no_ring() {
        assert_eq!(snapped(&[(0., 0.), (5., 5.), (9., 9.), (3., 3.)]), []);
        assert_eq!(snapped(&[(0., 0.), (0.2, 0.), (0., 0.3)]), []);
        assert_eq!(snapped(&[(1., 1.)]), []);
    }

    #[test]
    fn halves_go_one_way_on_both_sides_of_zero() {
        let mut out = Vec::new();
        snap_points(&[Coord { x: -0.5, y: 0.5 }, Coord { x: -1.5, y: 1.5 }], &mut out);
        assert_eq!(out, [Coord { x: 0, y: 1 }, Coord { x: -1, y: 2 }]);
    }
}
