use geo_types::Coord;
use quartier_crs::Transform;
use quartier_model::{Crs, Geometry};

use crate::{
    error::{ApiError, Result},
    params::crs::OfferedCrs,
};

/// 0.1 mm at the equator.
const DEGREE_PLACES: f64 = 1e9;

/// 0.1 mm.
const METRE_PLACES: f64 = 1e4;

/// How stored coordinates are shown: in which CRS, with which axis first, how finely.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) crs: OfferedCrs,
    transform: Transform,
    /// Decimal places as a power of ten; `None` for the stored coordinates, which are shown to the last bit.
    places: Option<f64>,
}

impl View {
    pub(crate) fn new(stored: Crs, shown: OfferedCrs) -> Result<Self> {
        let transform = Transform::between(stored, shown.crs).map_err(ApiError::internal)?;
        let places = if shown.is_geographic { DEGREE_PLACES } else { METRE_PLACES };
        let places = (!transform.is_identity()).then_some(places);
        Ok(Self { crs: shown, transform, places })
    }

    /// The geometry in the CRS that is shown, still x before y; `None` where the CRS does not reach.
    pub(crate) fn geometry(&self, stored: Geometry) -> Option<Geometry> {
        if self.transform.is_identity() {
            return Some(stored);
        }
        self.transform.geometry(&stored).ok()
    }

    /// The two numbers of a position in the order and fineness in which they are written.
    pub(crate) fn numbers(&self, coord: Coord<f64>) -> [f64; 2] {
        let Coord { x, y } = coord;
        let numbers = if self.crs.is_north_first { [y, x] } else { [x, y] };
        match self.places {
            Some(places) => numbers.map(|number| (number * places).round() / places),
            None => numbers,
        }
    }
}
