//! Which objects a filter means. Conditions are decided from the cheapest to the dearest: the tree, then codes, then
//! the exact geometry.

use quartier_model::{Bbox, Filter, SpatialFilter};

use crate::{
    Metric,
    column::Equality,
    geometry::Shape,
    segment::Segment,
    space::{FlatBox, Frame, Prepared, Verdict, shape_touches_box},
    validity::Overlapping,
};

/// A filter, ready to be asked about many objects.
pub(crate) struct Matcher<'a> {
    filter: &'a Filter,
    space: Vec<Space>,
}

enum Space {
    Window(Bbox),
    Touching(Prepared),
    Held(Prepared),
    Near { target: Prepared, metres: f64, reach: Vec<Bbox>, metric: Metric },
}

/// The conditions that need no geometry, in one segment's codes.
pub(crate) struct Plain<'a> {
    segment: &'a Segment,
    time: Option<Overlapping<'a>>,
    equal: Vec<Equality<'a>>,
}

impl<'a> Matcher<'a> {
    pub(crate) fn new(filter: &'a Filter, metric: Metric) -> Self {
        let space = filter.space.iter().map(|condition| Space::new(condition, metric)).collect();
        Self { filter, space }
    }

    pub(crate) fn plain<'s>(&self, segment: &'s Segment) -> Plain<'s> {
        let validity = segment.table.validity.as_ref();
        let equality = |name: &str| segment.table.column(name);
        Plain {
            segment,
            time: self
                .filter
                .time
                .and_then(|range| validity.map(|validity| validity.overlapping(&range))),
            equal: self
                .filter
                .properties
                .iter()
                .map(|wanted| {
                    equality(&wanted.name)
                        .map_or(Equality::Never, |column| column.equals(&wanted.value))
                })
                .collect(),
        }
    }

    /// The rows that match, in no order.
    pub(crate) fn rows(&self, segment: &Segment) -> Vec<u32> {
        let plain = self.plain(segment);
        let mut rows = Vec::new();
        if self.space.is_empty() {
            rows.extend((0..segment.table.len() as u32).filter(|row| plain.holds(*row)));
            return rows;
        }
        let mut shape = Shape::default();
        for space in &self.space {
            space.visit(&plain, &mut shape, &mut |row| rows.push(row));
        }
        if self.space.len() > 1 {
            rows.sort_unstable();
            rows.dedup();
        }
        rows
    }

    /// Whether a geometry fulfils the conditions on space; it is read into the shape for that.
    pub(crate) fn holds(&self, shape: &mut Shape, bytes: &[u8]) -> bool {
        self.space.is_empty() || (shape.read(bytes) && self.fits(shape, bytes))
    }

    /// Whether an object whose geometry was read into the shape fulfils the conditions on space.
    pub(crate) fn fits(&self, shape: &Shape, bytes: &[u8]) -> bool {
        self.space.is_empty() || self.space.iter().any(|space| space.holds(shape, bytes))
    }
}

impl Plain<'_> {
    pub(crate) fn holds(&self, row: u32) -> bool {
        !self.segment.is_hidden(row)
            && self.equal.iter().all(|equality| equality.holds(row as usize))
            && self.time.as_ref().is_none_or(|time| time.holds(row as usize))
    }
}

impl Space {
    fn new(condition: &SpatialFilter, metric: Metric) -> Self {
        match condition {
            SpatialFilter::Bbox(bbox) => Self::Window(*bbox),
            SpatialFilter::Intersects(geometry) => Self::Touching(Prepared::new(geometry)),
            SpatialFilter::Within(geometry) => Self::Held(Prepared::new(geometry)),
            SpatialFilter::Distance { geometry, metres } => {
                let target = Prepared::new(geometry);
                let reach = metric.reach(target.bbox(), *metres);
                Self::Near { target, metres: *metres, reach, metric }
            }
        }
    }

    /// Tells each row that the condition holds for, once.
    fn visit(&self, plain: &Plain<'_>, shape: &mut Shape, found: &mut impl FnMut(u32)) {
        let segment = plain.segment;
        let mut holds = |row: u32| {
            let bytes = segment.object(row).bytes();
            shape.read(bytes) && self.holds(shape, bytes)
        };
        let mut settle = |row: u32, is_sure: bool| {
            if plain.holds(row) && (is_sure || holds(row)) {
                found(row);
            }
        };
        let tree = &segment.table.tree;
        match self {
            Self::Window(bbox) if bbox.heights.is_none() || segment.summary.with_heights == 0 => {
                let window = tree.frame().flat(bbox);
                let is_sure = |flat: &FlatBox| flat.has_a_side_surely_in(&window);
                tree.visit(&mut |flat| flat.verdict_in(&window), &mut |row, unsure| {
                    settle(row, unsure.is_none_or(is_sure));
                });
            }
            _ => {
                let judge = Judge::new(self, tree.frame());
                tree.visit(&mut |flat| judge.verdict(flat), &mut |row, unsure| {
                    settle(row, unsure.is_none());
                });
            }
        }
    }

    fn holds(&self, shape: &Shape, bytes: &[u8]) -> bool {
        match self {
            Self::Window(window) => {
                heights_overlap(window, shape.heights) && shape_touches_box(shape, window)
            }
            Self::Touching(geometry) => geometry.touches(shape),
            Self::Held(geometry) => geometry.holds(shape, bytes),
            Self::Near { target, metres, metric, .. } => target.is_within(*metres, shape, *metric),
        }
    }
}

/// Decides what it can by boxes alone, which tell nothing of heights.
struct Judge<'a> {
    space: &'a Space,
    frame: &'a Frame,
    windows: Vec<FlatBox>,
}

impl<'a> Judge<'a> {
    fn new(space: &'a Space, frame: &'a Frame) -> Self {
        let windows = match space {
            Space::Window(window) => std::slice::from_ref(window),
            Space::Touching(geometry) | Space::Held(geometry) => {
                std::slice::from_ref(geometry.bbox())
            }
            Space::Near { reach, .. } => reach,
        };
        Self { space, frame, windows: windows.iter().map(|bbox| frame.flat(bbox)).collect() }
    }

    fn verdict(&self, flat: &FlatBox) -> Verdict {
        if !self.windows.iter().any(|window| flat.may_touch(window)) {
            return Verdict::Outside;
        }
        match self.space {
            Space::Touching(geometry) | Space::Held(geometry) => {
                geometry.verdict(&self.frame.world(flat))
            }
            Space::Window(_) | Space::Near { .. } => Verdict::Perhaps,
        }
    }
}

fn heights_overlap(window: &Bbox, heights: Option<(f64, f64)>) -> bool {
    window.heights.zip(heights).is_none_or(|(window, own)| window.0 <= own.1 && own.0 <= window.1)
}
