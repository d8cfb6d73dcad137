use std::ops::Range;

use geo_types::Coord;
use quartier_slab::Slab;
use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};

use super::{
    ReadyGrid, Shapes, ShapesDraft,
    draft::DraftPath,
    shapes::ROWS_PER_BASE,
    soundness::Soundness,
    wire::{Head, PathHead, ShapeKind, level_bits, put_difference, put_varint},
};

/// The bytes of a draft's rows, where each vertex has the level of the same place.
pub(super) fn pack(draft: &ShapesDraft, levels: &[u8]) -> Shapes {
    let count = draft.rows.len();
    let chunks = (0..count.div_ceil(ROWS_PER_BASE)).into_par_iter().map(|chunk| {
        let rows = chunk * ROWS_PER_BASE..count.min((chunk + 1) * ROWS_PER_BASE);
        Packer::new(draft, levels).rows(rows)
    });
    let (mut bytes, mut ends, mut bases) = (Vec::new(), Vec::with_capacity(count), Vec::new());
    for chunk in chunks.collect::<Vec<Packer<'_>>>() {
        bases.push(bytes.len() as u64);
        bytes.extend_from_slice(&chunk.bytes);
        ends.extend_from_slice(&chunk.ends);
    }
    Shapes { bytes: Slab::from(bytes), ends: Slab::from(ends), bases: Slab::from(bases) }
}

/// Packs a run of rows.
struct Packer<'a> {
    draft: &'a ShapesDraft,
    levels: &'a [u8],
    bytes: Vec<u8>,
    ends: Vec<u32>,
    body: Vec<u8>,
    soundness: Soundness,
}

impl<'a> Packer<'a> {
    fn new(draft: &'a ShapesDraft, levels: &'a [u8]) -> Self {
        let (bytes, ends, body) = (Vec::new(), Vec::new(), Vec::new());
        Self { draft, levels, bytes, ends, body, soundness: Soundness::default() }
    }

    fn rows(mut self, rows: Range<usize>) -> Self {
        for row in rows {
            let first = row.checked_sub(1).map_or(0, |before| self.draft.rows[before].end);
            let row = self.draft.rows[row];
            self.row(row.kind, first..row.end);
            self.ends.push(self.bytes.len() as u32);
        }
        self
    }

    fn row(&mut self, kind: ShapeKind, paths: Range<usize>) {
        if kind == ShapeKind::None || paths.is_empty() {
            return;
        }
        self.write_paths(paths.clone());
        let sound_from = if kind == ShapeKind::Polygons {
            let seen = self.draft.paths[paths].iter().map(|path| path.from).min();
            let ReadyGrid { full, .. } = self.draft.grid;
            self.soundness.sound_from(&self.body, seen.unwrap_or(full), self.draft.grid)
        } else {
            0
        };
        self.bytes.push(Head { kind, sound_from }.byte());
        self.bytes.extend_from_slice(&self.body);
    }

    fn write_paths(&mut self, paths: Range<usize>) {
        self.body.clear();
        let last = paths.end - 1;
        let mut at = Coord { x: 0, y: 0 };
        for index in paths {
            let start = index.checked_sub(1).map_or(0, |before| self.draft.paths[before].end);
            let path = self.draft.paths[index];
            at = self.write_path(path, start, index == last, at);
        }
    }

    fn write_path(
        &mut self,
        path: DraftPath,
        start: usize,
        is_last: bool,
        mut at: Coord<i32>,
    ) -> Coord<i32> {
        let (points, levels) = (&self.draft.points[start..path.end], &self.levels[start..path.end]);
        let has_levels = levels.iter().any(|level| level_bits(*level) > 0);
        let head = PathHead { from: path.from, role: path.role, has_levels, is_last };
        let out = &mut self.body;
        out.push(head.byte());
        put_varint(out, points.len() as u32);
        if has_levels {
            let second = |pair: &[u8]| pair.get(1).map_or(0, |level| level_bits(*level) << 4);
            out.extend(levels.chunks(2).map(|pair| level_bits(pair[0]) | second(pair)));
        }
        for point in points {
            put_difference(out, point.x.wrapping_sub(at.x));
            put_difference(out, point.y.wrapping_sub(at.y));
            at = *point;
        }
        at
    }
}
