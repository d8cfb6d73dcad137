use geo_types::{Coord, LineString, Polygon};

use crate::{
    Detail,
    clip::{Place, Window},
    commands::Commands,
    ready::Outline,
    repair::{Fill, untangle, wrap},
    rings::{Rings, Role},
    simplify::Simplifier,
    snap::snap_ring,
    survey::{Condition, Surveyor},
};

/// From polygons in tile units to valid polygons on the tile's grid.
#[derive(Debug, Default)]
pub(crate) struct PolygonPress {
    ring: Vec<Coord<f64>>,
    spare: Vec<Coord<f64>>,
    snapped: Vec<Coord<i32>>,
    rings: Rings,
    simplifier: Simplifier,
    surveyor: Surveyor,
}

impl PolygonPress {
    pub(crate) fn clear(&mut self) {
        self.rings.clear();
    }

    /// Takes in one polygon of a feature.
    pub(crate) fn add(
        &mut self,
        polygon: &Polygon<f64>,
        detail: &Detail,
        to_tile: impl Fn(Coord<f64>) -> Coord<f64>,
    ) {
        let first = self.rings.len();
        if !self.add_ring(polygon.exterior(), Role::Exterior, detail, &to_tile) {
            return;
        }
        for hole in polygon.interiors() {
            self.add_ring(hole, Role::Hole, detail, &to_tile);
        }
        let condition = self.surveyor.survey(&self.rings, first);
        self.mend(first, condition, Fill::Odd);
    }

    /// Writes what the tile shows of polygons that are valid and on the grid.
    pub(crate) fn clip(&mut self, outline: &Outline, detail: &Detail, commands: &mut Commands) {
        self.clear();
        let window = Window::with_buffer(detail.buffer);
        let (mut first, mut polygons, mut is_shown) = (0, 0, false);
        for (points, is_hole) in outline.paths() {
            if !is_hole {
                self.mend_last(first);
                first = self.rings.len();
            }
            if is_hole && !is_shown {
                continue;
            }
            let role = if is_hole { Role::Hole } else { Role::Exterior };
            let is_there = self.clip_ring(points, role, window);
            if !is_hole {
                is_shown = is_there;
                polygons += usize::from(is_there);
            }
        }
        self.mend_last(first);
        self.finish(polygons, commands);
    }

    fn clip_ring(&mut self, points: &[Coord<i32>], role: Role, window: Window) -> bool {
        self.ring.clear();
        self.ring.extend(points.iter().map(|it| Coord { x: it.x.into(), y: it.y.into() }));
        match window.place(&self.ring) {
            Place::Outside => return false,
            Place::Inside => self.rings.push(points, role),
            Place::Across => {
                window.clip_ring(&mut self.ring, &mut self.spare);
                snap_ring(&self.ring, &mut self.snapped);
                if self.snapped.is_empty() {
                    return false;
                }
                self.rings.push(&self.snapped, role);
            }
        }
        true
    }

    /// Mends the polygon whose rings start at `first`, if there is one.
    fn mend_last(&mut self, first: usize) {
        if first < self.rings.len() {
            let condition = self.surveyor.survey(&self.rings, first);
            self.mend(first, condition, Fill::Odd);
        }
    }

    /// Writes the polygons; several that overlap become one.
    pub(crate) fn finish(&mut self, polygons: usize, commands: &mut Commands) {
        if polygons > 1 {
            let condition = self.surveyor.contacts(&self.rings, 0);
            self.mend(0, condition, Fill::Any);
        }
        self.rings.iter_from(0).for_each(|ring| commands.ring(ring));
    }

    fn add_ring(
        &mut self,
        ring: &LineString<f64>,
        role: Role,
        detail: &Detail,
        to_tile: impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> bool {
        let Some((_, open)) = ring.0.split_last() else { return false };
        self.ring.clear();
        self.ring.extend(open.iter().map(|coord| to_tile(*coord)));
        let window = Window::with_buffer(detail.buffer);
        let place = window.place(&self.ring);
        if place == Place::Outside || area(&self.ring) < detail.min_area {
            return false;
        }
        self.simplifier.ring(&mut self.ring, detail.tolerance);
        if place == Place::Across {
            window.clip_ring(&mut self.ring, &mut self.spare);
        }
        snap_ring(&self.ring, &mut self.snapped);
        if self.snapped.is_empty() {
            return false;
        }
        self.rings.push(&self.snapped, role);
        true
    }

    fn mend(&mut self, first: usize, condition: Condition, fill: Fill) {
        match condition {
            Condition::Sound => {}
            Condition::Tangled => untangle(&mut self.rings, first, fill),
            Condition::Scribble => wrap(&mut self.rings, first),
        }
    }
}

/// The area of an unclosed ring, reckoned from its first vertex so that far coordinates lose no digits.
fn area(ring: &[Coord<f64>]) -> f64 {
    let Some((first, rest)) = ring.split_first() else { return 0.0 };
    let doubled: f64 = rest
        .windows(2)
        .map(|pair| {
            let (a, b) = (pair[0] - *first, pair[1] - *first);
            a.x * b.y - b.x * a.y
        })
        .sum();
    doubled.abs() / 2.0
}
