use geo::Area as _;
use quartier_crs::Warp;
use quartier_index::{CollectionIndex, ObjectRef};
use quartier_model::{Crs, GeometryKind};
use xxhash_rust::xxh3::xxh3_64;

use crate::tile::ways::ROUGH_STRAY_MAX_M;

/// The area in square pixels that half of the objects must have to be told apart.
const LEGIBLE_PX2: f64 = 3.0;

/// A pixel of the web's maps at zoom 0, in metres at the equator: 512 of them go around the Earth.
const PIXEL_M: f64 = 40_075_016.685_578_49 / 512.0;

/// Fewer polygons than this are drawn one by one at every zoom: districts, never houses.
const POLYGONS_MIN: usize = 1_000;

/// About as many objects as the median is taken of; more would not move it by a zoom.
const SAMPLE: usize = 20_000;

/// Blocks are for zooms below this one at most: a pixel of it is 3 m, and what is smaller is no building.
const ZOOM_MAX: u8 = 14;

/// The first zoom of the web's maps at which half of a collection's polygons are large enough to be told apart; 0 where
/// they need not be.
pub(super) fn first_zoom(index: &CollectionIndex, crs: Crs) -> u8 {
    let mut areas = areas(index, crs).unwrap_or_default();
    let polygons = areas.len() * stride(index);
    if polygons < POLYGONS_MIN {
        return 0;
    }
    let middle = areas.len() / 2;
    let (_, median, _) = areas.select_nth_unstable_by(middle, f64::total_cmp);
    let legible = |zoom: &u8| *median >= LEGIBLE_PX2 * (PIXEL_M / f64::from(1 << zoom)).powi(2);
    (0..ZOOM_MAX).find(legible).unwrap_or(ZOOM_MAX)
}

/// Every which object is looked at.
fn stride(index: &CollectionIndex) -> usize {
    index.len().div_ceil(SAMPLE).max(1)
}

/// The areas of some of the polygons in Web Mercator; those chosen by id, so that their order does not matter.
fn areas(index: &CollectionIndex, crs: Crs) -> Option<Vec<f64>> {
    let extent = index.extent()?;
    let warp = Warp::fit(crs, Crs::WEB_MERCATOR, extent, ROUGH_STRAY_MAX_M).ok()?;
    let stride = stride(index) as u64;
    let mut areas = Vec::new();
    index.visit_box(&extent, |object| {
        // First by what is known without looking at the object.
        if xxh3_64(&object.fid().0.to_le_bytes()).is_multiple_of(stride) && is_polygon(object) {
            let plane = object.mapped_plane(|coord| warp.apply(coord));
            areas.extend(plane.map(|plane| plane.unsigned_area()));
        }
    });
    Some(areas)
}

pub(super) fn is_polygon(object: ObjectRef<'_>) -> bool {
    matches!(object.kind(), Some(GeometryKind::Polygon | GeometryKind::MultiPolygon))
}
