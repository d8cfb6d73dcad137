use geo_types::Coord;

use super::{Form, Levels, Path, part::Arc, zoom_of};

impl Levels<'_> {
    /// Cuts a path that shares vertices where it is pinned: what lies between is simplified like the same stretch of
    /// any other path.
    pub(super) fn shared(&mut self, path: Path<'_>, start: usize, zooms: &mut [u8]) {
        let pins = self.pins(path, start);
        for pin in &pins {
            zooms[*pin] = 0;
        }
        let turn = match (path.form, pins.first(), pins.last()) {
            (Form::Ring, Some(first), Some(last)) => Some((*last, first + path.coords.len())),
            _ => None,
        };
        let between = pins.windows(2).map(|pair| (pair[0], pair[1]));
        for (from, to) in between.chain(turn).filter(|(from, to)| to - from > 1) {
            let place = |index: usize| index % path.coords.len();
            let arc: Vec<_> = (from..=to).map(|index| path.coords[place(index)]).collect();
            let may_not_cross =
                path.form == Form::Ring || self.joints.has_ring(start + place(from + 1));
            for (step, zoom) in self.arc(&arc, may_not_cross).into_iter().enumerate() {
                zooms[place(from + step)] = zoom;
            }
        }
    }

    /// The vertices that stay at every zoom, in their order.
    fn pins(&mut self, path: Path<'_>, start: usize) -> Vec<usize> {
        let weights = match path.form {
            Form::Ring => self.weigher.ring(path.coords),
            Form::Line => self.weigher.line(path.coords),
        };
        let is_kept = |place: &usize| weights[*place].is_infinite();
        let mut pins: Vec<_> = (0..path.coords.len()).filter(is_kept).collect();
        let pinned = self.joints.pinned(start..start + path.coords.len());
        pins.extend(pinned.map(|vertex| vertex - start));
        pins.sort_unstable();
        pins.dedup();
        pins
    }

    fn arc(&mut self, coords: &[Coord<i32>], may_not_cross: bool) -> Vec<u8> {
        let weights = self.weigher.line(coords);
        let zooms = weights.iter().map(|weight| zoom_of(*weight, self.full_zoom));
        let mut zooms: Vec<_> = zooms.collect();
        if may_not_cross {
            self.parter.part(Arc { coords, weights }, &mut zooms, self.obstacles);
        }
        zooms
    }
}
