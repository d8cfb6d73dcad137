use geo_types::Coord;
use quartier_crs::{Transform, Warp};
use quartier_model::{Bbox, Crs};

use super::region::STRAY_MAX_M;

/// How far a tile's corner may lie from where PROJ puts it, in metres: a hundredth of a tile at the deepest zoom.
const BACK_STRAY_MAX_M: f64 = 0.01;

/// The same for what only covers cells of a pixel: none of them is as small, and one polynomial does for a whole city,
/// so that neighbouring tiles see the same.
pub(super) const ROUGH_STRAY_MAX_M: f64 = 0.05;

/// Steps in which a tile's edges are followed into the working CRS…
const EDGE_STEPS: u8 = 8;

/// …and how much of the tile's size they may bend between two of them, or be off.
const BEND: f64 = 0.01;

/// The ways between the working CRS and that of a tile matrix set, wherever a collection has objects.
#[derive(Debug)]
pub(crate) struct Ways {
    /// In the working CRS; see [`Ways::rounded_out`].
    pub(super) extent: Bbox,
    /// Into the set's CRS.
    pub(super) there: Warp,
    /// The same for cells of a pixel.
    pub(super) rough: Warp,
    back: Warp,
    /// The extent in the set's CRS.
    reach: Bbox,
}

impl Ways {
    /// `None` where one of the CRSs cannot express the extent.
    pub(super) fn of(crs: Crs, to: Crs, extent: Bbox) -> Option<Self> {
        let reach = Transform::between(crs, to).ok()?.bbox(&extent).ok()?;
        Some(Self {
            extent,
            there: Warp::fit(crs, to, extent, STRAY_MAX_M).ok()?,
            rough: Warp::fit(crs, to, extent, ROUGH_STRAY_MAX_M).ok()?,
            back: Warp::fit(to, crs, reach, BACK_STRAY_MAX_M).ok()?,
            reach,
        })
    }

    /// A box around a box, on a lattice as coarse as an eighth of it: what lies between is projected alike, though the
    /// collection grows a little.
    pub(super) fn rounded_out(extent: Bbox) -> Bbox {
        let size = (extent.max_x - extent.min_x).max(extent.max_y - extent.min_y).max(1e-3);
        let step = (size / 8.0).log2().ceil().exp2();
        let (down, up) =
            (|it: f64| (it / step).floor() * step, |it: f64| (it / step).ceil() * step);
        Bbox {
            min_x: down(extent.min_x),
            min_y: down(extent.min_y),
            max_x: up(extent.max_x),
            max_y: up(extent.max_y),
            heights: None,
        }
    }

    /// The part of a box of the set's CRS where the collection has objects, in the working CRS; a little more than
    /// that.
    pub(super) fn region(&self, place: &Bbox) -> Option<Bbox> {
        bent(&self.back, &place.intersection(&self.reach)?)
    }

    /// The same for the part where another box of the working CRS is. The outer `None` where a CRS cannot express it.
    #[expect(
        clippy::option_option,
        reason = "a tile beside the box differs from one that cannot be told"
    )]
    pub(crate) fn region_around(&self, place: &Bbox, around: &Bbox) -> Option<Option<Bbox>> {
        match place.intersection(&bent(&self.there, around)?) {
            Some(shown) => bent(&self.back, &shown).map(Some),
            None => Some(None),
        }
    }
}

/// A box around a warped box, whose edges may bend; `None` where one of its places cannot be warped.
fn bent(warp: &Warp, bbox: &Bbox) -> Option<Bbox> {
    let (width, height) = (bbox.max_x - bbox.min_x, bbox.max_y - bbox.min_y);
    let edges = (0..=EDGE_STEPS).flat_map(|step| {
        let along = f64::from(step) / f64::from(EDGE_STEPS);
        let (x, y) = (bbox.min_x + width * along, bbox.min_y + height * along);
        [(x, bbox.min_y), (x, bbox.max_y), (bbox.min_x, y), (bbox.max_x, y)]
    });
    let (mut lowest, mut highest) =
        ((f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, f64::NEG_INFINITY));
    for (x, y) in edges {
        let (x, y) = warp.apply(Coord { x, y }).x_y();
        if !x.is_finite() || !y.is_finite() {
            return None;
        }
        lowest = (lowest.0.min(x), lowest.1.min(y));
        highest = (highest.0.max(x), highest.1.max(y));
    }
    let around = Bbox::new(lowest.0, lowest.1, highest.0, highest.1).ok()?;
    let size = (around.max_x - around.min_x).max(around.max_y - around.min_y);
    Some(around.grown(size * BEND))
}
