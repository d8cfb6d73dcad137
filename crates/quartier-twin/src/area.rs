use quartier_crs::Transform;
use quartier_model::{Bbox, Crs, Geometry, SpatialFilter};

use crate::{CollectionSnapshot, Result};

/// How much of a box's size its transformed edges may bend between the points that follow them.
const BEND: f64 = 0.01;

impl CollectionSnapshot {
    /// The condition that an object shares a point with a box of any CRS; `None` where the collection does not reach
    /// into the box. The box's edges are followed where they bend in the working CRS.
    ///
    /// The box may be the whole world: what lies beyond the collection is cut off before it is transformed, since no
    /// working CRS but a geographic one reaches around the Earth.
    pub fn in_box(&self, bbox: &Bbox, crs: Crs) -> Result<Option<SpatialFilter>> {
        let stored = self.collection.storage_crs;
        let Some(extent) = self.index.extent() else { return Ok(None) };
        if crs == stored {
            return Ok(Some(SpatialFilter::Bbox(*bbox)));
        }
        let reach = Transform::between(stored, crs)?.bbox(&extent)?;
        let size = (reach.max_x - reach.min_x).max(reach.max_y - reach.min_y);
        // Collections of a single point have no size; a millionth is well beyond rounding.
        let reach = reach.grown(size * BEND + reach.max_x.abs().max(reach.max_y.abs()) * 1e-6);
        if bbox.contains(&reach) {
            return Ok(Some(SpatialFilter::Bbox(Bbox { heights: bbox.heights, ..extent })));
        }
        let Some(cut) = bbox.intersection(&reach) else { return Ok(None) };
        let cut = Bbox { heights: bbox.heights, ..cut };
        outline(&Transform::between(crs, stored)?, &cut).map(Some)
    }
}

fn outline(transform: &Transform, bbox: &Bbox) -> Result<SpatialFilter> {
    let outline = transform.outline(bbox)?;
    let heights = bbox.heights.map(|(low, high)| {
        // One height for each position: the range is what counts.
        let mut heights = vec![low; outline.exterior().0.len()];
        heights[0] = high;
        heights
    });
    let outline = Geometry::from_parts(outline.into(), heights);
    Ok(SpatialFilter::Intersects(outline.map_err(quartier_crs::Error::from)?))
}
