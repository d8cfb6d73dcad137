use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use geo_types::Coord;
use quartier_index::{ObjectRef, ValueRef};
use quartier_model::GeometryKind;
use quartier_tiles::{CrowdPoint, ReadyFrame, thin};

use super::{FULL_DETAIL_ZOOM, ReadySet, TileLayer, scene::Found};

/// The side of the cells in which one point stands for all, as a power of two tile units: 16 pixels, as wide as a
/// symbol on a map.
const CELL_SIDE: u8 = 7;

/// The same in tile units: the cells that a tile's buffer cuts are known whole.
pub(super) const CELL: u16 = 1 << CELL_SIDE;

/// For how many points an object stands, itself included, by its feature id.
pub(super) type Counts = HashMap<u64, i64>;

/// The side of a zoom's cells after so many doublings, as a power of two tile units; `None` where every point is shown.
pub(super) fn cell_side(web_zoom: u8, doublings: u8) -> Option<u8> {
    (web_zoom < FULL_DETAIL_ZOOM).then_some(CELL_SIDE + doublings)
}

pub(super) fn is_point((.., object): &Found<'_>) -> bool {
    object.kind() == Some(GeometryKind::Point)
}

impl TileLayer<'_> {
    /// Leaves one point in each cell, and tells for how many it stands. What is no point, or has no cell, stays.
    pub(super) fn thin<'a>(
        &self,
        objects: &[Found<'a>],
        side: u8,
        (ready, frame): (&ReadySet, &ReadyFrame),
    ) -> (Vec<Found<'a>>, Counts) {
        let cell = |it: &Found<'_>| {
            let shape = ready.parts[it.0].shapes.at(it.1);
            is_point(it).then(|| frame.cell(shape, side)).flatten()
        };
        let cells: Vec<_> = objects.iter().map(cell).collect();
        let points = objects.iter().zip(&cells);
        let points: Vec<_> =
            points.filter_map(|(it, cell)| Some(self.crowd_point(it.2, (*cell)?))).collect();
        let standing = thin(&points).into_iter();
        let counts: Counts = standing
            .map(|it| (points[it.point].id, i64::try_from(it.count).unwrap_or(i64::MAX)))
            .collect();
        let stays = |(it, cell): &(&Found<'_>, Option<_>)| {
            cell.is_none() || counts.contains_key(&it.2.fid().0)
        };
        let left = objects.iter().zip(cells).filter(stays).map(|(it, _)| *it).collect();
        (left, counts)
    }

    /// The most important objects first, by the rule's property or by their size.
    pub(super) fn ranked<'a>(&self, objects: &[Found<'a>]) -> Vec<Found<'a>> {
        let has_rank = self.collection.tiles.rank.is_some();
        let rank = |object| if has_rank { self.importance(object) } else { size(object) };
        let mut ranked: Vec<_> = objects.iter().map(|it| (rank(it.2), *it)).collect();
        ranked.sort_by(|(one_rank, one), (other_rank, other)| {
            other_rank.total_cmp(one_rank).then_with(|| one.2.fid().cmp(&other.2.fid()))
        });
        ranked.into_iter().map(|(_, object)| object).collect()
    }

    fn crowd_point(&self, object: ObjectRef<'_>, cell: Coord<i64>) -> CrowdPoint {
        let look = self.look(object);
        CrowdPoint { cell, look, rank: self.importance(object), id: object.fid().0 }
    }

    /// How much an object has of the rule's property; nothing is less than every number.
    fn importance(&self, object: ObjectRef<'_>) -> f64 {
        let rank = self.collection.tiles.rank.as_deref();
        match rank.map_or(ValueRef::Null, |name| object.property(name)) {
            ValueRef::Integer(number) => number as f64,
            ValueRef::Number(number) => number,
            _ => f64::NEG_INFINITY,
        }
    }

    /// A number that is the same for objects that look the same.
    fn look(&self, object: ObjectRef<'_>) -> u64 {
        let mut hasher = DefaultHasher::new();
        for name in &self.collection.tiles.look {
            match object.property(name) {
                ValueRef::Null => 0_u8.hash(&mut hasher),
                ValueRef::Boolean(is_true) => (1_u8, is_true).hash(&mut hasher),
                ValueRef::Integer(number) => (2_u8, number).hash(&mut hasher),
                ValueRef::Number(number) => (3_u8, number.to_bits()).hash(&mut hasher),
                ValueRef::Text(text) | ValueRef::Json(text) => (4_u8, text).hash(&mut hasher),
            }
        }
        hasher.finish()
    }
}

/// How large an object is: the area of a polygon's box, the length of a line's.
fn size(object: ObjectRef<'_>) -> f64 {
    let Some(bbox) = object.bbox() else { return 0.0 };
    let (width, height) = (bbox.max_x - bbox.min_x, bbox.max_y - bbox.min_y);
    match object.kind() {
        Some(GeometryKind::Polygon | GeometryKind::MultiPolygon) => width * height,
        _ => width + height,
    }
}
