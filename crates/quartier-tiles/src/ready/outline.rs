use geo_types::Coord;

use super::{
    ReadyFrame,
    wire::{Bytes, Head, PathHead, ShapeKind, is_shown},
};
use crate::{
    clip::{Place, Window},
    rings::Role,
};

/// A ready shape as one zoom shows it: paths of points in tile units, rings without their closing points.
///
/// It is read again and again into the same memory.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(crate) points: Vec<Coord<i32>>,
    pub(crate) paths: Vec<OutlinePath>,
    min: Coord<i64>,
    max: Coord<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutlinePath {
    start: usize,
    end: usize,
    pub(crate) role: Role,
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// It is not kept ready, has to be mended, or reaches too far.
    Unready,
    Nothing,
    Read(ShapeKind, Place),
}

impl Outline {
    pub(crate) fn read(&mut self, bytes: &[u8], frame: &ReadyFrame) -> Reading {
        let mut bytes = Bytes(bytes);
        let head = Head::of(bytes.byte());
        if head.kind == ShapeKind::None || frame.zoom < head.sound_from {
            return Reading::Unready;
        }
        self.read_paths(head.kind, &mut bytes, frame);
        if self.points.is_empty() {
            return Reading::Nothing;
        }
        if !ReadyFrame::is_near(self.min, self.max) {
            return Reading::Unready;
        }
        let window = Window::with_buffer(frame.detail.buffer);
        let corner = |it: Coord<i64>| Coord { x: it.x as f64, y: it.y as f64 };
        Reading::Read(head.kind, window.place_of_box(corner(self.min), corner(self.max)))
    }

    /// Reads the paths whatever the head says of their soundness.
    pub(super) fn read_paths(
        &mut self,
        kind: ShapeKind,
        bytes: &mut Bytes<'_>,
        frame: &ReadyFrame,
    ) {
        self.points.clear();
        self.paths.clear();
        self.min = Coord { x: i64::MAX, y: i64::MAX };
        self.max = Coord { x: i64::MIN, y: i64::MIN };
        let (mut at, mut has_exterior) = (Coord { x: 0, y: 0 }, false);
        loop {
            let head = PathHead::of(bytes.byte());
            let start = self.points.len();
            self.read_path(head, &mut at, bytes, frame);
            let is_seen = self.close(kind, start) && frame.zoom >= head.from;
            // A hole goes with the exterior before it.
            if head.role == Role::Exterior {
                has_exterior = is_seen;
            }
            if is_seen && has_exterior {
                let (end, role) = (self.points.len(), head.role);
                self.paths.push(OutlinePath { start, end, role });
            } else {
                self.points.truncate(start);
            }
            if head.is_last || bytes.0.is_empty() {
                break;
            }
        }
    }

    fn read_path(
        &mut self,
        head: PathHead,
        at: &mut Coord<i32>,
        bytes: &mut Bytes<'_>,
        frame: &ReadyFrame,
    ) {
        let count = bytes.varint() as usize;
        let levels = if head.has_levels { bytes.take(count.div_ceil(2)) } else { &[] };
        let start = self.points.len();
        self.points.reserve(count.min(bytes.0.len()));
        for index in 0..count {
            at.x = at.x.wrapping_add(bytes.difference());
            at.y = at.y.wrapping_add(bytes.difference());
            let level = levels.get(index / 2).map_or(0, |pair| pair >> (index % 2 * 4) & 0xf);
            if is_shown(level, frame.zoom) {
                self.push(frame.place(at.x, at.y), start);
            }
        }
    }

    /// Adds a point to the path that starts at a place, unless the point before is the same.
    #[inline]
    fn push(&mut self, place: Coord<i64>, start: usize) {
        self.min = Coord { x: self.min.x.min(place.x), y: self.min.y.min(place.y) };
        self.max = Coord { x: self.max.x.max(place.x), y: self.max.y.max(place.y) };
        let point = Coord { x: place.x as i32, y: place.y as i32 };
        if self.points.len() == start || self.points.last() != Some(&point) {
            self.points.push(point);
        }
    }

    /// Takes off a ring's closing point; false where too little of the path is left.
    fn close(&mut self, kind: ShapeKind, start: usize) -> bool {
        if kind == ShapeKind::Polygons && self.points.len() > start + 1 {
            let (first, last) = (self.points[start], self.points.last());
            if last == Some(&first) {
                self.points.pop();
            }
        }
        let least = match kind {
            ShapeKind::Polygons => 3,
            ShapeKind::Lines => 2,
            ShapeKind::Points | ShapeKind::None => 1,
        };
        self.points.len() >= start + least
    }

    /// Each path's points.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &[Coord<i32>]> {
        self.paths.iter().map(|path| self.points_of(path))
    }

    /// Each polygon's paths, the exterior first.
    pub(crate) fn polygons(&self) -> impl Iterator<Item = &[OutlinePath]> {
        self.paths.chunk_by(|_, next| next.role == Role::Hole)
    }

    pub(crate) fn points_of(&self, path: &OutlinePath) -> &[Coord<i32>] {
        &self.points[path.start..path.end]
    }
}
