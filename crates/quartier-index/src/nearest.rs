use std::{cmp::Ordering, collections::BinaryHeap};

use geo_types::Coord;
use quartier_model::{FeatureId, Filter};

use crate::{
    CollectionIndex, ObjectRef,
    geometry::Shape,
    matching::{Matcher, Plain},
    space::NodeRef,
};

/// An object and how far away it is.
#[derive(Debug, Clone, Copy)]
pub struct Near<'a> {
    pub object: ObjectRef<'a>,
    /// To the nearest point of its geometry; 0 inside a polygon.
    pub distance_m: f64,
}

impl CollectionIndex {
    /// The `k` objects that are nearest to a point, the nearest first and of those at one distance the lowest feature
    /// id; none that are farther than `max_distance_m`.
    pub fn nearest(
        &self,
        point: Coord<f64>,
        k: usize,
        max_distance_m: Option<f64>,
    ) -> Vec<Near<'_>> {
        self.nearest_matching(point, k, max_distance_m, &Filter::default())
    }

    /// As [`CollectionIndex::nearest`], of the objects that match a filter.
    pub fn nearest_matching(
        &self,
        point: Coord<f64>,
        k: usize,
        max_distance_m: Option<f64>,
        filter: &Filter,
    ) -> Vec<Near<'_>> {
        let matcher = Matcher::new(filter, self.metric);
        let mut walk = Walk::new(self, &matcher, point, max_distance_m.unwrap_or(f64::INFINITY));
        std::iter::from_fn(|| walk.next()).take(k).collect()
    }
}

/// Opens what is nearest, until that is an object whose distance is known.
struct Walk<'a, 'm> {
    index: &'a CollectionIndex,
    matcher: &'m Matcher<'m>,
    plain: Vec<Plain<'a>>,
    point: Coord<f64>,
    max_m: f64,
    queue: BinaryHeap<Step>,
    shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    /// Exactly, or at least.
    distance_m: f64,
    segment: u32,
    place: Place,
}

/// At the same distance boxes come before objects, since they may hold one with a lower id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Box(NodeRef),
    Object(FeatureId, u32),
}

impl<'a, 'm> Walk<'a, 'm> {
    fn new(
        index: &'a CollectionIndex,
        matcher: &'m Matcher<'m>,
        point: Coord<f64>,
        max_m: f64,
    ) -> Self {
        let plain = index.segments.iter().map(|segment| matcher.plain(segment)).collect();
        let mut walk = Self {
            index,
            matcher,
            plain,
            point,
            max_m,
            queue: BinaryHeap::new(),
            shape: Shape::default(),
        };
        for (at, segment) in index.segments.iter().enumerate() {
            segment.table.tree.root().into_iter().for_each(|root| walk.queue_box(at as u32, root));
        }
        walk
    }

    fn next(&mut self) -> Option<Near<'a>> {
        loop {
            let Step { distance_m, segment, place } = self.queue.pop()?;
            match place {
                Place::Object(_, row) => {
                    let object = self.index.segments[segment as usize].object(row);
                    return Some(Near { object, distance_m });
                }
                Place::Box(node) => self.open(segment, node),
            }
        }
    }

    fn open(&mut self, segment: u32, node: NodeRef) {
        let tree = &self.index.segments[segment as usize].table.tree;
        match tree.item(node) {
            Some(row) => self.queue_object(segment, row),
            None => tree.children(node).for_each(|child| self.queue_box(segment, child)),
        }
    }

    fn queue_box(&mut self, segment: u32, node: NodeRef) {
        let tree = &self.index.segments[segment as usize].table.tree;
        let bbox = tree.frame().world(&tree.flat_box(node));
        self.queue(self.index.metric.at_least_m(self.point, &bbox), segment, Place::Box(node));
    }

    fn queue_object(&mut self, segment: u32, row: u32) {
        if !self.plain[segment as usize].holds(row) {
            return;
        }
        let object = self.index.segments[segment as usize].object(row);
        let bytes = object.bytes();
        if self.shape.read(bytes) && self.matcher.fits(&self.shape, bytes) {
            let distance_m = self.index.metric.distance_m(self.point, &self.shape);
            self.queue(distance_m, segment, Place::Object(object.fid(), row));
        }
    }

    fn queue(&mut self, distance_m: f64, segment: u32, place: Place) {
        if distance_m <= self.max_m {
            self.queue.push(Step { distance_m, segment, place });
        }
    }
}

impl Eq for Step {}

impl Ord for Step {
    /// The heap gives its greatest first: that is the nearest.
    fn cmp(&self, other: &Self) -> Ordering {
        let by_distance = other.distance_m.total_cmp(&self.distance_m);
        by_distance.then_with(|| (other.place, other.segment).cmp(&(self.place, self.segment)))
    }
}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
