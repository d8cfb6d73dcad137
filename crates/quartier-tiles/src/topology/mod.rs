//! From which zoom on each vertex is shown, decided once for all outlines that share an edge: neighbours lose the same
//! vertices, and no sliver opens between them.

mod arc;
mod joints;
mod obstacles;
mod part;
mod weigh;

use std::ops::Range;

use geo_types::Coord;
use rayon::prelude::*;

use crate::topology::{joints::Joints, obstacles::Obstacles, part::Parter, weigh::Weigher};

/// How far a simplified outline may stray from the true one, in units of a tile: half a pixel.
const TOLERANCE: f64 = 4.0;

/// Paths that one thread takes at a time: enough to be worth the handing over, few enough to share the work evenly.
const PATHS_AT_ONCE: usize = 4096;

/// A ring or a line of an object, on the grid of the zoom of full detail.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    /// Reaching over at most 2^29, so that areas are exact; a ring without its closing point.
    pub coords: &'a [Coord<i32>],
    pub form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Ring,
    Line,
}

/// For each vertex, path after path, the first zoom that shows it; `full_zoom` shows them all.
///
/// A vertex that is shown at one zoom is shown at the next. Rings keep four vertices, lines their ends, and both keep
/// the corners where outlines part. Outlines that share an edge share what is left of it, and do not come to cross
/// another such outline. What a path gets depends on the paths whose boxes meet its own, and on those whose boxes meet
/// theirs; on the order of the paths, their direction and the vertex they begin with, it does not.
pub fn shown_from(paths: &[Path<'_>], full_zoom: u8) -> Vec<u8> {
    let starts = starts(paths);
    let mut joints = Joints::between(paths, &starts);
    let pins = survivors(paths, &starts, &joints);
    joints.pin(&pins);
    let obstacles = Obstacles::of(paths, &starts, &joints);
    let mut zooms = vec![0; starts[paths.len()]];
    let pieces = split(&mut zooms, &starts);
    pieces.into_par_iter().for_each(|(range, zooms)| {
        let mut levels = Levels {
            full_zoom,
            joints: &joints,
            obstacles: &obstacles,
            weigher: Weigher::default(),
            parter: Parter::default(),
        };
        let first = starts[range.start];
        for index in range {
            let place = starts[index] - first..starts[index + 1] - first;
            levels.path(paths[index], starts[index], &mut zooms[place]);
        }
    });
    zooms
}

/// Where each path's vertices begin among all, and where they end.
fn starts(paths: &[Path<'_>]) -> Vec<usize> {
    let mut starts = Vec::with_capacity(paths.len() + 1);
    let mut end = 0;
    starts.push(end);
    for path in paths {
        end += path.coords.len();
        starts.push(end);
    }
    starts
}

/// The vertices, of rings that share some, that a ring keeps to the last.
fn survivors(paths: &[Path<'_>], starts: &[usize], joints: &Joints) -> Vec<usize> {
    let ranges: Vec<_> = chunks(paths.len()).collect();
    let found = ranges.into_par_iter().map(|range| {
        let mut weigher = Weigher::default();
        let mut found = Vec::new();
        for index in range.filter(|index| paths[*index].form == Form::Ring) {
            if joints.touch(starts[index]..starts[index + 1]) {
                let weights = weigher.ring(paths[index].coords);
                let kept = weights.iter().enumerate().filter(|(_, weight)| weight.is_infinite());
                found.extend(kept.map(|(place, _)| starts[index] + place));
            }
        }
        found
    });
    found.collect::<Vec<_>>().concat()
}

fn chunks(count: usize) -> impl Iterator<Item = Range<usize>> {
    let first = (0..count).step_by(PATHS_AT_ONCE);
    first.map(move |first| first..count.min(first + PATHS_AT_ONCE))
}

fn split<'z>(mut zooms: &'z mut [u8], starts: &[usize]) -> Vec<(Range<usize>, &'z mut [u8])> {
    let mut pieces = Vec::new();
    for range in chunks(starts.len() - 1) {
        let (piece, rest) = zooms.split_at_mut(starts[range.end] - starts[range.start]);
        pieces.push((range, piece));
        zooms = rest;
    }
    pieces
}

/// Finds the zooms of one path's vertices.
struct Levels<'a> {
    full_zoom: u8,
    joints: &'a Joints,
    obstacles: &'a Obstacles,
    weigher: Weigher,
    parter: Parter,
}

impl Levels<'_> {
    fn path(&mut self, path: Path<'_>, start: usize, zooms: &mut [u8]) {
        if self.joints.touch(start..start + path.coords.len()) {
            self.shared(path, start, zooms);
            return;
        }
        let weights = match path.form {
            Form::Ring => self.weigher.ring(path.coords),
            Form::Line => self.weigher.line(path.coords),
        };
        for (zoom, weight) in zooms.iter_mut().zip(weights) {
            *zoom = zoom_of(*weight, self.full_zoom);
        }
    }
}

/// The first zoom at which a vertex of a weight is shown: a weight is the square of a length at full zoom.
fn zoom_of(weight: f64, full_zoom: u8) -> u8 {
    let units = weight / (TOLERANCE * TOLERANCE);
    if units < 4.0 {
        return full_zoom;
    }
    let halvings = (units.min(1e18) as u64).ilog2() / 2;
    full_zoom.saturating_sub(halvings.min(255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vertex_is_shown_from_the_zoom_where_it_stands_out_by_half_a_pixel() {
        for zoom in 0..16 {
            let tolerance = TOLERANCE * f64::from(1 << (16 - zoom));
            assert_eq!(zoom_of(tolerance * tolerance, 16), zoom);
            assert_eq!(zoom_of(tolerance * tolerance - 1.0, 16), zoom + 1);
        }
        assert_eq!(zoom_of(0.0, 16), 16);
        assert_eq!(zoom_of(f64::INFINITY, 16), 0);
    }
}
