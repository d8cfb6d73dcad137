use geo::InteriorPoint as _;
use geo_types::Coord;
use quartier_model::{Geometry, GeometryKind, Place};

/// Where a thing stood, in the working CRS.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    pub(crate) point: Coord<f64>,
    /// In metres.
    pub(crate) height: Option<f64>,
}

impl Spot {
    /// `None` of a place that is no GeoJSON.
    pub(crate) fn of(place: &Place) -> Option<Self> {
        Self::in_geometry(place.working.as_ref()?)
    }

    /// A line or a polygon is stood for by a point on or in it.
    pub(crate) fn in_geometry(geometry: &Geometry) -> Option<Self> {
        let height = geometry.heights().and_then(|heights| heights.first().copied());
        let height = height.filter(|_| geometry.kind() == GeometryKind::Point);
        Some(Self { point: representative(geometry)?, height })
    }
}

/// A point of the geometry.
pub(crate) fn representative(geometry: &Geometry) -> Option<Coord<f64>> {
    geometry.plane().interior_point().map(|point| point.0)
}
