use std::collections::BTreeMap;

use geo::{Area as _, BoundingRect as _};
use geo_types::{Coord, Geometry, Polygon};
use quartier_crs::Warp;
use quartier_index::ObjectRef;
use quartier_model::Bbox;
use quartier_tiles::{CELLS, Canvas, Figure, Frame, MARGIN, SIDE, TileCoord, TileMatrixSet};

use super::{SINGLE_PX2, legible::is_polygon, look::Looks};
use crate::tile::scene::Found;

/// Objects, parted into those that are drawn one by one and those that become blocks.
#[derive(Default)]
pub(super) struct Site<'a> {
    pub(super) singles: Vec<Found<'a>>,
    small: BTreeMap<u16, Vec<ObjectRef<'a>>>,
}

/// Where cells lie in the working CRS.
pub(super) struct Cells<'a> {
    warp: &'a Warp,
    frame: Frame,
}

/// The first cell of a tile.
pub(super) fn corner(tile: TileCoord) -> (i64, i64) {
    (i64::from(tile.x()) * CELLS as i64, i64::from(tile.y()) * CELLS as i64)
}

impl<'a> Cells<'a> {
    pub(super) fn new(warp: &'a Warp, set: &TileMatrixSet, zoom: u8) -> Self {
        Self { warp, frame: set.cells(zoom, CELLS) }
    }

    fn apply(&self, coord: Coord<f64>) -> Coord<f64> {
        self.frame.apply(self.warp.apply(coord))
    }

    /// The first and the last tile around a box of the working CRS, a cell more on each side for the bend of its edges.
    pub(super) fn tiles(&self, bbox: &Bbox) -> Option<((u32, u32), (u32, u32))> {
        let corners = [
            (bbox.min_x, bbox.min_y),
            (bbox.max_x, bbox.min_y),
            (bbox.max_x, bbox.max_y),
            (bbox.min_x, bbox.max_y),
        ];
        let around = Bbox::around(corners.map(|(x, y)| self.apply(Coord { x, y }).x_y()))?;
        let grown = around.grown(1.0);
        let tile = |cell: f64| (cell / CELLS as f64).floor().clamp(0.0, f64::from(u32::MAX)) as u32;
        Some(((tile(grown.min_x), tile(grown.min_y)), (tile(grown.max_x), tile(grown.max_y))))
    }
}

impl<'a> Site<'a> {
    /// Takes in an object; what is no polygon is drawn as it is.
    pub(super) fn add(&mut self, found: Found<'a>, looks: &Looks, cells: &Cells<'_>) {
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

    /// What the small objects cover together in and around a tile.
    pub(super) fn figure(&self, tile: TileCoord, cells: &Cells<'_>) -> Figure {
        let (left, top) = corner(tile);
        let margin = MARGIN as i64;
        let mut figure = Figure::default();
        for (look, shares) in self.shares((left - margin, top - margin), SIDE, cells) {
            figure.lay(look, &shares);
        }
        for (column, row) in self.centres(cells) {
            figure.count((column - left, row - top), 1);
        }
        figure
    }

    /// What the small objects of each look cover of a square of cells.
    pub(super) fn shares(
        &self,
        corner: (i64, i64),
        side: usize,
        cells: &Cells<'_>,
    ) -> impl Iterator<Item = (u16, Vec<u16>)> {
        let mut canvas = Canvas::new(corner, side, side);
        self.small.iter().map(move |(look, objects)| {
            canvas.clear();
            for plane in objects.iter().filter_map(|it| it.plane()) {
                let polygons = polygons(&plane).iter();
                polygons.for_each(|polygon| canvas.add(polygon, |coord| cells.apply(coord)));
            }
            (*look, canvas.shares().collect())
        })
    }

    /// The cells of the small objects' centres.
    pub(super) fn centres(&self, cells: &Cells<'_>) -> impl Iterator<Item = (i64, i64)> {
        let planes = self.small.values().flatten();
        let planes = planes.filter_map(|object| object.mapped_plane(|coord| cells.apply(coord)));
        planes.filter_map(|plane| plane.bounding_rect()).map(|rect| {
            let centre = rect.center();
            (centre.x.floor() as i64, centre.y.floor() as i64)
        })
    }
}

fn polygons(plane: &Geometry<f64>) -> &[Polygon<f64>] {
    match plane {
        Geometry::Polygon(polygon) => std::slice::from_ref(polygon),
        Geometry::MultiPolygon(polygons) => &polygons.0,
        _ => &[],
    }
}
