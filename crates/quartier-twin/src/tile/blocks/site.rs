use std::collections::BTreeMap;

use geo::{Area as _, BoundingRect as _};
use geo_types::{Coord, Geometry, Polygon};
use quartier_crs::Warp;
use quartier_index::ObjectRef;
use quartier_tiles::{CELLS, Canvas, Figure, Frame, MARGIN, SIDE, TileCoord, TileMatrixSet};

use super::{SINGLE_PX2, legible::is_polygon, look::Looks};
use crate::tile::Found;

/// The objects in and around a tile, parted into those that are drawn one by one and those that become blocks.
#[derive(Default)]
pub(super) struct Site<'a> {
    pub(super) singles: Vec<Found<'a>>,
    small: BTreeMap<u16, Vec<ObjectRef<'a>>>,
}

/// Where cells lie in the working CRS.
pub(super) struct Cells {
    warp: Warp,
    frame: Frame,
}

impl Cells {
    pub(super) fn new(warp: Warp, set: &TileMatrixSet, zoom: u8) -> Self {
        Self { warp, frame: set.cells(zoom, CELLS) }
    }

    fn apply(&self, coord: Coord<f64>) -> Coord<f64> {
        self.frame.apply(self.warp.apply(coord))
    }
}

impl<'a> Site<'a> {
    /// Takes in an object; what is no polygon is drawn as it is.
    pub(super) fn add(&mut self, found: Found<'a>, looks: &Looks, cells: &Cells) {
        let (.., object) = found;
        let area = object
            .mapped_plane(|coord| cells.apply(coord))
            .filter(|_| is_polygon(object))
            .map(|plane| plane.unsigned_area());
        match area {
            Some(area) if area < SINGLE_PX2 => {
                self.small.entry(looks.of_object(object)).or_default().push(object);
            }
            _ => self.singles.push(found),
        }
    }

    /// What the small objects cover together.
    pub(super) fn figure(&self, tile: TileCoord, cells: &Cells) -> Figure {
        let corner = |place: u32| i64::from(place) * CELLS as i64;
        let (left, top) = (corner(tile.x()), corner(tile.y()));
        let margin = MARGIN as i64;
        let mut canvas = Canvas::new((left - margin, top - margin), SIDE, SIDE);
        let mut figure = Figure::default();
        for (look, objects) in &self.small {
            canvas.clear();
            for plane in objects.iter().filter_map(|it| it.mapped_plane(|at| cells.apply(at))) {
                polygons(&plane).iter().for_each(|polygon| canvas.add(polygon, |at| at));
                if let Some(rect) = plane.bounding_rect() {
                    let centre = rect.center();
                    let cell = (centre.x.floor() as i64 - left, centre.y.floor() as i64 - top);
                    figure.count(cell, 1);
                }
            }
            figure.lay(*look, &canvas.shares().collect::<Vec<_>>());
        }
        figure
    }
}

fn polygons(plane: &Geometry<f64>) -> &[Polygon<f64>] {
    match plane {
        Geometry::Polygon(polygon) => std::slice::from_ref(polygon),
        Geometry::MultiPolygon(polygons) => &polygons.0,
        _ => &[],
    }
}
