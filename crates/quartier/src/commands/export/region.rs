use std::ops::RangeInclusive;

use quartier_archive::Place;
use quartier_crs::Transform;
use quartier_model::{Bbox, Crs};
use quartier_tiles::{TileMatrixSet, TileRange};
use quartier_twin::CollectionSnapshot;

use crate::failure::Failure;

/// Where the web's maps end, in degrees: Web Mercator is a square.
const LATITUDE_MAX: f64 = 85.051_128;

/// What is exported: collections, zooms, and a part of the Earth.
pub(super) struct Region<'a> {
    pub(super) set: TileMatrixSet,
    pub(super) collections: Vec<&'a CollectionSnapshot>,
    pub(super) zooms: RangeInclusive<u8>,
    /// In WGS 84 degrees.
    pub(super) bounds: Bbox,
    /// The tiles of the bounds, by zoom from 0.
    ranges: Vec<TileRange>,
}

impl<'a> Region<'a> {
    pub(super) fn new(
        collections: Vec<&'a CollectionSnapshot>,
        zooms: RangeInclusive<u8>,
        wanted: Option<Bbox>,
    ) -> Result<Self, Failure> {
        let set = TileMatrixSet::web_mercator_quad();
        let extent = collections.iter().filter_map(|it| it.extent_degrees).reduce(Bbox::union);
        let world = Bbox::new(-180.0, -LATITUDE_MAX, 180.0, LATITUDE_MAX).expect("it is upright");
        let bounds = extent
            .and_then(|extent| extent.intersection(&world))
            .and_then(|extent| extent.intersection(&wanted.unwrap_or(world)))
            .ok_or(Failure::NothingToExport)?;
        let mercator = Transform::between(Crs::Crs84, set.crs)
            .and_then(|transform| transform.bbox(&bounds))
            .map_err(quartier_twin::Error::from)?;
        let ranges = (0..=*zooms.end()).map_while(|zoom| set.covering(zoom, &mercator)).collect();
        Ok(Self { set, collections, zooms, bounds, ranges })
    }

    /// Whether there may be something in the tile, or below it.
    pub(super) fn holds(&self, place: Place) -> bool {
        let Ok(tile) = self.set.tile(place.z().into(), place.x().into(), place.y().into()) else {
            return false;
        };
        self.ranges.get(usize::from(place.z())).is_some_and(|range| range.contains(tile))
            && self.collections.iter().any(|it| it.may_be_in(&self.set, tile))
    }
}
