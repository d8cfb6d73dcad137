use std::ops::Range;

use geo_types::Coord;
use rayon::prelude::*;

use super::{Form, Path};

/// The places that several vertices share, and what has to be known of them.
#[derive(Debug)]
pub(super) struct Joints {
    /// Which vertices, counted over all paths, stand on which place; in their order.
    vertices: Vec<(usize, u32)>,
    places: Vec<Place>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    /// Nothing may move it: outlines part here, or a ring cannot do without it.
    is_pinned: bool,
    has_ring: bool,
}

/// A vertex that may share its place.
#[derive(Debug, Clone, Copy)]
struct Suspect {
    coord: (i32, i32),
    path: u32,
    place: u32,
}

impl Joints {
    pub(super) fn between(paths: &[Path<'_>], starts: &[usize]) -> Self {
        let mut suspects = suspects(paths, starts[paths.len()]);
        suspects.par_sort_unstable_by_key(|suspect| suspect.coord);
        let (mut vertices, mut places) = (Vec::new(), Vec::new());
        for meeting in suspects.chunk_by(|one, other| one.coord == other.coord) {
            if meeting.len() > 1 {
                let vertex =
                    |suspect: &Suspect| starts[suspect.path as usize] + suspect.place as usize;
                vertices
                    .extend(meeting.iter().map(|suspect| (vertex(suspect), places.len() as u32)));
                places.push(Place::of(meeting, paths));
            }
        }
        vertices.par_sort_unstable();
        Self { vertices, places }
    }

    /// Whether any of a path's vertices is shared.
    pub(super) fn touch(&self, path: Range<usize>) -> bool {
        !self.of(path).is_empty()
    }

    /// Pins the places of vertices.
    pub(super) fn pin(&mut self, vertices: &[usize]) {
        for vertex in vertices {
            if let Some(place) = self.place(*vertex) {
                self.places[place as usize].is_pinned = true;
            }
        }
    }

    /// The shared vertices of a path that are pinned.
    pub(super) fn pinned(&self, path: Range<usize>) -> impl Iterator<Item = usize> {
        let pinned = self.of(path).iter().filter(|it| self.places[it.1 as usize].is_pinned);
        pinned.map(|(vertex, _)| *vertex)
    }

    /// Whether a ring goes through the place of a vertex that is shared.
    pub(super) fn has_ring(&self, vertex: usize) -> bool {
        self.place(vertex).is_some_and(|place| self.places[place as usize].has_ring)
    }

    fn place(&self, vertex: usize) -> Option<u32> {
        let index = self.vertices.binary_search_by_key(&vertex, |it| it.0).ok()?;
        Some(self.vertices[index].1)
    }

    fn of(&self, path: Range<usize>) -> &[(usize, u32)] {
        let from = |vertex: usize| self.vertices.partition_point(|it| it.0 < vertex);
        &self.vertices[from(path.start)..from(path.end)]
    }
}

impl Place {
    /// Outlines part where one of them ends, turns back, or goes on elsewhere than another.
    fn of(meeting: &[Suspect], paths: &[Path<'_>]) -> Self {
        let mut ways =
            meeting.iter().map(|suspect| way(paths[suspect.path as usize], suspect.place));
        let first = ways.next().flatten();
        let is_passed = first.is_some_and(|(one, other)| one != other);
        let is_one_way = is_passed && ways.all(|way| way == first);
        let mut forms = meeting.iter().map(|suspect| paths[suspect.path as usize].form);
        Self { is_pinned: !is_one_way, has_ring: forms.any(|form| form == Form::Ring) }
    }
}

/// The two places next to a vertex, the one furthest left and up first; `None` at the ends of a line.
fn way(path: Path<'_>, place: u32) -> Option<((i32, i32), (i32, i32))> {
    let (place, len) = (place as usize, path.coords.len());
    let is_end = path.form == Form::Line && (place == 0 || place + 1 == len);
    let at = |index: usize| (path.coords[index].x, path.coords[index].y);
    let around = (!is_end).then(|| (at((place + len - 1) % len), at((place + 1) % len)));
    around.map(|(one, other)| (one.min(other), one.max(other)))
}

/// The vertices that may share their place: all that do, and a few others.
fn suspects(paths: &[Path<'_>], count: usize) -> Vec<Suspect> {
    let (mut seen, mut seen_again) = (Marks::for_vertices(count), Marks::for_vertices(count));
    for coord in paths.iter().flat_map(|path| path.coords) {
        if seen.mark(*coord) {
            seen_again.mark(*coord);
        }
    }
    let mut suspects = Vec::new();
    for (path, outline) in paths.iter().enumerate() {
        for (place, coord) in outline.coords.iter().enumerate() {
            if seen_again.is_marked(*coord) {
                let coord = (coord.x, coord.y);
                suspects.push(Suspect { coord, path: path as u32, place: place as u32 });
            }
        }
    }
    suspects
}

/// Bits for places; now and then two places have the same. Near places have near bits, so that paths which come in
/// the order of space find them in the processor's cache.
struct Marks {
    bits: Vec<u64>,
}

/// An odd number whose bits follow no pattern: the golden ratio's.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Bits for each vertex: one in sixteen of those that stand alone is suspected.
const BITS_PER_VERTEX: usize = 16;

/// The side of the square whose places have bits in one line of the cache, as a power of two.
const BLOCK_SHIFT: u32 = 7;

/// Words of 64 bits in a line of the cache, as a power of two.
const LINE_SHIFT: u32 = 3;

impl Marks {
    fn for_vertices(count: usize) -> Self {
        let words = (count * BITS_PER_VERTEX / 64).next_power_of_two().max(1 << LINE_SHIFT);
        Self { bits: vec![0; words] }
    }

    /// Marks a place; whether it was marked before.
    fn mark(&mut self, coord: Coord<i32>) -> bool {
        let (word, bit) = self.spot(coord);
        let was_marked = self.bits[word] & bit != 0;
        self.bits[word] |= bit;
        was_marked
    }

    fn is_marked(&self, coord: Coord<i32>) -> bool {
        let (word, bit) = self.spot(coord);
        self.bits[word] & bit != 0
    }

    fn spot(&self, coord: Coord<i32>) -> (usize, u64) {
        let block = hash(coord.x >> BLOCK_SHIFT, coord.y >> BLOCK_SHIFT);
        let within = hash(coord.x, coord.y) >> 40;
        let line = (block >> 20) as usize & ((self.bits.len() >> LINE_SHIFT) - 1);
        let word = (within >> 6) as usize & ((1 << LINE_SHIFT) - 1);
        ((line << LINE_SHIFT) + word, 1 << (within & 63))
    }
}

fn hash(x: i32, y: i32) -> u64 {
    let both = u64::from(x.cast_unsigned()) << 32 | u64::from(y.cast_unsigned());
    let product = both.wrapping_mul(SPREAD);
    (product ^ product >> 32).wrapping_mul(SPREAD)
}
