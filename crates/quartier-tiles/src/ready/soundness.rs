use geo_types::Coord;

use super::{
    Outline, ReadyFrame, ReadyGrid,
    wire::{Bytes, ShapeKind},
};
use crate::{
    Detail,
    rings::{Rings, Role, doubled_area, turn},
    survey::{Condition, Surveyor},
};

/// Finds out from which zoom on outlines can be drawn as they are.
#[derive(Debug, Default)]
pub(super) struct Soundness {
    outline: Outline,
    rings: Rings,
    surveyor: Surveyor,
}

impl Soundness {
    /// The lowest zoom from which on, down to the grid's, the polygons of these paths are valid, if none of them is seen
    /// before the zoom `seen`; one more than the grid's where they are not even so on the grid.
    pub(super) fn sound_from(&mut self, paths: &[u8], seen: u8, grid: ReadyGrid) -> u8 {
        let zooms = (seen..=grid.zoom()).rev();
        let is_sound = |zoom: &u8| self.is_sound(paths, *zoom, grid.zoom());
        match zooms.take_while(is_sound).last() {
            // Where nothing is seen nothing has to be mended.
            Some(zoom) if zoom == seen => 0,
            Some(zoom) => zoom,
            None => grid.zoom() + 1,
        }
    }

    fn is_sound(&mut self, paths: &[u8], zoom: u8, grid: u8) -> bool {
        let frame = ReadyFrame::plane(zoom, grid, Detail::FULL);
        self.outline.read_paths(ShapeKind::Polygons, &mut Bytes(paths), &frame);
        let mut polygons = 0;
        self.rings.clear();
        for polygon in self.outline.polygons() {
            let first = self.rings.len();
            let rings = polygon.iter().map(|path| (self.outline.points_of(path), path.role));
            if !rings.clone().all(|(points, role)| is_wound(points, role) && !has_spike(points)) {
                return false;
            }
            for (points, role) in rings {
                self.rings.push(points, role);
            }
            if self.surveyor.survey(&self.rings, first) != Condition::Sound {
                return false;
            }
            polygons += 1;
        }
        polygons < 2 || self.surveyor.contacts(&self.rings, 0) == Condition::Sound
    }
}

fn is_wound(points: &[Coord<i32>], role: Role) -> bool {
    let area = doubled_area(points);
    if role == Role::Hole { area < 0 } else { area > 0 }
}

/// Whether the ring turns back on itself somewhere.
fn has_spike(points: &[Coord<i32>]) -> bool {
    let count = points.len();
    (0..count).any(|index| {
        let (a, b) = (points[index], points[(index + 1) % count]);
        let c = points[(index + 2) % count];
        let (there, back) = (b - a, c - b);
        let along = i64::from(there.x) * i64::from(back.x) + i64::from(there.y) * i64::from(back.y);
        turn(a, b, c) == 0 && along < 0
    })
}
