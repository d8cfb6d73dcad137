use geo_types::{Coord, LineString, Polygon};

use crate::{
    Detail,
    clip::{Place, Window},
    commands::Commands,
    ready::Outline,
    repair::{Fill, untangle, wrap},
    rings::{Rings, Role, signed_area},
    simplify::Simplifier,
    snap::{plain, snap_ring},
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
        self.mend_polygon(first);
    }

    /// Writes what the tile shows of polygons that are valid and on the grid.
    pub(crate) fn clip(&mut self, outline: &Outline, detail: &Detail, commands: &mut Commands) {
        self.clear();
        let window = Window::with_buffer(detail.buffer);
        let mut polygons = 0;
        for polygon in outline.polygons() {
            let first = self.rings.len();
            let rings = polygon.iter().map(|path| (outline.points_of(path), path.role));
            if self.clip_polygon(rings, window) {
                self.mend_polygon(first);
                polygons += 1;
            }
        }
        self.finish(polygons, commands);
    }

    /// False where nothing is left of the exterior: its holes go with it.
    fn clip_polygon<'p>(
        &mut self,
        mut rings: impl Iterator<Item = (&'p [Coord<i32>], Role)>,
        window: Window,
    ) -> bool {
        let is_there = rings.next().is_some_and(|(ring, role)| self.clip_ring(ring, role, window));
        for (ring, role) in rings.filter(|_| is_there) {
            self.clip_ring(ring, role, window);
        }
        is_there
    }

    fn clip_ring(&mut self, points: &[Coord<i32>], role: Role, window: Window) -> bool {
        self.ring.clear();
        self.ring.extend(points.iter().map(|point| plain(*point)));
        match window.place(&self.ring) {
            Place::Outside => false,
            Place::Inside => {
                self.rings.push(points, role);
                true
            }
            Place::Across => {
                window.clip_ring(&mut self.ring, &mut self.spare);
                self.snap(role)
            }
        }
    }

    /// Adds the ring at hand as it is on the grid; false where nothing is left of it.
    fn snap(&mut self, role: Role) -> bool {
        snap_ring(&self.ring, &mut self.snapped);
        let is_there = !self.snapped.is_empty();
        if is_there {
            self.rings.push(&self.snapped, role);
        }
        is_there
    }

    /// Mends the polygon whose rings start at `first`.
    fn mend_polygon(&mut self, first: usize) {
        let condition = self.surveyor.survey(&self.rings, first);
        self.mend(first, condition, Fill::Odd);
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
        if place == Place::Outside || signed_area(self.ring.iter().copied()).abs() < detail.min_area
        {
            return false;
        }
        self.simplifier.ring(&mut self.ring, detail.tolerance);
        if place == Place::Across {
            window.clip_ring(&mut self.ring, &mut self.spare);
        }
        self.snap(role)
    }

    fn mend(&mut self, first: usize, condition: Condition, fill: Fill) {
        match condition {
            Condition::Sound => {}
            Condition::Tangled => untangle(&mut self.rings, first, fill),
            Condition::Scribble => wrap(&mut self.rings, first),
        }
    }
}
