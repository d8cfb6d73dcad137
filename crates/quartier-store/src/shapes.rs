use quartier_model::{Geometry, GeometryKind};

/// Which kinds of geometry a collection has had, flat and with heights: what its layer can be declared as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Shapes(i32);

const KINDS: [GeometryKind; 7] = [
    GeometryKind::Point,
    GeometryKind::MultiPoint,
    GeometryKind::LineString,
    GeometryKind::MultiLineString,
    GeometryKind::Polygon,
    GeometryKind::MultiPolygon,
    GeometryKind::GeometryCollection,
];
const WITH_HEIGHTS_SHIFT: usize = 8;
const KINDS_MASK: i32 = 0x7f;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heights {
    None,
    All,
    Some,
}

impl Shapes {
    pub(crate) fn of(geometry: &Geometry) -> Self {
        let kind = KINDS.iter().position(|kind| *kind == geometry.kind()).unwrap_or_default();
        let shift = if geometry.heights().is_some() { WITH_HEIGHTS_SHIFT } else { 0 };
        Self(1 << (kind + shift))
    }

    pub(crate) fn from_bits(bits: i32) -> Self {
        Self(bits)
    }

    pub(crate) fn bits(self) -> i32 {
        self.0
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn heights(self) -> Heights {
        match (self.0 & KINDS_MASK, self.0 >> WITH_HEIGHTS_SHIFT) {
            (_, 0) => Heights::None,
            (0, _) => Heights::All,
            _ => Heights::Some,
        }
    }

    /// The only kind; `None` where there are several, or none yet.
    pub(crate) fn kind(self) -> Option<GeometryKind> {
        let mut kinds = self.kinds();
        kinds.next().filter(|_| kinds.next().is_none())
    }

    /// The kind of which all can be made by counting a single one as a collection of one.
    pub(crate) fn multi_kind(self) -> Option<GeometryKind> {
        match self.kinds().collect::<Vec<_>>().as_slice() {
            [GeometryKind::Point, multi @ GeometryKind::MultiPoint]
            | [GeometryKind::LineString, multi @ GeometryKind::MultiLineString]
            | [GeometryKind::Polygon, multi @ GeometryKind::MultiPolygon] => Some(*multi),
            _ => None,
        }
    }

    fn kinds(self) -> impl Iterator<Item = GeometryKind> {
        let seen = (self.0 | self.0 >> WITH_HEIGHTS_SHIFT) & KINDS_MASK;
        KINDS.into_iter().enumerate().filter(move |(bit, _)| seen >> bit & 1 == 1).map(|(_, it)| it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{MultiPoint, point};

    #[test]
    fn points_with_and_without_heights_are_points_of_mixed_dimension() {
        let flat = Geometry::new(point!(x: 1., y: 2.).into()).unwrap();
        let high = Geometry::with_heights(point!(x: 1., y: 2.).into(), vec![3.]).unwrap();
        let both = Shapes::of(&flat).union(Shapes::of(&high));
        assert_eq!((both.kind(), both.heights()), (Some(GeometryKind::Point), Heights::Some));
    }

    #[test]
    fn a_single_kind_and_its_collection_share_the_collection() {
        let one = Geometry::new(point!(x: 1., y: 2.).into()).unwrap();
        let many = Geometry::new(MultiPoint::from(vec![(1., 2.)]).into()).unwrap();
        let both = Shapes::of(&one).union(Shapes::of(&many));
        assert_eq!((both.kind(), both.multi_kind()), (None, Some(GeometryKind::MultiPoint)));
    }
}
