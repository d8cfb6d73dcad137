use std::cell::{Cell, OnceCell};

use geo::{PreparedGeometry, Relate as _};
use geo_types::Coord;
use quartier_model::{Bbox, Geometry};

use super::{
    FlatBox, Metric,
    predicate::{
        RayHit, Segment, corners, ray_hit, segment_touches_box, segments_touch, shape_covers,
    },
    tree::{Tree, Verdict},
};
use crate::geometry::{GeometriesDraft, PathKind, Shape, plane_mapped, segments};

/// A geometry that is asked about many objects: its edges are in a tree of their own.
pub(crate) struct Prepared {
    bbox: Bbox,
    shape: Shape,
    edges: Vec<Edge>,
    tree: Tree,
    plane: geo_types::Geometry<f64>,
    related: OnceCell<PreparedGeometry<'static, geo_types::Geometry<f64>>>,
}

struct Edge {
    segment: Segment,
    /// The polygon that it bounds.
    polygon: Option<u32>,
}

impl Prepared {
    pub(crate) fn new(geometry: &Geometry) -> Self {
        let mut draft = GeometriesDraft::default();
        draft.push(Some(geometry));
        let mut shape = Shape::default();
        shape.read(draft.finish().at(0));
        let edges: Vec<_> = shape.paths.iter().flat_map(|path| edges(&shape, path)).collect();
        let boxes: Vec<_> =
            edges.iter().enumerate().map(|(at, edge)| (at as u32, edge.bbox())).collect();
        Self {
            bbox: Bbox { heights: None, ..geometry.bbox() },
            tree: Tree::new(&boxes),
            shape,
            edges,
            plane: geometry.plane().clone(),
            related: OnceCell::new(),
        }
    }

    pub(crate) fn bbox(&self) -> &Bbox {
        &self.bbox
    }

    /// Inside: all of the box lies in the geometry. Outside: none of it does.
    pub(crate) fn verdict(&self, bbox: &Bbox) -> Verdict {
        if !self.bbox.intersects(bbox) {
            return Verdict::Outside;
        }
        if self.any_edge_near(bbox, |edge| segment_touches_box(edge.segment, bbox)) {
            return Verdict::Perhaps;
        }
        if self.covers(corners(bbox)[0]) { Verdict::Inside } else { Verdict::Outside }
    }

    /// Whether the shape shares a point with the geometry.
    pub(crate) fn touches(&self, shape: &Shape) -> bool {
        let meets_an_edge = |segment: Segment| {
            self.any_edge_near(&around(segment), |edge| segments_touch(edge.segment, segment))
        };
        shape.segments().any(meets_an_edge)
            || firsts(shape).any(|first| self.covers(first))
            || firsts(&self.shape).any(|first| shape_covers(shape, first))
    }

    /// Whether every point of the shape is one of the geometry.
    pub(crate) fn holds(&self, shape: &Shape, bytes: &[u8]) -> bool {
        let lies_in = |coord: &Coord<f64>| {
            let point = (*coord, *coord);
            self.covers(*coord)
                || self.any_edge_near(&around(point), |edge| segments_touch(edge.segment, point))
        };
        if !shape.coords.iter().all(lies_in) {
            return false;
        }
        if shape.paths.iter().all(|path| path.kind == PathKind::Point) {
            return true;
        }
        let related = self.related.get_or_init(|| PreparedGeometry::from(self.plane.clone()));
        plane_mapped(bytes, |coord| coord).is_some_and(|plane| related.relate(&plane).is_covers())
    }

    /// Whether the shape is at most so far from the geometry.
    pub(crate) fn is_within(&self, metres: f64, shape: &Shape, metric: Metric) -> bool {
        let Some(bbox) = shape.bbox() else { return false };
        let near =
            |segment: Segment| move |edge: &Edge| metric.between_m(edge.segment, segment) <= metres;
        let comes_near = |window: &Bbox| {
            shape.segments().any(|segment| self.any_edge_near(window, near(segment)))
        };
        self.touches(shape) || metric.reach(&bbox, metres).iter().any(comes_near)
    }

    fn covers(&self, point: Coord<f64>) -> bool {
        let ray = Bbox {
            min_x: point.x,
            min_y: point.y,
            max_x: self.bbox.max_x,
            max_y: point.y,
            heights: None,
        };
        if ray.min_x > ray.max_x {
            return false;
        }
        let mut crossed = Vec::new();
        let mut is_on_edge = false;
        self.tree.visit_window(&ray, &mut |at| {
            let edge = &self.edges[at as usize];
            let Some(polygon) = edge.polygon else { return };
            match ray_hit(point, edge.segment) {
                RayHit::Starts => is_on_edge = true,
                RayHit::Crosses => crossed.push(polygon),
                RayHit::Misses => {}
            }
        });
        crossed.sort_unstable();
        is_on_edge || crossed.chunk_by(u32::eq).any(|crossings| crossings.len() % 2 == 1)
    }

    fn any_edge_near(&self, bbox: &Bbox, holds: impl Fn(&Edge) -> bool) -> bool {
        let found = Cell::new(false);
        let window = self.tree.frame().flat(bbox);
        let judge = &mut |flat: &FlatBox| {
            if !found.get() && flat.may_touch(&window) {
                Verdict::Perhaps
            } else {
                Verdict::Outside
            }
        };
        self.tree
            .visit(judge, &mut |at, _| found.set(found.get() || holds(&self.edges[at as usize])));
        found.get()
    }
}

impl Edge {
    fn bbox(&self) -> Bbox {
        around(self.segment)
    }
}

fn edges<'a>(
    shape: &'a Shape,
    path: &crate::geometry::Path,
) -> impl Iterator<Item = Edge> + use<'a> {
    let polygon = match path.kind {
        PathKind::Ring(polygon) => Some(polygon),
        PathKind::Point | PathKind::Line => None,
    };
    segments(shape.path(path)).map(move |segment| Edge { segment, polygon })
}

fn around((start, end): Segment) -> Bbox {
    Bbox {
        min_x: start.x.min(end.x),
        min_y: start.y.min(end.y),
        max_x: start.x.max(end.x),
        max_y: start.y.max(end.y),
        heights: None,
    }
}

/// One coordinate of each path.
fn firsts(shape: &Shape) -> impl Iterator<Item = Coord<f64>> + '_ {
    shape.paths.iter().filter_map(|path| shape.path(path).first().copied())
}
